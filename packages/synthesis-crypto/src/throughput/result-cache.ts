import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AlgorithmName } from '../algorithms/algorithm.ts';
import { toBase64url } from '../base64url.ts';
import { verifyBatchSignature } from '../batch-signature.ts';
import type { BatchSignature } from '../batch-signature.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { PublicKey } from '../public-key.ts';
import { requireBytes } from '../require-bytes.ts';

export interface CacheLimits {
  /** The most signatures that are remembered, 1 to 2^22. */
  readonly verifications: number;
  /** The most parsed public keys that are kept, 1 to 2^16. */
  readonly publicKeys: number;
}

export interface CacheMetrics {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  /** hits / (hits + misses); 0 before the first. */
  readonly hitRate: number;
}

/**
 * Remembers public results only: parsed public keys, and signatures that verified. What did not
 * verify is not remembered, so garbage cannot push good entries out. The least recently used goes.
 * No entry grows old, because a signature that is good once is good always.
 */
export class ResultCache {
  readonly #verified: LRUCache<string, true>;
  readonly #keys: LRUCache<string, PublicKey>;
  readonly #counts = { verified: [0, 0], keys: [0, 0] };

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` */
  constructor(limits: CacheLimits) {
    this.#verified = new LRUCache({ max: checkedLimit(limits.verifications, 2 ** 22) });
    this.#keys = new LRUCache({ max: checkedLimit(limits.publicKeys, 2 ** 16) });
  }

  /** As `PublicKey.fromRaw`, parsed once. */
  publicKey(algorithm: AlgorithmName, raw: Uint8Array): PublicKey {
    requireBytes(raw, 'public key');
    const name = `${algorithm} ${toBase64url(raw)}`;
    const known = this.#keys.get(name);
    count(this.#counts.keys, known !== undefined);
    if (known !== undefined) return known;
    const key = PublicKey.fromRaw(algorithm, raw);
    this.#keys.set(name, key);
    return key;
  }

  /** As `publicKey.verify(message, signature)`; a signature seen before costs one hash of both. */
  verify(publicKey: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
    requireBytes(message, 'message');
    requireBytes(signature, 'signature');
    // The key id and the signature's length have no choice, so nothing runs into anything else.
    const name = createHash('sha256')
      .update(`${publicKey.algorithm} ${publicKey.keyId} ${signature.length} `)
      .update(signature)
      .update(message)
      .digest('base64url');
    const isKnown = this.#verified.get(name) === true;
    count(this.#counts.verified, isKnown);
    if (isKnown) return true;
    const isGood = publicKey.verify(message, signature);
    if (isGood) this.#verified.set(name, true);
    return isGood;
  }

  /** As the function of that name, for `verifyItem`: one verification for a whole batch. */
  readonly verifyBatchSignature = (batch: BatchSignature, publicKey: PublicKey): boolean =>
    verifyBatchSignature(batch, publicKey, (key, message, signature) =>
      this.verify(key, message, signature),
    );

  get metrics(): { readonly verifications: CacheMetrics; readonly publicKeys: CacheMetrics } {
    return {
      verifications: metricsOf(this.#verified.size, this.#counts.verified),
      publicKeys: metricsOf(this.#keys.size, this.#counts.keys),
    };
  }
}

function count(counts: number[], isHit: boolean): void {
  counts[isHit ? 0 : 1] += 1;
}

function metricsOf(entries: number, [hits, misses]: readonly number[]): CacheMetrics {
  const total = hits + misses;
  return Object.freeze({ entries, hits, misses, hitRate: total === 0 ? 0 : hits / total });
}

function checkedLimit(value: number, maximum: number): number {
  if (!Number.isInteger(value) || value < 1 || value > maximum) {
    throw new SynthesisCryptoError('LIMIT_INVALID', `${value} entries is not in [1, ${maximum}]`);
  }
  return value;
}
