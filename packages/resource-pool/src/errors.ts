export type ResourcePoolErrorCode =
  // Pools and leases.
  | 'INVALID_CAPACITY'
  | 'INVALID_OWNER_LIMITS'
  | 'INVALID_REQUEST'
  | 'INVALID_OPTION'
  | 'UNKNOWN_OWNER'
  | 'EXCEEDS_CAPACITY'
  | 'OUTSIDE_OWNER_LIMITS'
  | 'QUBITS_UNAVAILABLE'
  | 'DEADLINE_PASSED'
  | 'CANCELLED'
  | 'QUEUE_FULL'
  | 'DISPOSED'
  // Registers.
  | 'INVALID_QUBITS'
  | 'INVALID_CHANNEL'
  | 'INVALID_STATE'
  | 'MEMORY_LIMIT'
  | 'RANDOM_SOURCE_MISSING'
  | 'TOO_MANY_QUBITS'
  | 'ENTANGLED'
  | 'NOT_ZERO'
  | 'NOT_VERIFIED'
  // Virtual qubits.
  | 'EXCEEDS_PHYSICAL'
  | 'PINNED';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class ResourcePoolError extends Error {
  override readonly name = 'ResourcePoolError';
  readonly code: ResourcePoolErrorCode;
  /** With `ENTANGLED`, the qubits that the entanglement is shared with, ascending; else empty. */
  readonly partners: readonly number[];

  constructor(
    code: ResourcePoolErrorCode,
    message: string,
    options: ErrorOptions & { readonly partners?: readonly number[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.partners = Object.freeze([...(options.partners ?? [])]);
  }
}
