import { checkRange } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { evolvePair } from './pair-dynamics.ts';
import type { FourAmplitudes, PairState } from './pair-dynamics.ts';

/** A piece of evidence, from a source with its own perspective. */
export interface Evidence {
  /** Whether it speaks for the hypothesis. */
  readonly favours: boolean;
  /** How far the perspective of its source is turned from that of the mind, in [−1000, 1000]. */
  readonly turn: number;
}

/**
 * The two sources of the diagnosis task of Trueblood & Busemeyer (2011), fitted: a medical history
 * that speaks for a disease, and a laboratory test against it.
 */
export const TRUEBLOOD_BUSEMEYER_2011: {
  readonly prior: number;
  readonly history: Evidence;
  readonly test: Evidence;
} = Object.freeze({
  prior: 0.676,
  history: Object.freeze({ favours: true, turn: 4.4045 * Math.SQRT2 }),
  test: Object.freeze({ favours: false, turn: 0.3306 * Math.SQRT2 }),
});

const PRIOR = { from: 0, to: 1 };
const TURN = { from: -1000, to: 1000 };

/** What turns one perspective into another: H of `PairDynamics` at μ = 1 and γ = −1. */
export const PERSPECTIVE = { utility: 1, dissonance: -1 };

/** @throws {AlgorithmError} `OUT_OF_RANGE` */
export function checkEvidence(prior: number, evidence: readonly Evidence[]): void {
  checkRange('prior', prior, PRIOR);
  evidence.forEach(({ turn }, i) => {
    checkRange(`evidence[${i}].turn`, turn, TURN);
  });
}

/** Less than this is rounding. */
const IMPOSSIBLE = 1e-12;

/** @throws {AlgorithmError} `NOT_A_DISTRIBUTION` */
export function checkPossible(index: number, probability: number): void {
  if (!(probability > IMPOSSIBLE)) {
    throw new AlgorithmError(
      'NOT_A_DISTRIBUTION',
      `evidence[${index}] cannot be: its probability is ${probability}`,
    );
  }
}

/**
 * Judged probability of a hypothesis before any evidence and after each piece. Each is looked at
 * from the perspective of its source, so that the order of the same pieces matters. The classical
 * twin of `EvidenceCircuit.judge`.
 *
 * @param prior - in [0, 1].
 * @returns one more than there are pieces.
 * @throws {AlgorithmError} `OUT_OF_RANGE`, `NOT_A_DISTRIBUTION` for evidence of probability 0 (to
 * 1e-12).
 * @see Trueblood & Busemeyer (2011), "A Quantum Probability Account of Order Effects in Inference"
 */
export function judgeInOrder(prior: number, evidence: readonly Evidence[]): Float64Array {
  checkEvidence(prior, evidence);
  const [yes, no] = [Math.sqrt(prior / 2), Math.sqrt((1 - prior) / 2)];
  let mind: PairState = { real: [yes, yes, no, no], imaginary: [0, 0, 0, 0] };
  let turned = 0;
  const judged = Float64Array.of(prior, ...evidence.map(() => 0));
  evidence.forEach(({ favours, turn }, i) => {
    const seen = evolvePair(mind, { ...PERSPECTIVE, time: turn - turned });
    const present = weightOf(seen, favours ? 0 : 1);
    const absent = weightOf(seen, favours ? 2 : 3);
    checkPossible(i, present + absent);
    const scale = 1 / Math.sqrt(present + absent);
    mind = {
      real: keep(seen.real, favours, scale),
      imaginary: keep(seen.imaginary, favours, scale),
    };
    judged[i + 1] = present / (present + absent);
    turned = turn;
  });
  return judged;
}

function weightOf({ real, imaginary }: PairState, basis: 0 | 1 | 2 | 3): number {
  return real[basis] * real[basis] + imaginary[basis] * imaginary[basis];
}

function keep([a, b, c, d]: FourAmplitudes, favours: boolean, scale: number): FourAmplitudes {
  return favours ? [scale * a, 0, scale * c, 0] : [0, scale * b, 0, scale * d];
}
