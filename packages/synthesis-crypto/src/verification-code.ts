import { createHmac, timingSafeEqual } from 'node:crypto';
import { toBase64url } from './base64url.ts';
import { prefixedItems } from './canonical-bytes.ts';
import type { CanonicalValue } from './canonical-bytes.ts';
import { SynthesisCryptoError } from './errors.ts';
import { requireBytes } from './require-bytes.ts';

const MIN_KEY_BYTES = 16;
const MIN_CODE_BYTES = 16;
const MAX_CODE_BYTES = 32;

/**
 * A code that only holders of the key can make: HMAC-SHA-256 of the prefix `SVC1` and the subject's
 * canonical item, cut to `bytes`, in base64url. Give the whole token with its signature as subject.
 *
 * @param key - at least 16 secret bytes.
 * @param bytes - 16 to 32.
 * @throws {SynthesisCryptoError} `CODE_KEY_INVALID`; `LIMIT_INVALID`; as `canonicalBytes`.
 * @see RFC 2104, FIPS 198-1
 */
export function generateQuantumVerificationCode(
  key: Uint8Array,
  subject: CanonicalValue,
  bytes = MAX_CODE_BYTES,
): string {
  if (!Number.isInteger(bytes) || bytes < MIN_CODE_BYTES || bytes > MAX_CODE_BYTES) {
    throw new SynthesisCryptoError('LIMIT_INVALID', `a code has 16 to 32 bytes, not ${bytes}`);
  }
  return toBase64url(macOf(key, subject).subarray(0, bytes));
}

/**
 * Whether the code is the key's for the subject. The comparison takes the same time wherever they
 * differ; a code of another length, or not in base64url, is false.
 *
 * @throws {SynthesisCryptoError} `CODE_KEY_INVALID`, and as `canonicalBytes` for the subject.
 */
export function verifyQuantumVerificationCode(
  key: Uint8Array,
  subject: CanonicalValue,
  code: string,
): boolean {
  const mac = macOf(key, subject);
  if (typeof code !== 'string') return false;
  const claimed = Buffer.from(code, 'base64url');
  const { length } = claimed;
  if (length < MIN_CODE_BYTES || length > MAX_CODE_BYTES || toBase64url(claimed) !== code) {
    return false;
  }
  return timingSafeEqual(mac.subarray(0, length), claimed);
}

function macOf(key: Uint8Array, subject: CanonicalValue): Uint8Array {
  requireBytes(key, 'key');
  if (key.length < MIN_KEY_BYTES) {
    throw new SynthesisCryptoError(
      'CODE_KEY_INVALID',
      `the key has ${key.length} bytes, under ${MIN_KEY_BYTES}`,
    );
  }
  return createHmac('sha256', key)
    .update(prefixedItems('SVC1', [subject]))
    .digest();
}
