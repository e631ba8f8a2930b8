import { createHash } from 'node:crypto';

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 32;

/** What an attacker does after changing an envelope: the checksum made right again. */
export function reseal(bytes: Uint8Array): Uint8Array {
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES) return bytes;
  const sealed = bytes.slice();
  const end = sealed.length - CHECKSUM_BYTES;
  sealed.set(createHash('sha256').update(sealed.subarray(0, end)).digest(), end);
  return sealed;
}

/** As `reseal`, with the length field made to match the bytes as well. */
export function resealWithLength(bytes: Uint8Array): Uint8Array {
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES) return bytes;
  const sealed = bytes.slice();
  const length = sealed.length - HEADER_BYTES - CHECKSUM_BYTES;
  new DataView(sealed.buffer).setUint32(8, length, true);
  return reseal(sealed);
}

/** An envelope of version 1 around any body at all. */
export function forge(kind: 'state' | 'snapshot', body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length + CHECKSUM_BYTES);
  bytes.set([0x53, 0x45, 0x4d, 0x41, 1, kind === 'state' ? 1 : 2, 0, 0]);
  bytes.set(body, HEADER_BYTES);
  return resealWithLength(bytes);
}

/** The body of an envelope, a copy. */
export function bodyOf(bytes: Uint8Array): Uint8Array {
  return bytes.slice(HEADER_BYTES, bytes.length - CHECKSUM_BYTES);
}

type Field = readonly ['u8' | 'u16' | 'u32' | 'f64', number] | readonly ['raw', Uint8Array];

/** Little-endian fields one after another. */
export function pack(...fields: readonly Field[]): Uint8Array {
  const parts = fields.map((field) => {
    if (field[0] === 'raw') return field[1];
    const view = new DataView(new ArrayBuffer(8));
    const [type, value] = field;
    const sizes = { u8: 1, u16: 2, u32: 4, f64: 8 };
    if (type === 'u8') view.setUint8(0, value);
    if (type === 'u16') view.setUint16(0, value, true);
    if (type === 'u32') view.setUint32(0, value, true);
    if (type === 'f64') view.setFloat64(0, value, true);
    return new Uint8Array(view.buffer, 0, sizes[type]);
  });
  return new Uint8Array(Buffer.concat(parts));
}

/** One section of a snapshot; `length` may lie about the payload. */
export function section(
  type: number,
  name: Uint8Array | string,
  payload: Uint8Array,
  length = payload.length,
): Uint8Array {
  const bytes = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  const prefix = pack(['u8', type], ['u8', bytes.length], ['u32', length]);
  return new Uint8Array(Buffer.concat([prefix, bytes, payload]));
}
