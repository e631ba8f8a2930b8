export type SerializerErrorCode =
  // Encoding: the value cannot be written without loss.
  | 'INVALID_AMPLITUDES'
  | 'INVALID_NAME'
  | 'UNSUPPORTED_VALUE'
  | 'DEPTH_LIMIT'
  // Decoding: the bytes are not what was written.
  | 'BAD_MAGIC'
  | 'UNKNOWN_VERSION'
  | 'WRONG_KIND'
  | 'UNKNOWN_FLAGS'
  | 'TRUNCATED'
  | 'TRAILING_BYTES'
  | 'CHECKSUM_MISMATCH'
  | 'MALFORMED_BODY'
  | 'CODEC_MISSING'
  | 'UNKNOWN_SCHEMA'
  | 'INVALID_OPTION'
  // Both.
  | 'NON_FINITE'
  | 'LENGTH_LIMIT';

/** Everything this package throws on purpose. Switch on `code`, never on `message`. */
export class SerializerError extends Error {
  override readonly name = 'SerializerError';
  readonly code: SerializerErrorCode;

  constructor(code: SerializerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
