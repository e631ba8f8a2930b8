import { generateKeyPairSync } from 'node:crypto';
import type { Algorithm, KeyForms } from './algorithm.ts';
import { afterPrefix, nativeBackend, privateKeyOf, publicKeyOf } from './native-backend.ts';
import { jwkBytes, toBase64url } from '../base64url.ts';
import { hasSmallOrder } from '../small-order.ts';

const KEY_BYTES = 32;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Raw keys are the 32 bytes of RFC 8032; JWK by RFC 8037, DER by RFC 8410. */
const forms: KeyForms = {
  publicJwk: (publicKey) => ({ crv: 'Ed25519', kty: 'OKP', x: toBase64url(publicKey) }),
  publicFromJwk: ({ kty, crv, x }) =>
    kty === 'OKP' && crv === 'Ed25519' ? jwkBytes(x, KEY_BYTES) : undefined,
  secretJwk: (secret) => ({ d: toBase64url(secret) }),
  secretFromJwk: ({ kty, crv, d }) =>
    kty === 'OKP' && crv === 'Ed25519' ? jwkBytes(d, KEY_BYTES) : undefined,
  spki: (publicKey) => Buffer.concat([SPKI_PREFIX, publicKey]),
  publicFromSpki(der) {
    const known = afterPrefix(der, SPKI_PREFIX, KEY_BYTES);
    if (known !== undefined) return known;
    const key = publicKeyOf(der);
    if (key?.asymmetricKeyType !== 'ed25519') return undefined;
    return jwkBytes(key.export({ format: 'jwk' }).x, KEY_BYTES);
  },
  pkcs8: (secret) => Buffer.concat([PKCS8_PREFIX, secret]),
  secretFromPkcs8(der) {
    const known = afterPrefix(der, PKCS8_PREFIX, KEY_BYTES);
    if (known !== undefined) return known;
    const key = privateKeyOf(der);
    if (key?.asymmetricKeyType !== 'ed25519') return undefined;
    return jwkBytes(key.export({ format: 'jwk' }).d, KEY_BYTES);
  },
};

/** Ed25519. @see RFC 8032, RFC 9864 (its name in JOSE) */
export const ed25519: Algorithm = {
  name: 'Ed25519',
  securityBits: 128,
  quantumSafe: false,
  experimental: false,
  takesContext: false,
  joseName: 'Ed25519',
  signatureBytes: 64,
  forms,
  parts: [],
  backends: [
    nativeBackend({
      name: 'Ed25519',
      forms,
      generate: () => generateKeyPairSync('ed25519').privateKey,
      accepts: (key) => key.asymmetricKeyType === 'ed25519',
      refuses: hasSmallOrder,
      importsJwk: true,
      digest: null,
      deterministic: true,
    }),
  ],
};
