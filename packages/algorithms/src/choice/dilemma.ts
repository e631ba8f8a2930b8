import { checkRange } from '../argument-checks.ts';
import { evolvePair } from './pair-dynamics.ts';
import type { FourAmplitudes } from './pair-dynamics.ts';

/** What somebody in a prisoner's dilemma knows of the other's choice. */
export type Belief = 'defects' | 'cooperates' | 'unknown';

/** Parameters of the dynamics of Pothos & Busemeyer (2009). */
export interface DilemmaParameters {
  /** μ in [−100, 100]: how much better defecting pays. */
  readonly utility: number;
  /** γ in [−100, 100]: how strongly action and belief pull each other into line. */
  readonly dissonance: number;
  /** t in [0, 1000]: how long somebody thinks. */
  readonly time: number;
}

/** Their fit to the experiments of Shafir & Tversky (1992). */
export const POTHOS_BUSEMEYER_2009: DilemmaParameters = Object.freeze({
  utility: 0.51,
  dissonance: 2.09,
  time: Math.PI / 2,
});

const STRENGTH = { from: -100, to: 100 };
const TIME = { from: 0, to: 1000 };

/** @throws {AlgorithmError} `OUT_OF_RANGE` */
export function checkDilemma({ utility, dissonance, time }: DilemmaParameters): void {
  checkRange('utility', utility, STRENGTH);
  checkRange('dissonance', dissonance, STRENGTH);
  checkRange('time', time, TIME);
}

/**
 * Probability of defecting, by the dynamics of Pothos & Busemeyer: a qubit of action (0 = defect)
 * and one of belief (0 = the other defects) start undecided, save for what is known, and evolve in
 * closed form. The classical twin of `DilemmaCircuit.defection`.
 *
 * Without dissonance the unknown case is the mean of the two known ones, as the law of total
 * probability wants; with it, it is not.
 *
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 * @see Pothos & Busemeyer (2009), "A quantum probability explanation for violations of 'rational'
 * decision theory"
 */
export function defectionProbability(belief: Belief, parameters: DilemmaParameters): number {
  checkDilemma(parameters);
  const start = { real: initialState(belief), imaginary: [0, 0, 0, 0] as const };
  const { real, imaginary } = evolvePair(start, parameters);
  let probability = 0;
  for (const defecting of [0, 2]) {
    probability += real[defecting] * real[defecting];
    probability += imaginary[defecting] * imaginary[defecting];
  }
  return Math.min(1, probability);
}

function initialState(belief: Belief): FourAmplitudes {
  if (belief === 'unknown') return [0.5, 0.5, 0.5, 0.5];
  const half = Math.SQRT1_2;
  return belief === 'defects' ? [half, half, 0, 0] : [0, 0, half, half];
}
