import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { Algorithm, Jwk, KeyForms } from './algorithm.ts';
import { nativeBackend, privateKeyOf, publicKeyOf } from './native-backend.ts';

const PUBLIC_EXPONENT = 65537n;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
/** What an imported key must be able to sign. */
const TRIAL = new Uint8Array(1);
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;

/**
 * RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, `PS256`. Raw keys are their
 * DER: SubjectPublicKeyInfo and PKCS#8. Only the public exponent 65537 is taken.
 *
 * @see RFC 8017, §8.1; RFC 7518, §3.5. Bits of security: NIST SP 800-57, part 1, table 2.
 */
function rsaPss(modulusBits: 2048 | 3072): Algorithm {
  const accepts = (key: KeyObject): boolean =>
    key.asymmetricKeyType === 'rsa' &&
    key.asymmetricKeyDetails?.modulusLength === modulusBits &&
    key.asymmetricKeyDetails.publicExponent === PUBLIC_EXPONENT;
  const forms = formsOf(accepts);
  const name = `PS256-${modulusBits}` as const;
  return {
    name,
    securityBits: modulusBits === 2048 ? 112 : 128,
    quantumSafe: false,
    experimental: false,
    takesContext: false,
    joseName: 'PS256',
    signatureBytes: modulusBits / 8,
    forms,
    parts: [],
    backends: [
      nativeBackend({
        name,
        forms,
        generate: () => generateKeyPairSync('rsa', { modulusLength: modulusBits }).privateKey,
        accepts,
        fits,
        digest: 'sha256',
        options: PSS,
        deterministic: false,
      }),
    ],
  };
}

/** OpenSSL takes numbers that do not belong together, and then signs what nothing verifies. */
function fits(secret: Uint8Array): boolean {
  const key = privateKeyOf(secret);
  if (key === undefined) return false;
  try {
    const proof = sign('sha256', TRIAL, { key, ...PSS });
    return verify('sha256', TRIAL, { key: createPublicKey(key), ...PSS }, proof);
  } catch {
    return false;
  }
}

function formsOf(accepts: (key: KeyObject) => boolean): KeyForms {
  return {
    publicJwk(publicKey) {
      const { e = '', n = '' } = publicKeyOf(publicKey)?.export({ format: 'jwk' }) ?? {};
      return { e, kty: 'RSA', n };
    },
    publicFromJwk({ kty, e, n }) {
      const key = imported(createPublicKey, { kty, e, n });
      return key !== undefined && accepts(key) ? spkiOf(key) : undefined;
    },
    secretJwk(secret) {
      const jwk = privateKeyOf(secret)?.export({ format: 'jwk' }) ?? {};
      // Node writes texts alone into a JWK.
      return Object.fromEntries(SECRET_MEMBERS.map((member) => [member, jwk[member] as string]));
    },
    secretFromJwk(jwk) {
      const key = imported(createPrivateKey, jwk);
      return key !== undefined && accepts(key) ? pkcs8Of(key) : undefined;
    },
    spki: (publicKey) => publicKey,
    publicFromSpki(der) {
      const key = publicKeyOf(der);
      return key !== undefined && accepts(key) ? spkiOf(key) : undefined;
    },
    pkcs8: (secret) => Uint8Array.from(secret),
    secretFromPkcs8(der) {
      const key = privateKeyOf(der);
      return key !== undefined && accepts(key) ? pkcs8Of(key) : undefined;
    },
  };
}

function imported(
  create: (input: { key: JsonWebKey; format: 'jwk' }) => KeyObject,
  jwk: Jwk | Partial<Jwk>,
): KeyObject | undefined {
  if (jwk['kty'] !== 'RSA') return undefined;
  try {
    return create({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }));
}

function pkcs8Of(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
}

export const rsaPss2048 = rsaPss(2048);
export const rsaPss3072 = rsaPss(3072);
