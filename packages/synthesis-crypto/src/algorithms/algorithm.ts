import type { KeyObject } from 'node:crypto';

/** Every algorithm, by the name that JOSE has for it or, where it has none, by its own. */
export const ALGORITHM_NAMES = [
  'Ed25519',
  'ES256K',
  'ES256',
  'PS256-2048',
  'PS256-3072',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  'SLH-DSA-SHA2-128f',
  'SLH-DSA-SHA2-128s',
  'Falcon-512',
  'Falcon-1024',
  'Ed25519+ML-DSA-65',
  'Ed25519+ML-DSA-87',
] as const;
export type AlgorithmName = (typeof ALGORITHM_NAMES)[number];

/** `native` is OpenSSL through node:crypto, `noble` is JavaScript, `pair` is one of each part. */
export type BackendName = 'native' | 'noble' | 'pair';

export interface SignOptions {
  /** Up to 255 bytes that are signed along: ML-DSA and SLH-DSA only (FIPS 204 and 205, §5.2). */
  readonly context?: Uint8Array;
  /**
   * The same signature each time, for replay bit by bit. Ed25519 always is; ML-DSA and SLH-DSA
   * are where the backend can leave the hedge out, which node:crypto cannot.
   */
  readonly deterministic?: boolean;
}

/** A private key in the hands of one backend. The arguments have been checked. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array, options: SignOptions): Uint8Array;
  /** A fresh copy of the secret in the algorithm's raw form. */
  exportSecret(): Uint8Array;
  /** A handle that threads share: the key itself, or the secret wrapped outside the heap. */
  toKeyObject(): KeyObject;
  /** Zeroes the bytes that JavaScript holds and drops every reference. */
  dispose(): void;
}

/** A public key in the hands of one backend. The signature has the right length. */
export interface Verifier {
  verify(message: Uint8Array, signature: Uint8Array, context: Uint8Array): boolean;
}

/** One way of computing one algorithm. */
export interface Backend {
  readonly name: BackendName;
  generate(): Signer;
  /**
   * @param secret - copied; the caller's to zero.
   * @throws {SynthesisCryptoError} `SECRET_KEY_INVALID`
   */
  signer(secret: Uint8Array): Signer;
  /** Takes what {@link Signer.toKeyObject} gave. */
  adopt(key: KeyObject): Signer;
  /** @throws {SynthesisCryptoError} `PUBLIC_KEY_INVALID` */
  verifier(publicKey: Uint8Array): Verifier;
}

/** The members of a JSON Web Key that this package reads and writes, all of them texts. */
export type Jwk = Readonly<Record<string, string>>;

/** How keys are written down. Readers give undefined for anything that is not such a key. */
export interface KeyForms {
  /** Public members in the order of RFC 7638. */
  publicJwk(publicKey: Uint8Array): Jwk;
  publicFromJwk(jwk: Jwk): Uint8Array | undefined;
  /** Private members alone. */
  secretJwk(secret: Uint8Array): Jwk;
  secretFromJwk(jwk: Jwk): Uint8Array | undefined;
  /** SubjectPublicKeyInfo, DER. */
  spki(publicKey: Uint8Array): Uint8Array;
  publicFromSpki(der: Uint8Array): Uint8Array | undefined;
  /** PKCS#8, DER: a fresh copy, and the only one, for the caller to zero. */
  pkcs8(secret: Uint8Array): Uint8Array;
  secretFromPkcs8(der: Uint8Array): Uint8Array | undefined;
}

/** One signature algorithm. */
export interface Algorithm {
  readonly name: AlgorithmName;
  /** Bits of security against a classical computer. */
  readonly securityBits: number;
  /** Whether no quantum algorithm is known that breaks it. */
  readonly quantumSafe: boolean;
  readonly experimental: boolean;
  readonly takesContext: boolean;
  /** `alg` of JWS, where there is one. */
  readonly joseName: string | undefined;
  readonly signatureBytes: number;
  /** How keys are written down; undefined where only the raw form exists. */
  readonly forms: KeyForms | undefined;
  /** The parts that must all verify, in order; empty for an algorithm that stands alone. */
  readonly parts: readonly Algorithm[];
  /** Best first, never empty. */
  readonly backends: readonly Backend[];
}
