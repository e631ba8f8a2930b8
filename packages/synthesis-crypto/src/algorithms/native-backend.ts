import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject, SignKeyObjectInput } from 'node:crypto';
import type { Backend, Jwk, KeyForms, Signer } from './algorithm.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';

/** What node:crypto has to be told about one algorithm. */
export interface NativeAlgorithm {
  /** Of the name of the algorithm, for messages. */
  readonly name: string;
  readonly forms: KeyForms;
  generate(): KeyObject;
  /** Whether a parsed key is one of this algorithm. */
  accepts(key: KeyObject): boolean;
  /** Whether a public key is one that nobody should trust though it parses. */
  readonly refuses?: (publicKey: Uint8Array) => boolean;
  /** Whether the parts of a secret from outside belong together, where the parser does not ask. */
  readonly fits?: (secret: Uint8Array) => boolean;
  /** Whether JWK is the quicker way in: OpenSSL 3.0 takes 0.15 ms to find out what DER holds. */
  readonly importsJwk?: boolean;
  readonly digest: string | null;
  readonly options?: Partial<SignKeyObjectInput>;
  /** Whether the same message always has the same signature. */
  readonly deterministic: boolean;
}

/** The backend that calls OpenSSL. Keys are parsed once and live outside the JavaScript heap. */
export function nativeBackend(algorithm: NativeAlgorithm): Backend {
  const { name, forms } = algorithm;
  return {
    name: 'native',
    generate: () => nativeSigner(algorithm, algorithm.generate()),
    signer(secret) {
      using der = new SecretBytes(forms.pkcs8(secret));
      const key = privateKeyOf(der.bytes);
      if (key === undefined || !algorithm.accepts(key) || algorithm.fits?.(secret) === false) {
        throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a secret key of ${name}`);
      }
      return nativeSigner(algorithm, key);
    },
    adopt(key) {
      if (key.type !== 'private' || !algorithm.accepts(key)) {
        throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a key handle of ${name}`);
      }
      return nativeSigner(algorithm, key);
    },
    verifier(publicKey) {
      const key = algorithm.importsJwk
        ? publicKeyOfJwk(forms.publicJwk(publicKey))
        : publicKeyOf(forms.spki(publicKey));
      if (key === undefined || !algorithm.accepts(key) || algorithm.refuses?.(publicKey) === true) {
        throw new SynthesisCryptoError('PUBLIC_KEY_INVALID', `not a public key of ${name}`);
      }
      return {
        verify(message, signature, context) {
          const input = { key, ...algorithm.options, ...contextOption(context) };
          // The types of Node 20 do not know `context`, which Node 24 reads.
          return verify(algorithm.digest, message, input, signature);
        },
      };
    },
  };
}

function nativeSigner(algorithm: NativeAlgorithm, key: KeyObject): Signer {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const publicKey = algorithm.forms.publicFromSpki(spki);
  if (publicKey === undefined) {
    throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a secret key of ${algorithm.name}`);
  }
  let held: KeyObject | undefined = key;
  const live = (): KeyObject => {
    if (held === undefined) throw new SynthesisCryptoError('DISPOSED', 'the key is disposed');
    return held;
  };
  return {
    publicKey,
    sign(message, { context, deterministic = false }) {
      if (deterministic && !algorithm.deterministic) {
        throw new SynthesisCryptoError(
          'DETERMINISM_UNAVAILABLE',
          `node:crypto signs ${algorithm.name} with fresh randomness only`,
        );
      }
      const input = { key: live(), ...algorithm.options, ...contextOption(context) };
      try {
        // As above.
        return new Uint8Array(sign(algorithm.digest, message, input));
      } catch {
        // A handle from outside whose parts do not fit. OpenSSL's error may tell of them.
        throw new SynthesisCryptoError(
          'SECRET_KEY_INVALID',
          `the key of ${algorithm.name} cannot sign`,
        );
      }
    },
    exportSecret() {
      using der = new SecretBytes(live().export({ format: 'der', type: 'pkcs8' }));
      const secret = algorithm.forms.secretFromPkcs8(der.bytes);
      if (secret === undefined) throw new Error('a key has the form that it came from');
      return secret;
    },
    toKeyObject: live,
    dispose() {
      held = undefined;
    },
  };
}

function contextOption(context: Uint8Array | undefined): { context?: Uint8Array } {
  return context === undefined || context.length === 0 ? {} : { context };
}

/** Parses PKCS#8. What the parser saw is secret, so its error is dropped. */
export function privateKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    // A view, because a copy would stay.
    const key = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

/** Parses SubjectPublicKeyInfo. */
export function publicKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Parses a public JSON Web Key. */
function publicKeyOfJwk(jwk: Jwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** What follows a known beginning, if it is that many bytes; undefined for any other DER. */
export function afterPrefix(
  der: Uint8Array,
  prefix: Uint8Array,
  length: number,
): Uint8Array | undefined {
  const isPrefixed =
    der.length === prefix.length + length && prefix.every((byte, index) => der[index] === byte);
  return isPrefixed ? Uint8Array.from(der.subarray(prefix.length)) : undefined;
}
