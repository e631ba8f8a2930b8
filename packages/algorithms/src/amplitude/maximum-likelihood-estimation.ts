import { cos, log, sin } from '@sema/simulator/elementary';
import type { RandomSource } from '@sema/simulator';
import { checkInteger, checkRange, checkValues } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { amplitudeAt, drawHits } from './amplitude-oracle.ts';
import type { AmplitudeEstimate, AmplitudeOracle } from './amplitude-oracle.ts';
import { angleRegion } from './angle-region.ts';

export interface MaximumLikelihoodOptions {
  /** The powers k of Q, 1 … 64 of them in [0, 4096], such as {@link exponentialPowers}. */
  readonly powers: readonly number[];
  /** Shots for each power, 1 … 1 000 000. */
  readonly shots: number;
  /** 1 − α, in [0.5, 0.999999]. */
  readonly confidence: number;
  readonly random: RandomSource;
}

/** Grid points for each half turn of the fastest sine: its maxima are told apart. */
const POINTS_PER_FRINGE = 8;
const REFINEMENTS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** 0, 1, 2, 4, … 2^(rounds − 1): the error falls as 1 over the calls. */
export function exponentialPowers(rounds: number): readonly number[] {
  checkInteger('rounds', rounds, { from: 0, to: 13 });
  return [0, ...Array.from({ length: rounds }, (_, k) => 1 << k)];
}

/**
 * Amplitude estimation without phase estimation: measures QᵏA|0⟩ for each of the powers and takes
 * the θ that makes the hits the most likely. The interval is exact: each power has its interval of
 * Clopper and Pearson, at shares of α that sum to α, and what all of them allow is kept. It is some
 * 40 % wider than what the likelihood ratio would keep, whose confidence is a limit of many shots
 * and falls short of what it states for few. Should nothing be left it is [0, 1].
 *
 * @throws {AlgorithmError} `OUT_OF_RANGE`, `EMPTY`
 * @see Suzuki et al. (2020), "Amplitude estimation without phase estimation"
 */
export function maximumLikelihoodEstimate(
  oracle: AmplitudeOracle,
  { powers, shots, confidence, random }: MaximumLikelihoodOptions,
): AmplitudeEstimate {
  checkValues('powers', powers, { from: 0, to: 4096 });
  for (const power of powers) checkInteger('power', power, { from: 0, to: 4096 });
  if (powers.length > 64) {
    throw new AlgorithmError('OUT_OF_RANGE', `${powers.length} powers are more than 64`);
  }
  checkInteger('shots', shots, { from: 1, to: 1_000_000 });
  checkRange('confidence', confidence, { from: 0.5, to: 0.999999 });
  const hits = powers.map((power) => drawHits(oracle, power, shots, random));
  const likelihood = (theta: number) => logLikelihood(theta, powers, hits, shots);

  const points = POINTS_PER_FRINGE * (2 * Math.max(...powers) + 1);
  const step = Math.PI / 2 / points;
  const values = Float64Array.from({ length: points + 1 }, (_, i) => likelihood(i * step));
  let peak = 0;
  for (let i = 1; i <= points; i += 1) if (values[i] > values[peak]) peak = i;
  const best = maximise(
    likelihood,
    Math.max(0, peak - 1) * step,
    Math.min(points, peak + 1) * step,
  );
  const region = angleRegion({ powers, hits, shots }, 1 - confidence);
  return {
    estimate: amplitudeAt(best),
    confidence,
    lower: region === undefined ? 0 : amplitudeAt(Math.min(best, region.from)),
    upper: region === undefined ? 1 : amplitudeAt(Math.max(best, region.to)),
    oracleCalls: powers.reduce((sum, power) => sum + power * shots, 0),
    shots: powers.length * shots,
  };
}

function logLikelihood(
  theta: number,
  powers: readonly number[],
  hits: readonly number[],
  shots: number,
): number {
  let sum = 0;
  for (let i = 0; i < powers.length; i += 1) {
    const angle = (2 * powers[i] + 1) * theta;
    // Twice the logarithm of the amplitude is that of the probability.
    if (hits[i] > 0) sum += 2 * hits[i] * log(Math.abs(sin(angle)));
    if (hits[i] < shots) sum += 2 * (shots - hits[i]) * log(Math.abs(cos(angle)));
  }
  return sum;
}

/** Golden-section search. */
function maximise(value: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < REFINEMENTS; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (value(left) >= value(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
