import type { AlgorithmName } from '../algorithms/algorithm.ts';
import { SynthesisCryptoError } from '../errors.ts';

export type CostedOperation = 'generate' | 'sign' | 'verify';

export interface ChooserOptions {
  /** How often each operation happens for one key, such as {generate: 1, sign: 20, verify: 20}. */
  readonly mix: Readonly<Record<CostedOperation, number>>;
  /** How fast the mean cost follows, in (0, 1]. */
  readonly gain: number;
  /** How often an algorithm is tried before its cost counts. */
  readonly minimumSamples: number;
}

interface Cost {
  samples: number;
  readonly meanNs: Map<CostedOperation, number>;
}

/**
 * Picks the algorithm that has cost least among those of one class. The class itself is never its
 * business: it only ever picks from the list it is given.
 */
export class AlgorithmChooser {
  readonly #options: ChooserOptions;
  readonly #costs = new Map<AlgorithmName, Cost>();

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` */
  constructor(options: ChooserOptions) {
    const { mix, gain, minimumSamples } = options;
    const isMix = [mix.generate, mix.sign, mix.verify].every((share) => share >= 0);
    if (!isMix || !(gain > 0 && gain <= 1) || !(minimumSamples >= 1)) {
      throw new SynthesisCryptoError('LIMIT_INVALID', 'the mix, gain or samples make no sense');
    }
    this.#options = options;
  }

  /** @throws {SynthesisCryptoError} `OBSERVATION_INVALID` unless finite and ≥ 0. */
  record(algorithm: AlgorithmName, operation: CostedOperation, durationNs: number): void {
    if (!Number.isFinite(durationNs) || durationNs < 0) {
      throw new SynthesisCryptoError('OBSERVATION_INVALID', `${durationNs} ns is no duration`);
    }
    const cost: Cost = this.#costs.get(algorithm) ?? { samples: 0, meanNs: new Map() };
    const before = cost.meanNs.get(operation);
    const { gain } = this.#options;
    const mean = before === undefined ? durationNs : before + gain * (durationNs - before);
    cost.meanNs.set(operation, mean);
    cost.samples += 1;
    this.#costs.set(algorithm, cost);
  }

  /**
   * The first that has not been tried enough, else the cheapest; the earlier one if they tie.
   *
   * @throws {SynthesisCryptoError} `ALGORITHM_UNKNOWN` for an empty list.
   */
  choose = (algorithms: readonly AlgorithmName[]): AlgorithmName => {
    const untried = algorithms.find(
      (name) => (this.#costs.get(name)?.samples ?? 0) < this.#options.minimumSamples,
    );
    const [first] = algorithms;
    if (first === undefined) {
      throw new SynthesisCryptoError('ALGORITHM_UNKNOWN', 'there is nothing to choose from');
    }
    const cheapest = algorithms.reduce((best, name) =>
      this.#expectedNs(name) < this.#expectedNs(best) ? name : best,
    );
    return untried ?? cheapest;
  };

  /** What a key and its use is expected to cost, over the operations that were seen. */
  #expectedNs(algorithm: AlgorithmName): number {
    const means = this.#costs.get(algorithm)?.meanNs;
    const { mix } = this.#options;
    const share = (operation: CostedOperation): number =>
      mix[operation] * (means?.get(operation) ?? 0);
    return share('generate') + share('sign') + share('verify');
  }
}
