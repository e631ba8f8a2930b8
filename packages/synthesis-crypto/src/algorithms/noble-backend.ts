import { createSecretKey } from 'node:crypto';
import type { Backend, Signer } from './algorithm.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';

/** The part of a signer of `@noble/post-quantum` that is used here. */
interface NobleSigner {
  keygen(seed?: Uint8Array): { secretKey: Uint8Array; publicKey: Uint8Array };
  getPublicKey(secretKey: Uint8Array): Uint8Array;
  sign(
    message: Uint8Array,
    secretKey: Uint8Array,
    options?: { context?: Uint8Array; extraEntropy?: false },
  ): Uint8Array;
  verify(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
    options?: { context?: Uint8Array },
  ): boolean;
}

export interface NobleAlgorithm {
  readonly name: string;
  readonly implementation: NobleSigner;
  /** Whether the raw secret is the seed of key generation, or the long secret key itself. */
  readonly secretIsSeed: boolean;
  readonly secretBytes: number;
  readonly publicKeyBytes: number;
  /** Whether the parts of a secret from outside belong together; a seed has none. */
  readonly fits?: (secret: Uint8Array) => boolean;
  /** Whether the hedge can be left out and signatures so be repeated. */
  readonly canRepeat: boolean;
}

/** The backend in JavaScript: slower, not constant-time, and there on every machine. */
export function nobleBackend(algorithm: NobleAlgorithm): Backend {
  const { implementation, name } = algorithm;
  /** @param secret - owned by the signer from here on. */
  const fromSecret = (secret: Uint8Array): Signer => {
    if (secret.length !== algorithm.secretBytes) {
      throw new SynthesisCryptoError(
        'SECRET_KEY_INVALID',
        `a secret key of ${name} has ${algorithm.secretBytes} bytes, not ${secret.length}`,
      );
    }
    return nobleSigner(algorithm, secret);
  };
  return {
    name: 'noble',
    generate() {
      if (!algorithm.secretIsSeed) {
        const { secretKey } = implementation.keygen();
        return nobleSigner(algorithm, secretKey);
      }
      return nobleSigner(algorithm, crypto.getRandomValues(new Uint8Array(algorithm.secretBytes)));
    },
    signer(secret) {
      const signer = fromSecret(Uint8Array.from(secret));
      if (algorithm.fits?.(plain(secret)) !== false) return signer;
      signer.dispose();
      throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a secret key of ${name}`);
    },
    adopt(key) {
      if (key.type !== 'secret') {
        throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a key handle of ${name}`);
      }
      return fromSecret(plain(key.export()));
    },
    verifier(publicKey) {
      if (publicKey.length !== algorithm.publicKeyBytes) {
        throw new SynthesisCryptoError(
          'PUBLIC_KEY_INVALID',
          `a public key of ${name} has ${algorithm.publicKeyBytes} bytes, not ${publicKey.length}`,
        );
      }
      const kept = Uint8Array.from(publicKey);
      return {
        verify(message, signature, context) {
          const options = context.length === 0 ? {} : { context: plain(context) };
          try {
            return implementation.verify(plain(signature), plain(message), kept, options);
          } catch {
            // Lengths were checked, so what is left is an encoding that means nothing.
            return false;
          }
        },
      };
    },
  };
}

/** @param owned - the signer's from here on, and zeroed by it. */
function nobleSigner(algorithm: NobleAlgorithm, owned: Uint8Array): Signer {
  const { implementation, secretIsSeed } = algorithm;
  const secret = new SecretBytes(owned);
  const { secretKey, publicKey } = expanded(algorithm, secret);
  let disposed = false;
  const requireLive = (): void => {
    if (disposed) throw new SynthesisCryptoError('DISPOSED', 'the key is disposed');
  };
  return {
    publicKey,
    sign(message, { context, deterministic = false }) {
      requireLive();
      if (deterministic && !algorithm.canRepeat) {
        throw new SynthesisCryptoError(
          'DETERMINISM_UNAVAILABLE',
          `${algorithm.name} signs with fresh randomness only`,
        );
      }
      const options = {
        ...(context === undefined ? {} : { context: plain(context) }),
        ...(deterministic ? { extraEntropy: false as const } : {}),
      };
      try {
        return implementation.sign(plain(message), secretKey, options);
      } catch {
        // A handle from outside whose parts do not fit. The library's error may tell of them.
        throw new SynthesisCryptoError(
          'SECRET_KEY_INVALID',
          `the key of ${algorithm.name} cannot sign`,
        );
      }
    },
    exportSecret() {
      requireLive();
      return Uint8Array.from(secret.bytes);
    },
    toKeyObject() {
      requireLive();
      return createSecretKey(secret.bytes);
    },
    dispose() {
      disposed = true;
      secret[Symbol.dispose]();
      if (secretIsSeed) secretKey.fill(0);
    },
  };
}

function expanded(
  { implementation, secretIsSeed, name }: NobleAlgorithm,
  secret: SecretBytes,
): { secretKey: Uint8Array; publicKey: Uint8Array } {
  if (secretIsSeed) return implementation.keygen(secret.bytes);
  try {
    const publicKey = implementation.getPublicKey(secret.bytes);
    return { secretKey: secret.bytes, publicKey };
  } catch {
    secret[Symbol.dispose]();
    throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a secret key of ${name}`);
  }
}

/** The library refuses subclasses of Uint8Array such as Buffer in some places. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
