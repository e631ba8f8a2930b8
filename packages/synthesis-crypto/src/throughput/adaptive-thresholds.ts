import { SynthesisCryptoError } from '../errors.ts';
import type { Policy, Thresholds } from '../policy.ts';

const MAX_WINDOW = 65536;

/**
 * Thresholds that follow the energies of late: the largest quarter of the window should fall into
 * high or above and the largest twentieth into maximum, half into medium or above. Whatever the
 * energies, thresholds stay between the lowest that the signed policy states and its own, so that
 * adapting can only raise a class.
 */
export class AdaptiveThresholds {
  readonly #policy: Policy;
  readonly #window: bigint[] = [];
  readonly #capacity: number;
  #next = 0;

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` unless 20 ≤ window ≤ 65536. */
  constructor(policy: Policy, window: number) {
    if (!Number.isInteger(window) || window < 20 || window > MAX_WINDOW) {
      throw new SynthesisCryptoError('LIMIT_INVALID', `a window has 20 to ${MAX_WINDOW} energies`);
    }
    this.#policy = policy;
    this.#capacity = window;
  }

  /** @throws {SynthesisCryptoError} `ENERGY_INVALID` */
  observe(energy: bigint): void {
    if (typeof energy !== 'bigint' || energy < 0n) {
      throw new SynthesisCryptoError('ENERGY_INVALID', 'an energy is a bigint of at least 0');
    }
    this.#window[this.#next] = energy;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** The policy's own until the window is full. O(w log w) for w energies. */
  current(): Thresholds {
    const { thresholds, lowestThresholds } = this.#policy;
    if (this.#window.length < this.#capacity) return thresholds;
    const sorted = this.#window.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
    const within = (index: number, share: number): bigint => {
      const wanted = sorted[Math.floor(share * sorted.length)];
      const [low, high] = [lowestThresholds[index], thresholds[index]];
      if (wanted < low) return low;
      return wanted > high ? high : wanted;
    };
    const medium = within(0, 0.5);
    // Bounds of neighbours may overlap, and thresholds must ascend.
    const high = larger(within(1, 0.75), medium + 1n);
    return [medium, high, larger(within(2, 0.95), high + 1n)];
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
