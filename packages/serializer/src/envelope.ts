import { createHash } from 'node:crypto';
import { SerializerError } from './errors.ts';

/**
 * The envelope, little-endian:
 *      0  u8 × 4   magic     53 45 4D 41, "SEMA"
 *      4  u8       version   1
 *      5  u8       kind      1 state, 2 snapshot
 *      6  u16      flags     0; no flag is defined yet, and an unknown one is refused
 *      8  u32      length    L, the bytes of the body, at most 2^30
 *     12  u8 × L   body      laid out as its kind says
 * 12 + L  u8 × 32  checksum  SHA-256 of the 12 + L bytes before it
 */
const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 32;
const FORMAT_VERSION = 1;

/** The longest body. */
export const MAX_BODY_BYTES = 2 ** 30;

const MAGIC = Uint8Array.of(0x53, 0x45, 0x4d, 0x41);
const KINDS = { state: 1, snapshot: 2 } as const;

type EnvelopeKind = keyof typeof KINDS;

/** Bytes yet to be written, whose number is known. */
export interface Payload {
  readonly byteLength: number;
  /** Fills `target`, which has exactly `byteLength` bytes, all zero. */
  write(target: Uint8Array): void;
}

/**
 * Writes a body between its header and its checksum, into one new array.
 *
 * @throws {SerializerError} `LENGTH_LIMIT`
 */
export function seal(kind: EnvelopeKind, body: Payload): Uint8Array {
  const length = body.byteLength;
  if (length > MAX_BODY_BYTES) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `a body of ${length} bytes is above ${MAX_BODY_BYTES}`,
    );
  }
  const end = HEADER_BYTES + length;
  const bytes = new Uint8Array(end + CHECKSUM_BYTES);
  const header = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  header.setUint8(4, FORMAT_VERSION);
  header.setUint8(5, KINDS[kind]);
  header.setUint32(8, length, true);
  body.write(bytes.subarray(HEADER_BYTES, end));
  bytes.set(sha256(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * Checks everything about an envelope but the inside of its body, in the order of the fields and
 * the checksum last. Allocates nothing that depends on the input.
 *
 * @returns the body, a view into `bytes`.
 * @throws {SerializerError} `BAD_MAGIC`, `TRUNCATED`, `UNKNOWN_VERSION`, `WRONG_KIND`,
 *   `UNKNOWN_FLAGS`, `LENGTH_LIMIT`, `TRAILING_BYTES`, `CHECKSUM_MISMATCH`
 */
export function open(bytes: Uint8Array, kind: EnvelopeKind): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('the encoded bytes are no Uint8Array');
  const length = checkedBodyLength(bytes, kind);
  const end = HEADER_BYTES + length;
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
  const digest = sha256(bytes.subarray(0, end));
  if (!digest.every((byte, index) => byte === bytes[end + index])) {
    throw new SerializerError(
      'CHECKSUM_MISMATCH',
      'the SHA-256 of the bytes is not the one stored',
    );
  }
  return bytes.subarray(HEADER_BYTES, end);
}

function checkedBodyLength(bytes: Uint8Array, kind: EnvelopeKind): number {
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
  if (found !== KINDS[kind]) {
    throw new SerializerError('WRONG_KIND', `kind ${found} is not ${KINDS[kind]}, a ${kind}`);
  }
  const flags = header.getUint16(6, true);
  if (flags !== 0) {
    throw new SerializerError('UNKNOWN_FLAGS', `flags 0x${flags.toString(16)} are not defined`);
  }
  const length = header.getUint32(8, true);
  if (length > MAX_BODY_BYTES) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `a body of ${length} bytes is above ${MAX_BODY_BYTES}`,
    );
  }
  return length;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
