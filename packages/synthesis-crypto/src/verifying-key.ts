import { createHash, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { fromBase64url, toBase64url } from './base64url.ts';
import { SynthesisCryptoError } from './errors.ts';
import { requireBytes } from './require-bytes.ts';
import { hasSmallOrder } from './small-order.ts';

/** Bytes of an Ed25519 public key. */
const PUBLIC_KEY_BYTES = 32;

/** Bytes of an Ed25519 signature. */
const SIGNATURE_BYTES = 64;

/** The longest message that is signed, 64 MiB; sign the hash of anything longer. */
export const MAX_MESSAGE_BYTES = 2 ** 26;

/**
 * An Ed25519 public key (RFC 8032). Immutable; the key is parsed once. Bytes that are no point of
 * the curve are not refused: they make a key under which nothing verifies.
 */
export class VerifyingKey {
  /** RFC 7638 thumbprint of the OKP JWK, SHA-256, base64url: 43 characters. */
  readonly keyId: string;
  readonly #text: string;
  readonly #key: KeyObject;

  private constructor(text: string) {
    // Members in the order that RFC 7638 wants: RFC 8037, appendix A.3.
    const members = `{"crv":"Ed25519","kty":"OKP","x":"${text}"}`;
    this.keyId = createHash('sha256').update(members).digest('base64url');
    this.#text = text;
    this.#key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: text },
      format: 'jwk',
    });
  }

  /**
   * @param raw - the 32 bytes of RFC 8032, §5.1.5; copied.
   * @throws {SynthesisCryptoError} `WRONG_TYPE`; `PUBLIC_KEY_INVALID` for another length and for
   *   the few keys of small order, under which anyone can make signatures that verify.
   */
  static fromBytes(raw: Uint8Array): VerifyingKey {
    requireBytes(raw, 'public key');
    // A copy, because what is checked must be what is kept, whatever holds the bytes.
    const bytes = new Uint8Array(raw);
    if (bytes.length !== PUBLIC_KEY_BYTES) {
      throw new SynthesisCryptoError(
        'PUBLIC_KEY_INVALID',
        `an Ed25519 public key has ${PUBLIC_KEY_BYTES} bytes, not ${bytes.length}`,
      );
    }
    if (hasSmallOrder(bytes)) {
      throw new SynthesisCryptoError('PUBLIC_KEY_INVALID', 'the public key is of small order');
    }
    return new VerifyingKey(toBase64url(bytes));
  }

  /**
   * @param text - what {@link toText} gives; any other spelling of the same bytes is refused, so
   *   one key has one text.
   * @throws {SynthesisCryptoError} `WRONG_TYPE`; `BASE64URL_INVALID`; `PUBLIC_KEY_INVALID` as in
   *   {@link fromBytes}.
   */
  static fromText(text: string): VerifyingKey {
    return VerifyingKey.fromBytes(fromBase64url(text));
  }

  /** The 32 bytes, a copy. */
  toBytes(): Uint8Array {
    return fromBase64url(this.#text);
  }

  /** The 32 bytes in base64url without padding, 43 characters: the `x` of a JWK. */
  toText(): string {
    return this.#text;
  }

  /**
   * Whether `signature` is this key's over `message`. False for every other 64 bytes, for another
   * length and for a message over 64 MiB, which {@link SigningKey} does not sign.
   *
   * @throws {SynthesisCryptoError} `WRONG_TYPE` unless both are a Uint8Array.
   */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    requireBytes(message, 'message');
    requireBytes(signature, 'signature');
    if (signature.byteLength !== SIGNATURE_BYTES) return false;
    if (message.byteLength > MAX_MESSAGE_BYTES) return false;
    return verify(null, message, this.#key, signature);
  }

  [inspect.custom](): string {
    return `VerifyingKey { keyId: '${this.keyId}' }`;
  }
}
