import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hedge, hedgeRotation, hedgeUpdate, rotateWeights } from '../src/index.ts';
import { distribution, finite, floats, qubitCount, register } from './arbitraries.ts';

const round = qubitCount.chain((qubits) =>
  fc.record({
    weights: distribution(2 ** qubits),
    losses: floats(2 ** qubits, 0, 1),
    learningRate: finite(1e-6, 10),
  }),
);

test('the rotation is orthogonal and takes each round’s weights to the next', () => {
  fc.assert(
    fc.property(round, ({ weights, losses, learningRate }) => {
      const n = weights.length;
      const matrix = hedgeRotation(weights, losses, learningRate);
      const at = (row: number, column: number) => matrix[2 * (row * n + column)];
      for (let a = 0; a < n; a += 1) {
        for (let b = 0; b < n; b += 1) {
          let product = 0;
          for (let k = 0; k < n; k += 1) product += at(k, a) * at(k, b);
          expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-12);
        }
      }
      const rotated = rotateWeights(weights, losses, learningRate, register(5));
      hedgeUpdate(weights, losses, learningRate).weights.forEach((weight, i) =>
        expect(Math.abs(rotated[i] - weight)).toBeLessThan(1e-13),
      );
    }),
    { numRuns: 60 },
  );
});

test('to first order it is the flow of i(η/2)[|ψ⟩⟨ψ|, L]', () => {
  const weights = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  const losses = Float64Array.of(1, 0.25, 0, 0.5);
  const learningRate = 1e-4;
  const matrix = hedgeRotation(weights, losses, learningRate);
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4; column += 1) {
      const psi = Math.sqrt(weights[row] * weights[column]);
      // e^{−iA} ≈ 1 − iA, and −i·i(η/2)[ρ, L] is real.
      const flow = (learningRate / 2) * psi * (losses[column] - losses[row]);
      const entry = matrix[2 * (row * 4 + column)] - (row === column ? 1 : 0);
      expect(Math.abs(entry - flow)).toBeLessThan(1e-8);
    }
  }
});

test('over 200 rounds it stays with Hedge', () => {
  const hedge = new Hedge({ experts: 8, learningRate: 0.2 });
  let weights = hedge.weights();
  for (let t = 0; t < 200; t += 1) {
    const losses = weights.map((_, i) => ((t * (i + 3)) % 11) / 10);
    weights = rotateWeights(weights, losses, 0.2, register(3));
    hedge.update(losses);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    expect(sum).toBeCloseTo(1, 12);
  }
  hedge.weights().forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 12));
});

test('losses that are all alike turn nothing', () => {
  const matrix = hedgeRotation([0.25, 0.75], [0.5, 0.5], 1);
  matrix.forEach((entry, i) => expect(entry).toBeCloseTo(i === 0 || i === 6 ? 1 : 0, 12));
});

describe('bad input is refused', () => {
  test.each([
    ['weights that do not sum', [0.5, 0.4], [0, 1], 2, 'NOT_A_DISTRIBUTION'],
    ['a loss above 1', [0.5, 0.5], [0, 2], 2, 'OUT_OF_RANGE'],
    ['three weights', [0.2, 0.3, 0.5], [0, 1, 0], 2, 'LENGTH_MISMATCH'],
    ['one weight', [1], [0], 2, 'OUT_OF_RANGE'],
    ['a register that is too small', [0.5, 0.5], [0, 1], 0, 'REGISTER_TOO_SMALL'],
  ])('%s', (_, weights, losses, size, code) => {
    expect(() => rotateWeights(weights, losses, 1, register(size))).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });
});
