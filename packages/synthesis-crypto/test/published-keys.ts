import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PrivateKey, PublicKey } from '../src/index.ts';
import type { BackendName } from '../src/index.ts';
import { bytesOfHex, hexOf } from './key-material.ts';

export const ML_DSA = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;
type MlDsa = (typeof ML_DSA)[number];

interface NistVectors {
  readonly mlDsaKeys: Readonly<Record<MlDsa, readonly MlDsaKey[]>>;
  readonly mlDsaPemKeys: Readonly<
    Record<MlDsa, { readonly privatePem: string; readonly publicPemSha256: string }>
  >;
  readonly slhDsaKeys: Readonly<
    Record<'SLH-DSA-SHA2-128s', readonly Record<'seed' | 'secretKey' | 'publicKey', string>[]>
  >;
  readonly slhDsaSignatures: Readonly<
    Record<
      'SLH-DSA-SHA2-128f' | 'SLH-DSA-SHA2-128s',
      Readonly<Record<'seed' | 'message' | 'randomness' | 'signatureSha256', string>>
    >
  >;
}

interface MlDsaKey {
  readonly seed: string;
  readonly publicKeySha256: string;
}

/** A key made of the seed of 32 zero bytes, and what it signed without a hedge. */
interface JoseExample {
  /** The key's RFC 7638 thumbprint. */
  readonly kid: string;
  readonly pub: string;
  /** Compact; its payload is the sentence of RFC 7520, §4. */
  readonly jws: string;
}

// Both files are this folder's own, of the shapes above.
/** As `vectors/collect_nist.py` wrote them. */
export const NIST = vectorsOf('nist.json') as NistVectors;

/** RFC 9964, appendix A.1, as its last draft has it (draft-ietf-cose-dilithium-11). */
export const RFC9964 = vectorsOf('rfc9964.json') as Readonly<Record<MlDsa, JoseExample>>;

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** NIST's ACVP vectors of key generation: which of the 25 seeds give another public key. */
export function wrongSeeds(name: MlDsa, backend: BackendName): string[] {
  return NIST.mlDsaKeys[name]
    .filter(({ seed, publicKeySha256 }) => {
      using key = PrivateKey.fromRaw(name, bytesOfHex(seed), { backend });
      return sha256(key.publicKey.toRaw()) !== publicKeySha256;
    })
    .map(({ seed }) => seed);
}

/** Whether RFC 9881's key is read from PKCS#8, and it and its public key are written the same. */
export function agreesOnPem(name: MlDsa, backend: BackendName): boolean {
  const { privatePem, publicPemSha256 } = NIST.mlDsaPemKeys[name];
  using key = PrivateKey.fromPem(name, privatePem, { backend });
  return key.toPem() === privatePem && sha256(key.publicKey.toPem()) === publicPemSha256;
}

/** Whether RFC 9964's key is read from its JWK, has its id, and verifies its JWS. */
export function agreesOnJwk(name: MlDsa, backend: BackendName): boolean {
  const { kid, pub, jws } = RFC9964[name];
  const jwk = { kid, kty: 'AKP', alg: name, pub };
  const [header, payload, signature] = jws.split('.');
  const input = Buffer.from(`${header}.${payload}`);
  const key = PublicKey.fromJwk(name, jwk, { backend });
  using secret = PrivateKey.fromJwk(name, { ...jwk, priv: 'A'.repeat(43) }, { backend });
  return (
    key.keyId === kid &&
    secret.publicKey.keyId === kid &&
    hexOf(secret.toRaw()) === '00'.repeat(32) &&
    key.verify(input, Buffer.from(signature, 'base64url')) &&
    !key.verify(Buffer.from(`${header}.${payload}A`), Buffer.from(signature, 'base64url')) &&
    key.verify(input, secret.sign(input))
  );
}

/** The signature of RFC 9964's JWS, made again. Only a backend without a hedge can. */
export function signedAgain(name: MlDsa): string {
  using key = PrivateKey.fromRaw(name, new Uint8Array(32), { backend: 'noble' });
  const [header, payload] = RFC9964[name].jws.split('.');
  const signature = key.sign(Buffer.from(`${header}.${payload}`), { deterministic: true });
  return `${header}.${payload}.${Buffer.from(signature).toString('base64url')}`;
}

function vectorsOf(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), 'utf8'));
}
