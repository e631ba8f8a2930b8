import { SerializerError } from './errors.ts';

/**
 * A compressor. The numbers are those of the envelope's flags: 1 zlib (RFC 1950, "deflate"), 2
 * brotli (RFC 7932), 3 zstd (RFC 8878).
 */
export interface Codec {
  readonly id: 1 | 2 | 3;
  compress(raw: Uint8Array): Uint8Array;
  /** The original, or any error when that is longer than `maxBytes` or `packed` is damaged. */
  decompress(packed: Uint8Array, maxBytes: number): Uint8Array;
}

const CODEC_NAMES = ['', 'deflate', 'brotli', 'zstd'] as const;
const LENGTH_BYTES = 4;

/**
 * A compressed body:
 *   0  u32     length  R, the bytes it stands for
 *   4  u8 × …  packed  as the codec says
 */
export function packedBody(body: Uint8Array, packed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES + packed.byteLength);
  new DataView(bytes.buffer).setUint32(0, body.byteLength, true);
  bytes.set(packed, LENGTH_BYTES);
  return bytes;
}

/**
 * The length a compressed body says it stands for, and its packed bytes.
 *
 * @throws {SerializerError} `MALFORMED_BODY`; `LENGTH_LIMIT` above `maxBytes`
 */
export function packedParts(
  body: Uint8Array,
  maxBytes: number,
): { readonly length: number; readonly packed: Uint8Array } {
  if (body.byteLength < LENGTH_BYTES) {
    throw new SerializerError('MALFORMED_BODY', 'a compressed body has no length');
  }
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  if (length > maxBytes) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `a compressed body stands for ${length} bytes, above ${maxBytes}`,
    );
  }
  return { length, packed: body.subarray(LENGTH_BYTES) };
}

/** @throws {SerializerError} `CODEC_MISSING` */
export function codecOf(id: number, codecs: readonly Codec[]): Codec {
  const codec = codecs.find((candidate) => candidate.id === id);
  if (codec !== undefined) return codec;
  const name = CODEC_NAMES[id] ?? String(id);
  throw new SerializerError(
    'CODEC_MISSING',
    `the body is compressed with ${name}: give that codec`,
  );
}

/** @throws {SerializerError} `MALFORMED_BODY` with the cause */
export function unpacked(body: Uint8Array, codec: Codec, maxBytes: number): Uint8Array {
  const { length, packed } = packedParts(body, maxBytes);
  let raw: Uint8Array;
  try {
    raw = codec.decompress(packed, length);
  } catch (cause) {
    throw new SerializerError('MALFORMED_BODY', 'the compressed body is damaged', { cause });
  }
  checkUnpacked(raw, length);
  return raw;
}

/** @throws {SerializerError} `MALFORMED_BODY` */
export function checkUnpacked(raw: Uint8Array, length: number): void {
  if (raw.byteLength === length) return;
  throw new SerializerError(
    'MALFORMED_BODY',
    `the compressed body holds ${raw.byteLength} bytes and says ${length}`,
  );
}
