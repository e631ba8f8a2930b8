import { SynthesisCryptoError } from './errors.ts';
import { requireBytes } from './require-bytes.ts';

/**
 * Base64url without padding (RFC 4648, §5).
 *
 * @throws {SynthesisCryptoError} `WRONG_TYPE`
 */
export function toBase64url(bytes: Uint8Array): string {
  requireBytes(bytes, 'input');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * The bytes of a text that {@link toBase64url} gives. Strict: padding, white space, the other
 * alphabet, a stray last digit or unused bits that are not zero are refused, so one byte string
 * has one text.
 *
 * @throws {SynthesisCryptoError} `WRONG_TYPE`, `BASE64URL_INVALID`
 */
export function fromBase64url(text: string): Uint8Array {
  if (typeof text !== 'string') {
    throw new SynthesisCryptoError('WRONG_TYPE', `base64url must be a string, not ${typeof text}`);
  }
  const bytes = decodeBase64(text, 'base64url');
  if (toBase64url(bytes) !== text) {
    throw new SynthesisCryptoError(
      'BASE64URL_INVALID',
      `the text of ${text.length} characters is not base64url in its one unpadded spelling`,
    );
  }
  return bytes;
}

/**
 * Decodes leniently, into memory of its own: Buffer.from would leave a copy, perhaps of a secret,
 * in the memory that Node shares out among buffers.
 */
export function decodeBase64(text: string, encoding: 'base64' | 'base64url'): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  return bytes.subarray(0, Buffer.from(bytes.buffer).write(text, encoding));
}

/** The bytes of a member of a JWK; undefined when absent, misspelt or not `length` bytes long. */
export function jwkBytes(text: string | undefined, length: number): Uint8Array | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = decodeBase64(text, 'base64url');
  return bytes.length === length && toBase64url(bytes) === text ? bytes : undefined;
}
