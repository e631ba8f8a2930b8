import {
  KeyPool,
  SynthesisCryptoError,
  VerifyingKey,
  type AlgorithmName,
  type PrivateKey,
} from '@sema/synthesis-crypto';
import { SigningError } from './signing-error.ts';

/** Of Ed25519. */
const SIGNATURE_BYTES = 64;

/** A key that signs for its owner, for so long and so often. */
interface HeldKey {
  readonly key: PrivateKey;
  readonly owner: VerifyingKey;
  readonly notAfterMs: number;
  signaturesLeft: number;
}

export interface FreshKeysOptions {
  /** Served, each with as many keys made ahead of time. */
  readonly ready: Readonly<Partial<Record<AlgorithmName, number>>>;
  /** Keys held at a time. */
  readonly maximumKeys: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The private halves of keys that their owners know by a handle. None ever leaves. */
export class FreshKeys implements Disposable {
  readonly #options: FreshKeysOptions;
  readonly #pool: KeyPool;
  readonly #held = new Map<string, HeldKey>();

  constructor(options: FreshKeysOptions) {
    this.#options = options;
    const marks = Object.entries(options.ready).map(([algorithm, high]) => {
      return [algorithm, { low: Math.ceil(high / 2), high }] as const;
    });
    this.#pool = new KeyPool(Object.fromEntries(marks));
  }

  get size(): number {
    return this.#held.size;
  }

  /** Makes up to so many keys ahead of time, and says how many. */
  refill(most: number): number {
    return this.#pool.refill(most);
  }

  /**
   * Holds a key that nobody has had.
   *
   * @throws {SigningError} `REQUEST_INVALID`, `FULL`
   */
  open(
    handle: string,
    terms: {
      readonly owner: string;
      readonly algorithm: AlgorithmName;
      readonly lifetimeMs: number;
      readonly signatures: number;
    },
  ): HeldKey {
    const { ready, maximumKeys, now } = this.#options;
    const { algorithm, lifetimeMs, signatures } = terms;
    const owner = ownerOf(terms.owner);
    if (ready[algorithm] === undefined) {
      const served = Object.keys(ready).join(', ') || 'none';
      throw new SigningError('REQUEST_INVALID', `keys of ${algorithm} are not served: ${served}`);
    }
    this.#dropExpired();
    if (this.#held.size >= maximumKeys) {
      throw new SigningError('FULL', `${String(maximumKeys)} keys are held, and no more`);
    }
    const key = this.#pool.take(algorithm);
    const held = { key, owner, notAfterMs: now() + lifetimeMs, signaturesLeft: signatures };
    this.#held.set(handle, held);
    return held;
  }

  /**
   * The key of a handle, one of its signatures counted off. Who is not its owner cannot tell it
   * from one that is not there.
   *
   * @param message - what the owner must have signed.
   * @throws {SigningError} `KEY_UNKNOWN`, `KEY_SPENT`
   */
  use(handle: string, message: Uint8Array, authority: Uint8Array): PrivateKey {
    const held = this.#held.get(handle);
    const isOwners = held !== undefined && isSigned(held.owner, message, authority);
    if (!isOwners || this.#isExpired(held)) {
      throw new SigningError('KEY_UNKNOWN', 'there is no such key of yours, or its time is up');
    }
    if (held.signaturesLeft === 0) {
      throw new SigningError('KEY_SPENT', 'the key has signed as often as it was made for');
    }
    held.signaturesLeft -= 1;
    return held.key;
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
    for (const { key } of this.#held.values()) key[Symbol.dispose]();
    this.#held.clear();
  }

  #dropExpired(): void {
    for (const [handle, held] of this.#held) {
      if (!this.#isExpired(held)) continue;
      held.key[Symbol.dispose]();
      this.#held.delete(handle);
    }
  }

  #isExpired({ notAfterMs }: HeldKey): boolean {
    return this.#options.now() > notAfterMs;
  }
}

function isSigned(owner: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && owner.verify(message, signature);
}

function ownerOf(text: string): VerifyingKey {
  try {
    return VerifyingKey.fromText(text);
  } catch (error) {
    if (!(error instanceof SynthesisCryptoError)) throw error;
    throw new SigningError('REQUEST_INVALID', 'the owner is no Ed25519 key', { cause: error });
  }
}
