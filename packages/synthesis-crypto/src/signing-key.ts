import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { SynthesisCryptoError } from './errors.ts';
import { requireBytes } from './require-bytes.ts';
import { MAX_MESSAGE_BYTES, VerifyingKey } from './verifying-key.ts';

/** One PKCS#8 block and nothing else. That of an Ed25519 key has 119 characters. */
const PKCS8_PEM = /^-----BEGIN PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END PRIVATE KEY-----$/;
const MAX_PEM_LENGTH = 1024;

/**
 * An Ed25519 private key (RFC 8032). The key is parsed once and kept outside the JavaScript heap;
 * printing, serialising or cloning this object shows the public key's id at most.
 *
 * Disposing drops the only reference to the secret. Node has no call that erases a key: OpenSSL
 * clears the memory when the garbage collector frees it.
 */
export class SigningKey implements Disposable {
  /** Stays usable after disposal. */
  readonly verifyingKey: VerifyingKey;
  #key: KeyObject | undefined;

  private constructor(key: KeyObject) {
    this.#key = key;
    const { x } = createPublicKey(key).export({ format: 'jwk' });
    if (x === undefined) throw new Error('an OKP JWK has an x');
    this.verifyingKey = VerifyingKey.fromText(x);
  }

  /** A fresh key from the platform's random generator. */
  static generate(): SigningKey {
    return new SigningKey(generateKeyPairSync('ed25519').privateKey);
  }

  /**
   * Reads an unencrypted PKCS#8 key, `-----BEGIN PRIVATE KEY-----`, of at most 1024 characters.
   *
   * @throws {SynthesisCryptoError} `WRONG_TYPE`; `PEM_INVALID` for any other text or kind of key.
   */
  static fromPem(pem: string): SigningKey {
    if (typeof pem !== 'string') {
      throw new SynthesisCryptoError('WRONG_TYPE', `the PEM must be a string, not ${typeof pem}`);
    }
    const block = pem.length <= MAX_PEM_LENGTH ? pem.trim() : '';
    const key = PKCS8_PEM.test(block) ? parsed(block) : undefined;
    if (key?.asymmetricKeyType !== 'ed25519') {
      throw new SynthesisCryptoError(
        'PEM_INVALID',
        'the text is not one unencrypted PKCS#8 block with an Ed25519 private key',
      );
    }
    return new SigningKey(key);
  }

  /**
   * PKCS#8 in PEM. The secret is then in a string, which nothing can erase.
   *
   * @throws {SynthesisCryptoError} `DISPOSED`
   */
  toPem(): string {
    return this.#liveKey().export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  /**
   * The 64-byte signature of `message`; the same message always has the same signature.
   *
   * @throws {SynthesisCryptoError} `DISPOSED`; `WRONG_TYPE` unless a Uint8Array; `TOO_LARGE` over
   *   64 MiB.
   */
  sign(message: Uint8Array): Uint8Array {
    const key = this.#liveKey();
    requireBytes(message, 'message');
    if (message.byteLength > MAX_MESSAGE_BYTES) {
      throw new SynthesisCryptoError(
        'TOO_LARGE',
        `the message has ${message.byteLength} bytes, over ${MAX_MESSAGE_BYTES}`,
      );
    }
    return new Uint8Array(sign(null, message, key));
  }

  /** Gives the secret up. Safe to call again. */
  [Symbol.dispose](): void {
    this.#key = undefined;
  }

  [inspect.custom](): string {
    return `SigningKey { keyId: '${this.verifyingKey.keyId}' }`;
  }

  #liveKey(): KeyObject {
    if (this.#key === undefined) throw new SynthesisCryptoError('DISPOSED', 'the key is disposed');
    return this.#key;
  }
}

/** The parser's error is dropped on purpose: what it saw was meant to be a secret. */
function parsed(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
