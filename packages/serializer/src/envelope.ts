import { createHash } from 'node:crypto';
import { SerializerError } from './errors.ts';
import { owned } from './owned-memory.ts';

/**
 * The envelope, little-endian:
 *      0  u8 × 4   magic     53 45 4D 41, "SEMA"
 *      4  u8       version   1
 *      5  u8       kind      1 state, 2 snapshot
 *      6  u16      flags     bits 0 to 1: the body is compressed with 1 deflate, 2 brotli, 3 zstd;
 *                           0 as it is. No other is defined, and an unknown one is refused
 *      8  u32      length    L, the bytes of the body, at most 2^30
 *     12  u8 × L   body      laid out as its kind says
 * 12 + L  u8 × 32  checksum  SHA-256 of the 12 + L bytes before it
 */
export const HEADER_BYTES = 12;
export const CHECKSUM_BYTES = 32;
const FORMAT_VERSION = 1;
const CODEC_FLAGS = 0b11;

/** The longest body. */
export const MAX_BODY_BYTES = 2 ** 30;

const MAGIC = Uint8Array.of(0x53, 0x45, 0x4d, 0x41);
const KINDS = { state: 1, snapshot: 2 } as const;

export type EnvelopeKind = keyof typeof KINDS;

/** What an envelope says about its body. */
export interface Header {
  readonly kind: EnvelopeKind;
  /** 0 when the body is as it is, else the number of its codec. */
  readonly codec: number;
  /** The bytes of the body. */
  readonly length: number;
}

/** An envelope that was checked, its body a view into the bytes given. */
export interface Opened extends Header {
  readonly body: Uint8Array;
}

/** Bytes yet to be written, whose number is known. */
export interface Payload {
  readonly byteLength: number;
  /** Fills all of `target`, which has exactly `byteLength` bytes. */
  write(target: Uint8Array): void;
}

/**
 * Writes a body between its header and its checksum, into one new array.
 *
 * @throws {SerializerError} `LENGTH_LIMIT`
 */
export function seal(kind: EnvelopeKind, body: Payload, codec = 0): Uint8Array {
  checkLength(body.byteLength);
  const bytes = new Uint8Array(HEADER_BYTES + body.byteLength + CHECKSUM_BYTES);
  return sealInto(bytes, kind, body, codec);
}

/**
 * As `seal`, into memory that is there; the part of it that was filled.
 *
 * @throws {SerializerError} `LENGTH_LIMIT`, also when `target` is too short
 */
export function sealInto(
  target: Uint8Array,
  kind: EnvelopeKind,
  body: Payload,
  codec = 0,
): Uint8Array {
  const length = body.byteLength;
  const end = HEADER_BYTES + length;
  checkLength(length);
  if (target.byteLength < end + CHECKSUM_BYTES) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `${target.byteLength} bytes have no room for ${end + CHECKSUM_BYTES}`,
    );
  }
  const bytes = target.subarray(0, end + CHECKSUM_BYTES);
  bytes.set(headerBytes({ kind, codec, length }));
  body.write(bytes.subarray(HEADER_BYTES, end));
  bytes.set(sha256(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * Checks everything about an envelope but the inside of its body, in the order of the fields and
 * the checksum last. Allocates nothing that depends on the input, except a copy of shared memory.
 *
 * @throws {SerializerError} `BAD_MAGIC`, `TRUNCATED`, `UNKNOWN_VERSION`, `WRONG_KIND`,
 *   `UNKNOWN_FLAGS`, `LENGTH_LIMIT`, `TRAILING_BYTES`, `CHECKSUM_MISMATCH`
 */
export function open(input: Uint8Array, kind?: EnvelopeKind): Opened {
  if (!(input instanceof Uint8Array)) throw new TypeError('the encoded bytes are no Uint8Array');
  const bytes = owned(input);
  const header = readHeader(bytes, kind);
  const end = HEADER_BYTES + header.length;
  const expected = end + CHECKSUM_BYTES;
  if (bytes.byteLength < expected) {
    throw new SerializerError(
      'TRUNCATED',
      `${bytes.byteLength} bytes stand where ${expected} should`,
    );
  }
  if (bytes.byteLength > expected) {
    throw new SerializerError(
      'TRAILING_BYTES',
      `${bytes.byteLength - expected} bytes follow an envelope of ${expected}`,
    );
  }
  checkDigest(sha256(bytes.subarray(0, end)), bytes.subarray(end));
  return { ...header, body: bytes.subarray(HEADER_BYTES, end) };
}

/** The first 12 bytes. */
export function headerBytes({ kind, codec, length }: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint8(4, FORMAT_VERSION);
  view.setUint8(5, KINDS[kind]);
  view.setUint16(6, codec, true);
  view.setUint32(8, length, true);
  return bytes;
}

/**
 * Reads the first 12 bytes, of the kind expected if one is.
 *
 * @throws {SerializerError} `BAD_MAGIC`, `TRUNCATED`, `UNKNOWN_VERSION`, `WRONG_KIND`,
 *   `UNKNOWN_FLAGS`, `LENGTH_LIMIT`
 */
export function readHeader(bytes: Uint8Array, expected?: EnvelopeKind): Header {
  const start = bytes.subarray(0, MAGIC.length);
  if (!start.every((byte, index) => byte === MAGIC[index])) {
    throw new SerializerError('BAD_MAGIC', 'the first bytes are not "SEMA"');
  }
  if (bytes.byteLength < HEADER_BYTES) {
    throw new SerializerError(
      'TRUNCATED',
      `${bytes.byteLength} bytes are fewer than the ${HEADER_BYTES} of a header`,
    );
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const version = header.getUint8(4);
  if (version !== FORMAT_VERSION) {
    throw new SerializerError('UNKNOWN_VERSION', `version ${version} is not ${FORMAT_VERSION}`);
  }
  const found = header.getUint8(5);
  const kind = found === KINDS.state ? 'state' : 'snapshot';
  if (found !== KINDS[kind] || (expected !== undefined && kind !== expected)) {
    throw new SerializerError('WRONG_KIND', `kind ${found} is not ${expected ?? 'defined'}`);
  }
  const flags = header.getUint16(6, true);
  if ((flags & ~CODEC_FLAGS) !== 0) {
    throw new SerializerError('UNKNOWN_FLAGS', `flags 0x${flags.toString(16)} are not defined`);
  }
  const length = header.getUint32(8, true);
  checkLength(length);
  return { kind, codec: flags, length };
}

/** @throws {SerializerError} `CHECKSUM_MISMATCH` */
export function checkDigest(digest: Uint8Array, stored: Uint8Array): void {
  if (digest.every((byte, index) => byte === stored[index])) return;
  throw new SerializerError('CHECKSUM_MISMATCH', 'the SHA-256 of the bytes is not the one stored');
}

function checkLength(length: number): void {
  if (length <= MAX_BODY_BYTES) return;
  throw new SerializerError('LENGTH_LIMIT', `a body of ${length} bytes is above ${MAX_BODY_BYTES}`);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
