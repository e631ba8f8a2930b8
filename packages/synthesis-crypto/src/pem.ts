import { decodeBase64 } from './base64url.ts';
import { SynthesisCryptoError } from './errors.ts';

const LINE = 64;
/** Far above any key here: RSA-3072 takes 2.5 kB, ML-DSA-87 with its expanded form 7 kB. */
const MAX_PEM_LENGTH = 16384;

type Label = 'PRIVATE KEY' | 'PUBLIC KEY';

/** One textual block. @see RFC 7468 */
export function encodePem(label: Label, der: Uint8Array): string {
  const text = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/**
 * The bytes of a text that is one such block and nothing else.
 *
 * @throws {SynthesisCryptoError} `WRONG_TYPE`, `PEM_INVALID`
 */
export function decodePem(label: Label, pem: string): Uint8Array {
  if (typeof pem !== 'string') {
    throw new SynthesisCryptoError('WRONG_TYPE', `the PEM must be a string, not ${typeof pem}`);
  }
  const text = pem.length <= MAX_PEM_LENGTH ? pem.trim() : '';
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const body = text.slice(begin.length, -end.length);
  const isBlock = text.startsWith(begin) && text.endsWith(end) && /^[A-Za-z0-9+/=\s]+$/.test(body);
  if (!isBlock) {
    throw new SynthesisCryptoError('PEM_INVALID', `the text is not one block '${label}'`);
  }
  return decodeBase64(body, 'base64');
}
