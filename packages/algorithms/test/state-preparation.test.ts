import { Circuit, run, StateVector } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groverRudolphAngles, lmsrPrices, prepareDistribution } from '../src/index.ts';
import { distribution, qubitCount } from './arbitraries.ts';

function prepared(probabilities: Float64Array): StateVector {
  const qubits = Array.from({ length: Math.log2(probabilities.length) }, (_, qubit) => qubit);
  const circuit = new Circuit(qubits.length);
  prepareDistribution(circuit, qubits, [...groverRudolphAngles(probabilities)]);
  const state = new StateVector(qubits.length);
  run(circuit, state);
  return state;
}

test('the market q = (3, 1, 0, −2), b = 2: both children turn alike as q₀ − q₁ = q₂ − q₃', () => {
  const angles = groverRudolphAngles(lmsrPrices([3, 1, 0, -2], 2));
  expect(angles).toHaveLength(3);
  [0.882595, 1.090415, 1.090415].forEach((angle, i) => expect(angles[i]).toBeCloseTo(angle, 6));
});

test('an even distribution turns every node by a right angle', () => {
  expect(groverRudolphAngles(new Float64Array(8).fill(0.125))).toEqual(
    new Float64Array(7).fill(Math.PI / 2),
  );
});

test('the angles are 2 arccos √(left / node), level by level', () => {
  const [root, left, right] = groverRudolphAngles([0.1, 0.2, 0.3, 0.4]);
  expect(root).toBeCloseTo(2 * Math.acos(Math.sqrt(0.3)), 14);
  expect(left).toBeCloseTo(2 * Math.acos(Math.sqrt(1 / 3)), 14);
  expect(right).toBeCloseTo(2 * Math.acos(Math.sqrt(3 / 7)), 14);
});

test('the circuit prepares the square roots of any distribution, signs included', () => {
  fc.assert(
    fc.property(
      qubitCount.chain((qubits) => distribution(2 ** qubits)),
      (probabilities) => {
        using state = prepared(probabilities);
        probabilities.forEach((probability, i) => {
          // A half-angle near π/2 is right to 1.2e-16, so each of 5 levels may leave that much
          // amplitude.
          expect(Math.abs(state.real[i] - Math.sqrt(probability))).toBeLessThan(1e-14);
          expect(state.imaginary[i]).toBe(0);
        });
      },
    ),
  );
});

test('a light half on the right is prepared to full relative precision', () => {
  using state = prepared(Float64Array.of(1 - 1e-200, 1e-200));
  expect(state.real[1] / 1e-100).toBeCloseTo(1, 14);
});

test('outcomes that cannot happen have angles too', () => {
  expect(groverRudolphAngles([0, 0, 0, 1])).toEqual(Float64Array.of(Math.PI, 0, Math.PI));
  expect(groverRudolphAngles([1, -0, -0, -0])).toEqual(Float64Array.of(0, 0, 0));
  expect(groverRudolphAngles([1])).toEqual(new Float64Array(0));
});

test('the preparation may sit on any qubits of a larger circuit', () => {
  const circuit = new Circuit(3);
  prepareDistribution(circuit, [2, 0], [...groverRudolphAngles([0.1, 0.2, 0.3, 0.4])]);
  using state = new StateVector(3);
  run(circuit, state);
  const expected = [0.1, 0.3, 0, 0, 0.2, 0.4, 0, 0];
  expected.forEach((probability, i) =>
    expect(state.real[i]).toBeCloseTo(Math.sqrt(probability), 14),
  );
});

describe('bad input is refused', () => {
  test.each([
    ['nothing', [], 'EMPTY'],
    ['three outcomes', [0.2, 0.3, 0.5], 'LENGTH_MISMATCH'],
    ['a negative probability', [1.5, -0.5], 'NOT_A_DISTRIBUTION'],
    ['NaN', [NaN, 1], 'NOT_A_DISTRIBUTION'],
    ['a sum that is not 1', [0.5, 0.500001], 'NOT_A_DISTRIBUTION'],
  ])('%s', (_, probabilities, code) => {
    expect(() => groverRudolphAngles(probabilities)).toThrow(expect.objectContaining({ code }));
  });

  test('the wrong number of angles', () => {
    expect(() => prepareDistribution(new Circuit(2), [0, 1], [1, 2])).toThrow(
      expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
    );
  });
});
