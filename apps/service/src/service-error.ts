/** Every refusal that a client can get, with the status it is sent with and what it means. */
export const PROBLEMS = {
  BAD_REQUEST: [400, 'The request is not of the form that the API describes'],
  BAD_JSON: [400, 'The body is not JSON'],
  TOKEN_MISSING: [401, 'A token is needed'],
  TOKEN_REFUSED: [401, 'The token is not accepted'],
  SCOPE_MISSING: [403, 'The token does not allow this'],
  HOST_REFUSED: [403, 'The request names a host that this service is not'],
  NOT_FOUND: [404, 'There is nothing here'],
  MARKET_NOT_FOUND: [404, 'There is no such market'],
  DECISION_NOT_FOUND: [404, 'There is no such decision'],
  SNAPSHOT_NOT_FOUND: [404, 'There is no such snapshot'],
  MODEL_NOT_FOUND: [404, 'There is no such model'],
  FEED_NOT_FOUND: [404, 'The market is fed by no exchange'],
  TOKEN_NOT_FOUND: [404, 'There is no such token'],
  MARKET_EXISTS: [409, 'A market of this name exists with other settings'],
  FEED_EXISTS: [409, 'The market is fed already'],
  MARKET_LIMIT: [409, 'There are as many markets as this service keeps'],
  ARM_REFUSED: [409, 'The market cannot be armed as things stand'],
  OUTCOME_CONFLICT: [409, 'An outcome of this id was taken with other values'],
  IDEMPOTENCY_IN_PROGRESS: [409, 'A request with this key is still being answered'],
  BODY_TOO_LARGE: [413, 'The body is too large'],
  MEDIA_TYPE: [415, 'The body must be application/json'],
  IDEMPOTENCY_KEY_REUSED: [422, 'The key was used for another request'],
  BAD_CONFIGURATION: [422, 'The settings cannot be used'],
  BAD_CANDLES: [422, 'The candles cannot be used'],
  BAD_CIRCUIT: [422, 'The program cannot be read'],
  CIRCUIT_TOO_LARGE: [422, 'The circuit is beyond the limits'],
  MODEL_NOT_USABLE: [422, 'The model cannot decide on this'],
  EXCHANGE_UNKNOWN: [422, 'There is no such exchange'],
  RATE_LIMITED: [429, 'Too many requests'],
  INTERNAL: [500, 'The service failed'],
  TOOK_TOO_LONG: [503, 'It took too long and was broken off'],
  SERVICE_BUSY: [503, 'The service is busy'],
  SHUTTING_DOWN: [503, 'The service is shutting down'],
  EXCHANGE_NOT_USABLE: [501, 'Live markets are not installed'],
  MARKET_FAILED: [503, 'The market could not keep what it was given'],
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** One field of a request that is not as it must be. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

export interface ServiceErrorOptions extends ErrorOptions {
  readonly errors?: readonly FieldFault[];
  /** When to try again, seconds. */
  readonly retryAfterSeconds?: number;
}

/** What the service answers on purpose in place of a result. Its message is for the client. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, message: string, options: ServiceErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): (typeof PROBLEMS)[ProblemCode][0] {
    return PROBLEMS[this.code][0];
  }
}
