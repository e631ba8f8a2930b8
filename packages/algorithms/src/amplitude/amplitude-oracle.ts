import { asin, sin } from '@sema/simulator/elementary';
import type { RandomSource } from '@sema/simulator';
import { checkRange } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';

/**
 * A preparation A whose marked qubit reads 1 with the probability a that is sought, and the Grover
 * operator Q = −A S₀ A† S_χ made of it.
 */
export interface AmplitudeOracle {
  /**
   * The probability of 1 in QᵏA|0⟩, which is sin²((2k + 1)θ) with a = sin²θ.
   *
   * @param power - k, a whole number ≥ 0.
   */
  hitProbability(power: number): number;
}

/** What an estimate of a probability says. */
export interface AmplitudeEstimate {
  readonly estimate: number;
  /** With at least this probability a is in [lower, upper]. */
  readonly confidence: number;
  readonly lower: number;
  readonly upper: number;
  /** How often Q was applied, over all shots. */
  readonly oracleCalls: number;
  /** How often a circuit was run and measured. */
  readonly shots: number;
}

/**
 * The oracle of a known amplitude, by its closed form: for powers beyond what circuits can be run
 * with.
 *
 * @param amplitude - a in [0, 1].
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function closedFormOracle(amplitude: number): AmplitudeOracle {
  checkRange('amplitude', amplitude, { from: 0, to: 1 });
  const theta = asin(Math.sqrt(amplitude));
  return {
    hitProbability(power) {
      const amplified = sin((2 * power + 1) * theta);
      return amplified * amplified;
    },
  };
}

/**
 * How many of `shots` runs of QᵏA|0⟩ read 1. Draws one number a shot.
 *
 * @throws {AlgorithmError} `OUT_OF_RANGE` when the oracle gives no probability.
 */
export function drawHits(
  oracle: AmplitudeOracle,
  power: number,
  shots: number,
  random: RandomSource,
): number {
  const probability = oracle.hitProbability(power);
  // Rounding may carry a sum of squares past 1.
  checkRange('hit probability', probability, { from: 0, to: 1 + 1e-9 });
  let hits = 0;
  for (let shot = 0; shot < shots; shot += 1) {
    const drawn = random.next();
    if (!(drawn >= 0 && drawn < 1)) {
      throw new AlgorithmError('OUT_OF_RANGE', `the random source gave ${drawn}, not in [0, 1)`);
    }
    if (drawn < probability) hits += 1;
  }
  return hits;
}

/** sin²θ. */
export function amplitudeAt(theta: number): number {
  const amplitude = sin(theta);
  return amplitude * amplitude;
}
