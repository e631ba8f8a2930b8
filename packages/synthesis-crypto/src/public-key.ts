import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { Algorithm, AlgorithmName, BackendName, Jwk } from './algorithms/algorithm.ts';
import type { KeyForms, Verifier } from './algorithms/algorithm.ts';
import { algorithmOf, backendOf } from './algorithms/registry.ts';
import { prefixedItems } from './canonical-bytes.ts';
import { SynthesisCryptoError } from './errors.ts';
import { jwkMembers } from './jwk-members.ts';
import { decodePem, encodePem } from './pem.ts';
import { requireBytes } from './require-bytes.ts';
import { MAX_MESSAGE_BYTES } from './verifying-key.ts';

export interface BackendChoice {
  /** The best there is when left out. @see capabilities */
  readonly backend?: BackendName;
}

export interface VerifyOptions {
  /** What the signer gave as context, at most 255 bytes. */
  readonly context?: Uint8Array;
}

const NO_CONTEXT = new Uint8Array(0);
const MAX_CONTEXT_BYTES = 255;

/** A public key of any algorithm. Immutable; parsed once. */
export class PublicKey {
  readonly algorithm: AlgorithmName;
  readonly backend: BackendName;
  /**
   * RFC 7638 thumbprint, SHA-256 in base64url, 43 characters; for Falcon and for pairs, which have
   * no JWK, the same of the prefix `SKI1` and the canonical items of name and raw key.
   */
  readonly keyId: string;
  /** The keys of a pair, in order; empty for an algorithm that stands alone. */
  readonly parts: readonly PublicKey[];
  readonly #algorithm: Algorithm;
  readonly #raw: Uint8Array;
  readonly #verifier: Verifier;

  private constructor(algorithm: Algorithm, raw: Uint8Array, backend: BackendName | undefined) {
    const chosen = backendOf(algorithm, backend);
    this.#algorithm = algorithm;
    this.#raw = raw;
    this.#verifier = chosen.verifier(raw);
    this.algorithm = algorithm.name;
    this.backend = chosen.name;
    this.keyId = thumbprint(algorithm, raw);
    this.parts = algorithm.parts.map((part, index) => {
      const start = index === 0 ? 0 : 32;
      return PublicKey.fromRaw(part.name, raw.slice(start, index === 0 ? 32 : undefined));
    });
  }

  /**
   * @param raw - Ed25519: 32 bytes. ECDSA: the uncompressed point, 65 bytes. RSA: its
   *   SubjectPublicKeyInfo. Post-quantum: the standard's byte string. A pair: both, in order.
   * @throws {SynthesisCryptoError} `WRONG_TYPE`, `ALGORITHM_UNKNOWN`, `BACKEND_UNAVAILABLE`,
   *   `PUBLIC_KEY_INVALID`
   */
  static fromRaw(name: AlgorithmName, raw: Uint8Array, options: BackendChoice = {}): PublicKey {
    requireBytes(raw, 'public key');
    const algorithm = algorithmOf(name);
    // One key has one spelling: what is not in the normal form is not taken.
    const { forms } = algorithm;
    const copy = Uint8Array.from(raw);
    const normal = forms === undefined ? copy : forms.publicFromSpki(forms.spki(copy));
    if (normal === undefined || !Buffer.from(normal).equals(copy)) {
      throw new SynthesisCryptoError('PUBLIC_KEY_INVALID', `not a public key of ${name}`);
    }
    return new PublicKey(algorithm, copy, options.backend);
  }

  /**
   * Reads a JSON Web Key: `OKP`, `EC`, `RSA` or `AKP`. Members that are not the key's are ignored,
   * but `alg`, where there is one, must agree.
   *
   * @throws {SynthesisCryptoError} `JWK_INVALID`, `FORMAT_UNSUPPORTED` and as {@link fromRaw}.
   * @see RFC 7517, RFC 8037, RFC 9964
   */
  static fromJwk(name: AlgorithmName, jwk: unknown, options: BackendChoice = {}): PublicKey {
    const algorithm = algorithmOf(name);
    const members = jwkMembers(jwk, algorithm);
    const raw = formsOf(algorithm).publicFromJwk(members);
    if (raw === undefined) {
      throw new SynthesisCryptoError('JWK_INVALID', `not a public JSON Web Key of ${name}`);
    }
    return new PublicKey(algorithm, raw, options.backend);
  }

