export type ResourcePoolErrorCode =
  | 'INVALID_CAPACITY'
  | 'INVALID_OWNER_LIMITS'
  | 'INVALID_REQUEST'
  | 'UNKNOWN_OWNER'
  | 'EXCEEDS_CAPACITY'
  | 'OUTSIDE_OWNER_LIMITS'
  | 'QUBITS_UNAVAILABLE'
  | 'DISPOSED';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class ResourcePoolError extends Error {
  override readonly name = 'ResourcePoolError';
  readonly code: ResourcePoolErrorCode;

  constructor(code: ResourcePoolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
