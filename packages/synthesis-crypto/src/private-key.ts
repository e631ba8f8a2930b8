import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import type { Algorithm, AlgorithmName, BackendName, Jwk } from './algorithms/algorithm.ts';
import type { Signer, SignOptions } from './algorithms/algorithm.ts';
import { algorithmOf, backendOf } from './algorithms/registry.ts';
import { SynthesisCryptoError } from './errors.ts';
import { jwkMembers } from './jwk-members.ts';
import { decodePem, encodePem } from './pem.ts';
import { checkedContext, formsOf, PublicKey } from './public-key.ts';
import type { BackendChoice } from './public-key.ts';
import { requireBytes } from './require-bytes.ts';
import { SecretBytes } from './secret-bytes.ts';
import { MAX_MESSAGE_BYTES } from './verifying-key.ts';

/**
 * A private key of any algorithm. Printing, serialising or cloning it shows the public key's id at
 * most.
 *
 * Disposing zeroes what JavaScript holds (the noble backend) and drops the handle of what OpenSSL
 * holds (the native one), which OpenSSL clears when the garbage collector frees it.
 */
export class PrivateKey implements Disposable {
  readonly algorithm: AlgorithmName;
  readonly backend: BackendName;
  /** Stays usable after disposal. */
  readonly publicKey: PublicKey;
  readonly #algorithm: Algorithm;
  readonly #signer: Signer;
  #disposed = false;
  #parts: readonly PrivateKey[] | undefined;

  private constructor(algorithm: Algorithm, backend: BackendName, signer: Signer) {
    this.#algorithm = algorithm;
    this.#signer = signer;
    this.algorithm = algorithm.name;
    this.backend = backend;
    this.publicKey = PublicKey.fromRaw(algorithm.name, signer.publicKey, { backend });
  }

  /**
   * A fresh key from the platform's random generator.
   *
   * @throws {SynthesisCryptoError} `ALGORITHM_UNKNOWN`, `BACKEND_UNAVAILABLE`
   */
  static generate(name: AlgorithmName, options: BackendChoice = {}): PrivateKey {
    const algorithm = algorithmOf(name);
    const backend = backendOf(algorithm, options.backend);
    return new PrivateKey(algorithm, backend.name, backend.generate());
  }

  /**
   * @param raw - Ed25519 and ML-DSA: the seed, 32 bytes. ECDSA: the scalar, 32 bytes. RSA: PKCS#8.
   *   SLH-DSA and Falcon: the secret key. A pair: both, in order. Copied; the caller's to zero.
   * @throws {SynthesisCryptoError} `WRONG_TYPE`, `ALGORITHM_UNKNOWN`, `BACKEND_UNAVAILABLE`,
   *   `SECRET_KEY_INVALID`
   */
  static fromRaw(name: AlgorithmName, raw: Uint8Array, options: BackendChoice = {}): PrivateKey {
    requireBytes(raw, 'secret key');
    const algorithm = algorithmOf(name);
    const backend = backendOf(algorithm, options.backend);
    return new PrivateKey(algorithm, backend.name, backend.signer(raw));
  }

  /**
   * Reads a JSON Web Key with its private members; its public ones must be those of the secret.
   *
   * @throws {SynthesisCryptoError} `JWK_INVALID`, `KEY_MISMATCH`, `FORMAT_UNSUPPORTED` and as
   *   {@link fromRaw}.
   * @see RFC 7517, RFC 8037, RFC 9964
   */
  static fromJwk(name: AlgorithmName, jwk: unknown, options: BackendChoice = {}): PrivateKey {
    const algorithm = algorithmOf(name);
    const members = jwkMembers(jwk, algorithm);
    const raw = formsOf(algorithm).secretFromJwk(members);
    if (raw === undefined) {
      throw new SynthesisCryptoError('JWK_INVALID', `not a private JSON Web Key of ${name}`);
    }
    using secret = new SecretBytes(raw);
    const { keyId } = PublicKey.fromJwk(name, jwk, options);
    const key = PrivateKey.fromRaw(name, secret.bytes, options);
    if (key.publicKey.keyId !== keyId) {
      key[Symbol.dispose]();
      throw new SynthesisCryptoError('KEY_MISMATCH', 'the public members are of another key');
    }
    return key;
  }

