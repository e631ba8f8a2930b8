import { ALGORITHM_NAMES } from '../algorithms/algorithm.ts';
import type { AlgorithmName } from '../algorithms/algorithm.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { SECURITY_CLASSES } from '../policy.ts';
import type { SecurityClass } from '../policy.ts';

export interface TokenMetadata {
  readonly class: SecurityClass;
  readonly algorithm: AlgorithmName;
  /** Below 2^26. */
  readonly sequence: number;
  /** Seconds since 1970, below 2^32. */
  readonly issuedAtSeconds: number;
}

const WORDS = 2;
const ALGORITHM_SHIFT = 2;
const SEQUENCE_SHIFT = 6;
const MAX_RECORDS = 2 ** 24;

/**
 * The last so many tokens' metadata, eight bytes each, the oldest overwritten.
 *
 *   word 0   bits 0–1 class   2–5 algorithm   6–31 sequence
 *   word 1   seconds since 1970
 */
export class MetadataRecords {
  readonly capacity: number;
  readonly #words: Uint32Array;
  #written = 0;

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` unless 1 ≤ capacity ≤ 2^24. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_RECORDS) {
      throw new SynthesisCryptoError('LIMIT_INVALID', `capacity ${capacity} is not in [1, 2^24]`);
    }
    this.capacity = capacity;
    this.#words = new Uint32Array(WORDS * capacity);
  }

  get size(): number {
    return Math.min(this.#written, this.capacity);
  }

  /** @throws {SynthesisCryptoError} `OBSERVATION_INVALID` for a field that does not fit. */
  append(metadata: TokenMetadata): void {
    const { sequence, issuedAtSeconds } = metadata;
    const level = SECURITY_CLASSES.indexOf(metadata.class);
    const algorithm = ALGORITHM_NAMES.indexOf(metadata.algorithm);
    const fits = isBelow(sequence, 2 ** 26) && isBelow(issuedAtSeconds, 2 ** 32);
    if (level < 0 || algorithm < 0 || !fits) {
      throw new SynthesisCryptoError('OBSERVATION_INVALID', 'a field of the record does not fit');
    }
    const at = WORDS * (this.#written % this.capacity);
    this.#words[at] = level | (algorithm << ALGORITHM_SHIFT) | (sequence << SEQUENCE_SHIFT);
    this.#words[at + 1] = issuedAtSeconds;
    this.#written += 1;
  }

  /** @param age - 0 for the latest. Undefined beyond the oldest. */
  latest(age: number): TokenMetadata | undefined {
    if (!isBelow(age, this.size)) return undefined;
    const at = WORDS * ((this.#written - 1 - age) % this.capacity);
    const word = this.#words[at];
    return {
      class: SECURITY_CLASSES[word & 3],
      algorithm: ALGORITHM_NAMES[(word >>> ALGORITHM_SHIFT) & 15],
      sequence: word >>> SEQUENCE_SHIFT,
      issuedAtSeconds: this.#words[at + 1],
    };
  }
}

function isBelow(value: number, bound: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < bound;
}
