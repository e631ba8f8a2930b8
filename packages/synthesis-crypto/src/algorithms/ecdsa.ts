import { createPublicKey, ECDH, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Algorithm, AlgorithmName, KeyForms } from './algorithm.ts';
import { afterPrefix, nativeBackend, privateKeyOf, publicKeyOf } from './native-backend.ts';
import { decodePkcs8, elements, sequence } from './der.ts';
import { jwkBytes, toBase64url } from '../base64url.ts';
import { SecretBytes } from '../secret-bytes.ts';

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

/** Where the algorithm identifier begins in a public key, after two headers. */
const IDENTIFIER_AT = 4;
const VERSION = Uint8Array.of(1);
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const PARAMETERS = 0xa0;
const PUBLIC_KEY = 0xa1;

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

/**
 * Whether a parsed key is one of the curve. Node reads a private key whose inner structure is
 * broken, and ends the process when it is asked about that key's curve, so a private key is judged
 * by its DER.
 */
function isOn(curve: Curve, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'ec') return false;
  if (key.type === 'public') return key.asymmetricKeyDetails?.namedCurve === curve.opensslName;
  try {
    using der = new SecretBytes(key.export({ format: 'der', type: 'pkcs8' }));
    return readSecret(curve, der.bytes) !== undefined;
  } catch {
    return false;
  }
}

interface EcSecret {
  /** Views of the DER that was read. */
  readonly scalar: Uint8Array;
  /** The public key that stands beside the scalar, when one does. */
  readonly point: Uint8Array | undefined;
}

/** The parts of a PKCS#8 key of the curve. @see RFC 5915, §3 */
function readSecret(curve: Curve, der: Uint8Array): EcSecret | undefined {
  const spkiPrefix = Buffer.from(curve.spkiPrefix, 'hex');
  const identifier = spkiPrefix.subarray(IDENTIFIER_AT, IDENTIFIER_AT + spkiPrefix[3]);
  const octets = decodePkcs8(der, identifier);
  const [version, secret, ...rest] = (octets && sequence(octets)) ?? [];
  const isVersion = version?.tag === INTEGER && Buffer.from(version.content).equals(VERSION);
  if (!isVersion || secret?.tag !== OCTET_STRING || secret.content.length !== FIELD_BYTES) {
    return undefined;
  }
  let point: Uint8Array | undefined;
  for (const { tag, content } of rest) {
    if (tag === PARAMETERS) {
      if (!identifier.subarray(-content.length).equals(content)) return undefined;
    } else if (tag === PUBLIC_KEY && point === undefined) {
      const [bits, ...more] = elements(content) ?? [];
      if (bits?.tag !== BIT_STRING || bits.content[0] !== 0 || more.length > 0) return undefined;
      point = bits.content.subarray(1);
    } else return undefined;
  }
  return { scalar: secret.content, point };
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
  const pkcs8 = (secret: Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.from(curve.pkcs8Prefix, 'hex'), secret]);
  /** Whether a point, in any of its spellings, belongs to a scalar. */
  const isPublicKeyOf = (scalar: Uint8Array, given: Uint8Array): boolean => {
    using der = new SecretBytes(pkcs8(scalar));
    const key = privateKeyOf(der.bytes);
    if (key === undefined) return false;
    const format = given[0] === UNCOMPRESSED ? 'uncompressed' : 'compressed';
    const { x, y } = createPublicKey(key).export({ format: 'jwk' });
    const derived = point(x, y);
    if (derived === undefined) return false;
    const spelled = ECDH.convertKey(derived, curve.opensslName, undefined, undefined, format);
    return Buffer.from(given).equals(Buffer.from(spelled));
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
    pkcs8,
    secretFromPkcs8(der) {
      const read = readSecret(curve, der);
      if (read === undefined) return undefined;
      if (read.point !== undefined && !isPublicKeyOf(read.scalar, read.point)) return undefined;
      return Uint8Array.from(read.scalar);
    },
  };
}
