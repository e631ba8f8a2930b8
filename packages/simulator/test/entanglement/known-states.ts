import fc from 'fast-check';
import {
  Circuit,
  type DensityMatrix,
  mulberry32,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import { randomState } from '../arbitrary-circuits.ts';

/** Sums of at most a thousand products of numbers below 1. */
export const ROUNDING = 1e-12;
/** Roots of roundings. */
export const ROOT_ROUNDING = 1e-7;

export const count = (length: number) => Array.from({ length }, (_, index) => index);
export const whole = (state: StateVector) => reducedDensityMatrix(state, count(state.qubits));
export const bell = whole(StateVector.from([Math.SQRT1_2, 0, 0, Math.SQRT1_2]));

/** Σ weight·ρ */
export function mixed(...terms: readonly (readonly [number, DensityMatrix])[]): DensityMatrix {
  const sum = (part: 'real' | 'imaginary') =>
    terms[0][1][part].map((_, k) => terms.reduce((s, [w, rho]) => s + w * rho[part][k], 0));
  return { ...terms[0][1], real: sum('real'), imaginary: sum('imaginary') };
}

export function noise(qubits: number): DensityMatrix {
  const dimension = 2 ** qubits;
  const real = Float64Array.from({ length: dimension ** 2 }, (_, k) =>
    k % (dimension + 1) === 0 ? 1 / dimension : 0,
  );
  return { qubits, dimension, real, imaginary: real.map(() => 0) };
}

export const werner = (p: number) => mixed([p, bell], [1 - p, noise(2)]);
export const ghz = (qubits: number) => {
  const circuit = new Circuit(qubits).h(0);
  for (let q = 1; q < qubits; q++) circuit.cx(q - 1, q);
  const state = new StateVector(qubits);
  run(circuit, state);
  return state;
};
const third = Math.sqrt(1 / 3);
export const w3 = StateVector.from([0, third, third, 0, third, 0, 0, 0]);

export const seed = fc.nat({ max: 2 ** 31 });
export const weight = fc.double({ min: 0, max: 1, noNaN: true });
/** States of any rank: the halves of random pure states. */
export const randomMixed = (qubits: number, seeded: number) =>
  reducedDensityMatrix(randomState(qubits + (seeded % 4), mulberry32(seeded)), count(qubits));
