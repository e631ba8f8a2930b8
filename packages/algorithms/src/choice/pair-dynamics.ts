import { cos, sin } from '@sema/simulator/elementary';

/**
 * Two qubits, inner and outer, under
 *
 *   H = A + γB,  A = (μZ + X)/√(1 + μ²) on the inner,  B = −(Z⊗Z + X on the outer)/√2.
 *
 * Both squares are 1, so H² = 1 + γ² − √2γK with K = n_z Z_outer + A X_outer and K² = 1 + n_z²,
 * n_z = μ/√(1 + μ²): hence e^{−itH} = (c₀ + c₁K) − iH(s₀ + s₁K) in closed form.
 */
export interface PairDynamics {
  /** μ: how strongly the inner qubit is drawn to 0. */
  readonly utility: number;
  /** γ: how strongly the two pull each other into line. */
  readonly dissonance: number;
  /** t; negative to go back. */
  readonly time: number;
}

/** Amplitudes of (inner, outer) = (0, 0), (1, 0), (0, 1), (1, 1). */
export type FourAmplitudes = readonly [number, number, number, number];

export interface PairState {
  readonly real: FourAmplitudes;
  readonly imaginary: FourAmplitudes;
}

/** e^{−itH} of a state. */
export function evolvePair({ real, imaginary }: PairState, dynamics: PairDynamics): PairState {
  const fromReal = evolveReal(real, dynamics);
  const fromImaginary = evolveReal(imaginary, dynamics);
  return {
    real: combine(fromReal.real, 1, fromImaginary.imaginary, -1),
    imaginary: combine(fromReal.imaginary, 1, fromImaginary.real, 1),
  };
}

function evolveReal(state: FourAmplitudes, dynamics: PairDynamics): PairState {
  const { dissonance, time } = dynamics;
  const { nx, nz } = utilityAxis(dynamics.utility);
  const [low, high] = squaredEnergies(dynamics);
  const k = Math.sqrt(1 + nz * nz);
  const [cosLow, cosHigh] = [cos(time * Math.sqrt(low)), cos(time * Math.sqrt(high))];
  const [sincLow, sincHigh] = [sineOverRoot(time, low), sineOverRoot(time, high)];
  const turned = applyK(state, nx, nz);
  const even = combine(state, (cosLow + cosHigh) / 2, turned, (cosLow - cosHigh) / (2 * k));
  const odd = combine(state, (sincLow + sincHigh) / 2, turned, (sincLow - sincHigh) / (2 * k));
  return { real: even, imaginary: combine(applyA(odd, nx, nz), -1, applyB(odd), -dissonance) };
}

/** Direction of A in the plane of X and Z. */
export function utilityAxis(utility: number): { readonly nx: number; readonly nz: number } {
  const length = Math.sqrt(1 + utility * utility);
  return { nx: 1 / length, nz: utility / length };
}

/** H² where K is +√(1 + n_z²), and where it is −√(1 + n_z²). */
export function squaredEnergies({ utility, dissonance }: PairDynamics): [number, number] {
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

function combine(a: FourAmplitudes, x: number, b: FourAmplitudes, y: number): FourAmplitudes {
  return [x * a[0] + y * b[0], x * a[1] + y * b[1], x * a[2] + y * b[2], x * a[3] + y * b[3]];
}

function applyA([a, b, c, d]: FourAmplitudes, nx: number, nz: number): FourAmplitudes {
  return [nz * a + nx * b, nx * a - nz * b, nz * c + nx * d, nx * c - nz * d];
}

function applyB([a, b, c, d]: FourAmplitudes): FourAmplitudes {
  const s = -Math.SQRT1_2;
  return [s * (a + c), s * (d - b), s * (a - c), s * (b + d)];
}

function applyK(state: FourAmplitudes, nx: number, nz: number): FourAmplitudes {
  const [a, b, c, d] = state;
  const [ra, rb, rc, rd] = applyA(state, nx, nz);
  return [nz * a + rc, nz * b + rd, ra - nz * c, rb - nz * d];
}
