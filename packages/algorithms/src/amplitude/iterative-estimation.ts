import { acos } from '@sema/simulator/elementary';
import type { RandomSource } from '@sema/simulator';
import { checkInteger, checkRange } from '../argument-checks.ts';
import { amplitudeAt, drawHits } from './amplitude-oracle.ts';
import type { AmplitudeEstimate, AmplitudeOracle } from './amplitude-oracle.ts';
import { clopperPearson } from './binomial-interval.ts';

export interface IterativeOptions {
  /** ε: half of the width that the interval shall have at most; in [1e-9, 0.5]. */
  readonly epsilon: number;
  /** 1 − α, in [0.5, 0.999999]. */
  readonly confidence: number;
  /** Shots a look, 10 … 10 000; 60 when absent. */
  readonly shots?: number;
  readonly random: RandomSource;
}

/** Angles as parts of a whole turn; θ is in [0, ¼]. */
interface Turns {
  readonly from: number;
  readonly to: number;
}

/**
 * Iterative amplitude estimation: measures QᵏA|0⟩ for growing k, each time with the largest k for
 * which what is known of θ leaves (4k + 2)θ on one half of the circle, until the interval is narrow
 * enough. About 10 to 20 calls of Q per 1/ε.
 *
 * The intervals are exact (Clopper–Pearson). The chance of error is shared out in proportion to 2k
 * + 1, so that the shots that cost the most calls may be the fewest, and halved at each further
 * look at the same k; the shares sum to at most α, so that a is in the interval with probability 1
 * − α at least. The middle of the interval is a biased estimate.
 *
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 * @see Grinko, Gacon, Zoufal & Woerner (2021), "Iterative quantum amplitude estimation"; Fukuzawa,
 * Ho, Irani & Zion (2022), "Modified Iterative Quantum Amplitude Estimation is Asymptotically
 * Optimal" for the sharing
 */
export function iterativeEstimate(
  oracle: AmplitudeOracle,
  { epsilon, confidence, shots: shotsPerLook = 60, random }: IterativeOptions,
): AmplitudeEstimate {
  checkRange('epsilon', epsilon, { from: 1e-9, to: 0.5 });
  checkRange('confidence', confidence, { from: 0.5, to: 0.999999 });
  checkInteger('shots', shotsPerLook, { from: 10, to: 10_000 });
  // While the interval is too wide 2k + 1 is below this.
  const largest = Math.PI / (4 * epsilon);
  const alpha = 1 - confidence;
  let turns: Turns = { from: 0, to: 0.25 };
  let power = 0;
  let isUpper = true;
  let [hits, shots, looks] = [0, 0, 0];
  let [oracleCalls, allShots] = [0, 0];
  for (;;) {
    const [lower, upper] = [amplitudeOf(turns.from), amplitudeOf(turns.to)];
    if (upper - lower <= 2 * epsilon) {
      const estimate = (lower + upper) / 2;
      return { estimate, confidence, lower, upper, oracleCalls, shots: allShots };
    }
    const next = nextPower(power, turns);
    if (next !== undefined) {
      power = next.power;
      isUpper = next.isUpper;
      [hits, shots, looks] = [0, 0, 0];
    }
    hits += drawHits(oracle, power, shotsPerLook, random);
    shots += shotsPerLook;
    looks += 1;
    oracleCalls += power * shotsPerLook;
    allShots += shotsPerLook;
    const share = Math.min(1, (2 * power + 1) / (2 * largest)) * halved(looks);
    turns = narrowed(turns, power, isUpper, clopperPearson(hits, shots, alpha * share));
  }
}

function amplitudeOf(turn: number): number {
  return amplitudeAt(2 * Math.PI * turn);
}

/** 2^−looks, but never 0. */
function halved(looks: number): number {
  let share = 1;
  for (let look = 0; look < Math.min(looks, 200); look += 1) share /= 2;
  return share;
}

/**
 * The largest power at least about twice the present one for which both ends of the interval, times
 * 4k + 2, are on the same half of the circle.
 */
function nextPower(
  power: number,
  { from, to }: Turns,
): { readonly power: number; readonly isUpper: boolean } | undefined {
  const present = 4 * power + 2;
  const most = Math.floor(1 / (2 * (to - from)));
  // The present power is kept when it is all there is, save at the beginning.
  for (let factor = most - ((most + 2) % 4); factor >= 2 * present; factor -= 4) {
    const half = Math.floor(2 * factor * from);
    if (2 * factor * to <= half + 1) return { power: (factor - 2) / 4, isUpper: half % 2 === 0 };
  }
  return undefined;
}

/** What is known of θ when QᵏA|0⟩ hits with a probability in [lower, upper]. */
function narrowed(
  { from, to }: Turns,
  power: number,
  isUpper: boolean,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): Turns {
  const factor = 4 * power + 2;
  const [low, high] = [acos(1 - 2 * lower), acos(1 - 2 * upper)].map((x) => x / (2 * Math.PI));
  const rounds = Math.floor(factor * (from + (to - from) / 2));
  const [first, last] = isUpper ? [low, high] : [1 - high, 1 - low];
  const found = { from: (rounds + first) / factor, to: (rounds + last) / factor };
  const both = { from: Math.max(from, found.from), to: Math.min(to, found.to) };
  // Apart only if one of the two is wrong; the later one rests on more.
  return both.from <= both.to ? both : found;
}