  /**
   * Reads one block `-----BEGIN PUBLIC KEY-----`.
   *
   * @throws {SynthesisCryptoError} `PEM_INVALID`, `FORMAT_UNSUPPORTED` and as {@link fromRaw}.
   */
  static fromPem(name: AlgorithmName, pem: string, options: BackendChoice = {}): PublicKey {
    const algorithm = algorithmOf(name);
    const raw = formsOf(algorithm).publicFromSpki(decodePem('PUBLIC KEY', pem));
    if (raw === undefined) {
      throw new SynthesisCryptoError('PEM_INVALID', `the block is no public key of ${name}`);
    }
    return new PublicKey(algorithm, raw, options.backend);
  }

  /** A copy of what {@link fromRaw} takes. */
  toRaw(): Uint8Array {
    return Uint8Array.from(this.#raw);
  }

  /** @throws {SynthesisCryptoError} `FORMAT_UNSUPPORTED` for Falcon and for pairs. */
  toJwk(): Jwk {
    return formsOf(this.#algorithm).publicJwk(this.#raw);
  }

  /** @throws {SynthesisCryptoError} `FORMAT_UNSUPPORTED` for Falcon and for pairs. */
  toPem(): string {
    return encodePem('PUBLIC KEY', formsOf(this.#algorithm).spki(this.#raw));
  }

  /**
   * Whether `signature` is this key's over `message`. False for any other bytes, for another
   * length and for a message over 64 MiB.
   *
   * @throws {SynthesisCryptoError} `WRONG_TYPE` unless all are a Uint8Array; `CONTEXT_INVALID`.
   */
  verify(message: Uint8Array, signature: Uint8Array, options: VerifyOptions = {}): boolean {
    requireBytes(message, 'message');
    requireBytes(signature, 'signature');
    const context = checkedContext(this.#algorithm, options.context) ?? NO_CONTEXT;
    if (signature.byteLength !== this.#algorithm.signatureBytes) return false;
    if (message.byteLength > MAX_MESSAGE_BYTES) return false;
    return this.#verifier.verify(message, signature, context);
  }

  [inspect.custom](): string {
    return `PublicKey { algorithm: '${this.algorithm}', keyId: '${this.keyId}' }`;
  }
}

/** @throws {SynthesisCryptoError} `FORMAT_UNSUPPORTED` */
export function formsOf(algorithm: Algorithm): KeyForms {
  if (algorithm.forms === undefined) {
    throw new SynthesisCryptoError(
      'FORMAT_UNSUPPORTED',
      `keys of ${algorithm.name} have no standard form, only raw bytes`,
    );
  }
  return algorithm.forms;
}

/** @throws {SynthesisCryptoError} `WRONG_TYPE`, `CONTEXT_INVALID` */
export function checkedContext(
  algorithm: Algorithm,
  context: Uint8Array | undefined,
): Uint8Array | undefined {
  if (context === undefined) return undefined;
  requireBytes(context, 'context');
  if (!algorithm.takesContext || context.length > MAX_CONTEXT_BYTES) {
    throw new SynthesisCryptoError(
      'CONTEXT_INVALID',
      algorithm.takesContext
        ? `a context has at most ${MAX_CONTEXT_BYTES} bytes, not ${context.length}`
        : `${algorithm.name} signs no context`,
    );
  }
  return context;
}

function thumbprint({ forms, name }: Algorithm, raw: Uint8Array): string {
  const bytes =
    forms === undefined
      ? prefixedItems('SKI1', [name, raw])
      : Buffer.from(JSON.stringify(forms.publicJwk(raw)));
  return createHash('sha256').update(bytes).digest('base64url');
}
