import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Algorithm, AlgorithmName, KeyForms } from './algorithm.ts';
import { afterPrefix, nativeBackend, privateKeyOf, publicKeyOf } from './native-backend.ts';
import { jwkBytes, toBase64url } from '../base64url.ts';

/** One curve of 256 bits, as the standards and OpenSSL call it. */
export interface Curve {
  readonly name: AlgorithmName;
  readonly jwkName: string;
  readonly opensslName: string;
  /** DER of a public key up to its point, in hexadecimal. */
  readonly spkiPrefix: string;
  /** DER of a private key up to its scalar, in hexadecimal. */
  readonly pkcs8Prefix: string;
}

const FIELD_BYTES = 32;
const POINT_BYTES = 65;
const UNCOMPRESSED = 4;

/**
 * ECDSA with SHA-256. Raw public keys are the uncompressed point, 65 bytes; raw secrets the scalar,
 * 32 bytes; signatures r and s, 64 bytes, as in JOSE. Signing draws a fresh nonce from OpenSSL.
 *
 * @see FIPS 186-5, §6; RFC 7518, §3.4 and §6.2
 */
export function ecdsa(curve: Curve): Algorithm {
  const forms = formsOf(curve);
  return {
    name: curve.name,
    securityBits: 128,
    quantumSafe: false,
    experimental: false,
    takesContext: false,
    joseName: curve.name,
    signatureBytes: 2 * FIELD_BYTES,
    forms,
    parts: [],
    backends: [
      nativeBackend({
        name: curve.name,
        forms,
        generate: () => generateKeyPairSync('ec', { namedCurve: curve.opensslName }).privateKey,
        accepts: (key) => isOn(curve, key),
        importsJwk: true,
        digest: 'sha256',
        options: { dsaEncoding: 'ieee-p1363' },
        deterministic: false,
      }),
    ],
  };
}

function isOn(curve: Curve, key: KeyObject): boolean {
  return (
    key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve.opensslName
  );
}

function formsOf(curve: Curve): KeyForms {
  const spkiPrefix = Buffer.from(curve.spkiPrefix, 'hex');
  const isCurve = ({ kty, crv }: { kty?: string; crv?: string }): boolean =>
    kty === 'EC' && crv === curve.jwkName;
  const point = (x: string | undefined, y: string | undefined): Uint8Array | undefined => {
    const [left, right] = [jwkBytes(x, FIELD_BYTES), jwkBytes(y, FIELD_BYTES)];
    if (left === undefined || right === undefined) return undefined;
    return Uint8Array.of(UNCOMPRESSED, ...left, ...right);
  };
  return {
    publicJwk: (publicKey) => ({
      crv: curve.jwkName,
      kty: 'EC',
      x: toBase64url(publicKey.subarray(1, 1 + FIELD_BYTES)),
      y: toBase64url(publicKey.subarray(1 + FIELD_BYTES)),
    }),
    publicFromJwk: (jwk) => (isCurve(jwk) ? point(jwk['x'], jwk['y']) : undefined),
    secretJwk: (secret) => ({ d: toBase64url(secret) }),
    secretFromJwk: (jwk) => (isCurve(jwk) ? jwkBytes(jwk['d'], FIELD_BYTES) : undefined),
    spki: (publicKey) => Buffer.concat([spkiPrefix, publicKey]),
    publicFromSpki(der) {
      const known = afterPrefix(der, spkiPrefix, POINT_BYTES);
      if (known?.[0] === UNCOMPRESSED) return known;
      const key = publicKeyOf(der);
      if (key === undefined || !isOn(curve, key)) return undefined;
      const { x, y } = key.export({ format: 'jwk' });
      return point(x, y);
    },
    pkcs8: (secret) => Buffer.concat([Buffer.from(curve.pkcs8Prefix, 'hex'), secret]),
    secretFromPkcs8(der) {
      const key = privateKeyOf(der);
      if (key === undefined || !isOn(curve, key)) return undefined;
      return jwkBytes(key.export({ format: 'jwk' }).d, FIELD_BYTES);
    },
  };
}