  /**
   * Reads one unencrypted block `-----BEGIN PRIVATE KEY-----`, PKCS#8.
   *
   * @throws {SynthesisCryptoError} `PEM_INVALID`, `FORMAT_UNSUPPORTED` and as {@link fromRaw}.
   */
  static fromPem(name: AlgorithmName, pem: string, options: BackendChoice = {}): PrivateKey {
    const algorithm = algorithmOf(name);
    using der = new SecretBytes(decodePem('PRIVATE KEY', pem));
    const raw = formsOf(algorithm).secretFromPkcs8(der.bytes);
    if (raw === undefined) {
      throw new SynthesisCryptoError('PEM_INVALID', `the block is no private key of ${name}`);
    }
    using secret = new SecretBytes(raw);
    return PrivateKey.fromRaw(name, secret.bytes, options);
  }

  /**
   * Takes a handle that {@link toKeyObject} gave, perhaps in another thread.
   *
   * @throws {SynthesisCryptoError} `SECRET_KEY_INVALID`
   */
  static fromKeyObject(
    name: AlgorithmName,
    key: KeyObject,
    options: BackendChoice = {},
  ): PrivateKey {
    const algorithm = algorithmOf(name);
    const backend = backendOf(algorithm, options.backend);
    return new PrivateKey(algorithm, backend.name, backend.adopt(key));
  }

  /** The keys of a pair, in order, disposed with it; empty for an algorithm that stands alone. */
  get parts(): readonly PrivateKey[] {
    this.#requireLive();
    this.#parts ??= this.#splitParts();
    return this.#parts;
  }

  /**
   * The signature of `message`.
   *
   * @throws {SynthesisCryptoError} `DISPOSED`; `WRONG_TYPE`; `TOO_LARGE` over 64 MiB;
   *   `CONTEXT_INVALID`; `DETERMINISM_UNAVAILABLE`
   */
  sign(message: Uint8Array, options: SignOptions = {}): Uint8Array {
    this.#requireLive();
    requireBytes(message, 'message');
    if (message.byteLength > MAX_MESSAGE_BYTES) {
      throw new SynthesisCryptoError(
        'TOO_LARGE',
        `the message has ${message.byteLength} bytes, over ${MAX_MESSAGE_BYTES}`,
      );
    }
    checkedContext(this.#algorithm, options.context);
    return this.#signer.sign(message, options);
  }

  /** What {@link fromRaw} takes, a copy for the caller to zero. @throws `DISPOSED` */
  toRaw(): Uint8Array {
    this.#requireLive();
    return this.#signer.exportSecret();
  }

  /**
   * With the private members. The secret is then in a string, which nothing can erase.
   *
   * @throws {SynthesisCryptoError} `DISPOSED`, `FORMAT_UNSUPPORTED`
   */
  toJwk(): Jwk {
    const forms = formsOf(this.#algorithm);
    using secret = new SecretBytes(this.toRaw());
    return { ...this.publicKey.toJwk(), ...forms.secretJwk(secret.bytes) };
  }

  /** PKCS#8. As {@link toJwk}, a string. @throws `DISPOSED`, `FORMAT_UNSUPPORTED` */
  toPem(): string {
    const forms = formsOf(this.#algorithm);
    using secret = new SecretBytes(this.toRaw());
    using der = new SecretBytes(forms.pkcs8(secret.bytes));
    return encodePem('PRIVATE KEY', der.bytes);
  }

  /**
   * A handle to post to a worker thread, which shares it without its bytes being seen.
   *
   * @throws {SynthesisCryptoError} `DISPOSED`
   */
  toKeyObject(): KeyObject {
    this.#requireLive();
    return this.#signer.toKeyObject();
  }

  /** Gives the secret up. Safe to call again. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#signer.dispose();
    for (const part of this.#parts ?? []) part[Symbol.dispose]();
  }

  [inspect.custom](): string {
    return `PrivateKey { algorithm: '${this.algorithm}', keyId: '${this.publicKey.keyId}' }`;
  }

  #splitParts(): readonly PrivateKey[] {
    const { parts } = this.#algorithm;
    if (parts.length === 0) return [];
    using secret = new SecretBytes(this.#signer.exportSecret());
    const { bytes } = secret;
    const half = bytes.length / parts.length;
    return parts.map((part, index) =>
      PrivateKey.fromRaw(part.name, bytes.subarray(index * half, (index + 1) * half)),
    );
  }

  #requireLive(): void {
    if (this.#disposed) throw new SynthesisCryptoError('DISPOSED', 'the key is disposed');
  }
}
