/** What the service gives to all that ask, so that no one can take it from the others. */
export interface Limits {
  /** Largest body of a request. */
  readonly bodyBytes: number;
  /** Largest body where whole frames of candles are sent. */
  readonly frameBytes: number;
  readonly requestsPerSecond: number;
  /** Requests that a bearer may make at once after a rest. */
  readonly burst: number;
  /** Requests answered at a time. */
  readonly concurrentRequests: number;
  /** Streams open at a time. */
  readonly streams: number;
  readonly markets: number;
  /** Candles that a stream takes per second. */
  readonly candlesPerSecond: number;
  /** Rows of one frame. */
  readonly frameRows: number;
  readonly circuitQubits: number;
  readonly circuitOperations: number;
  readonly shots: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_048_576,
  frameBytes: 16_777_216,
  requestsPerSecond: 500,
  burst: 1000,
  concurrentRequests: 64,
  streams: 64,
  markets: 64,
  candlesPerSecond: 5000,
  frameRows: 100_000,
  circuitQubits: 16,
  circuitOperations: 5000,
  shots: 100_000,
};
