import type { Amplitudes } from '@sema/serializer';

/** A small generator for test data: Numerical Recipes' linear congruence, upper bits first. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A normalised state, `occupied` of whose amplitudes are set. */
export function randomState(qubits: number, seed: number, occupied = 2 ** qubits): Amplitudes {
  const next = generator(seed);
  const real = new Float64Array(2 ** qubits);
  const imaginary = new Float64Array(2 ** qubits);
  for (let k = 0; k < occupied; k += 1) {
    const at = occupied === real.length ? k : Math.floor(next() * real.length);
    real[at] = next() - 0.5;
    imaginary[at] = next() - 0.5;
  }
  let weight = 0;
  for (let i = 0; i < real.length; i += 1) weight += real[i] ** 2 + imaginary[i] ** 2;
  const scale = 1 / Math.sqrt(weight);
  return { real: real.map((x) => x * scale), imaginary: imaginary.map((x) => x * scale) };
}

/** The bits of every number, so that −0 and +0 differ. */
export function bits({ real, imaginary }: Amplitudes): readonly BigUint64Array[] {
  return [new BigUint64Array(real.slice().buffer), new BigUint64Array(imaginary.slice().buffer)];
}
