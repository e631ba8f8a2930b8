import { derElement, sequence } from './der.ts';
import type { DerElement } from './der.ts';

const INTEGER = 0x02;
const FIELD_BYTES = 32;

/**
 * The 64 bytes r and s of an ECDSA signature in DER, the form of X.509, Bitcoin and most hardware.
 * Undefined for every other spelling: longer lengths, leading zeros, negative numbers, numbers of
 * over 256 bits, bytes after the end. So one signature has one DER form.
 */
export function ecdsaFromDer(der: Uint8Array): Uint8Array | undefined {
  const parts = sequence(der);
  if (parts?.length !== 2) return undefined;
  const [r, s] = parts.map(magnitude);
  if (r === undefined || s === undefined) return undefined;
  const signature = new Uint8Array(2 * FIELD_BYTES);
  signature.set(r, FIELD_BYTES - r.length);
  signature.set(s, 2 * FIELD_BYTES - s.length);
  return signature;
}

/** DER of the 64 bytes r and s. */
export function ecdsaToDer(signature: Uint8Array): Uint8Array {
  const r = integer(signature.subarray(0, FIELD_BYTES));
  const s = integer(signature.subarray(FIELD_BYTES));
  return new Uint8Array(derElement(0x30, Buffer.concat([r, s])));
}

function magnitude({ tag, content }: DerElement): Uint8Array | undefined {
  const [first, second] = content;
  if (tag !== INTEGER || first === undefined || first >= 0x80) return undefined;
  const isPadded = first === 0 && content.length > 1;
  if (isPadded && second < 0x80) return undefined;
  const bytes = isPadded ? content.subarray(1) : content;
  return bytes.length <= FIELD_BYTES ? bytes : undefined;
}

function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return derElement(INTEGER, digits[0] >= 0x80 ? Uint8Array.of(0, ...digits) : digits);
}
