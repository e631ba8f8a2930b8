import { cos, sin } from '@sema/simulator/elementary';
import { checkRange } from '../argument-checks.ts';

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
 * Probability of defecting, by the dynamics of Pothos & Busemeyer: a qubit of action and one of
 * belief start undecided, save for what is known, and evolve under
 *
 *   H = A + γB,  A = (μZ + X)/√(1 + μ²) on the action,  B = −(Z⊗Z + X on the belief)/√2.
 *
 * Both squares are 1, so H² = 1 + γ² − √2γK with K = n_z Z_belief + A X_belief and
 * K² = 1 + n_z², n_z = μ/√(1 + μ²): hence e^{−itH} = (c₀ + c₁K) − iH(s₀ + s₁K) in closed form. The
 * classical twin of `DilemmaCircuit.defection`.
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
  const { dissonance, time } = parameters;
  const { nx, nz } = utilityAxis(parameters.utility);
  const [low, high] = squaredEnergies(parameters);
  const k = Math.sqrt(1 + nz * nz);
  const [cosLow, cosHigh] = [cos(time * Math.sqrt(low)), cos(time * Math.sqrt(high))];
  const [sincLow, sincHigh] = [sineOverRoot(time, low), sineOverRoot(time, high)];
  const start = initialState(belief);
  const turned = applyK(start, nx, nz);
  const even = combine(start, (cosLow + cosHigh) / 2, turned, (cosLow - cosHigh) / (2 * k));
  const odd = combine(start, (sincLow + sincHigh) / 2, turned, (sincLow - sincHigh) / (2 * k));
  const imaginary = combine(applyA(odd, nx, nz), 1, applyB(odd), dissonance);
  let probability = 0;
  for (const defecting of [0, 2]) {
    probability += even[defecting] * even[defecting];
    probability += imaginary[defecting] * imaginary[defecting];
  }
  return Math.min(1, probability);
}

/** Direction of A in the plane of X and Z. */
export function utilityAxis(utility: number): { readonly nx: number; readonly nz: number } {
  const length = Math.sqrt(1 + utility * utility);
  return { nx: 1 / length, nz: utility / length };
}

/** H² where K is +√(1 + n_z²), and where it is −√(1 + n_z²). */
export function squaredEnergies({ utility, dissonance }: DilemmaParameters): [number, number] {
  const { nz } = utilityAxis(utility);
  const base = 1 + dissonance * dissonance;
  const split = Math.SQRT2 * dissonance * Math.sqrt(1 + nz * nz);
  return [Math.max(0, base - split), Math.max(0, base + split)];
}

/** sin(t√x)/√x. */
function sineOverRoot(time: number, x: number): number {
  const root = Math.sqrt(x);
  return root === 0 ? time : sin(time * root) / root;
}

/** Amplitudes of (action, belief) = (D, d), (C, d), (D, c), (C, c). */
type FourAmplitudes = readonly [number, number, number, number];

function initialState(belief: Belief): FourAmplitudes {
  if (belief === 'unknown') return [0.5, 0.5, 0.5, 0.5];
  const half = Math.SQRT1_2;
  return belief === 'defects' ? [half, half, 0, 0] : [0, 0, half, half];
}

function combine(a: FourAmplitudes, x: number, b: FourAmplitudes, y: number): FourAmplitudes {
  return [x * a[0] + y * b[0], x * a[1] + y * b[1], x * a[2] + y * b[2], x * a[3] + y * b[3]];
}

function applyA([dd, cd, dc, cc]: FourAmplitudes, nx: number, nz: number): FourAmplitudes {
  return [nz * dd + nx * cd, nx * dd - nz * cd, nz * dc + nx * cc, nx * dc - nz * cc];
}

function applyB([dd, cd, dc, cc]: FourAmplitudes): FourAmplitudes {
  const s = -Math.SQRT1_2;
  return [s * (dd + dc), s * (cc - cd), s * (dd - dc), s * (cd + cc)];
}

function applyK(state: FourAmplitudes, nx: number, nz: number): FourAmplitudes {
  const [dd, cd, dc, cc] = state;
  const [add, acd, adc, acc] = applyA(state, nx, nz);
  return [nz * dd + adc, nz * cd + acc, add - nz * dc, acd - nz * cc];
}
