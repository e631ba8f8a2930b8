import { Circuit, fidelity, run, StateVector } from '@sema/simulator';
import { gateCounts } from '@sema/simulator/optimiser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  groverRudolphAngles,
  mottonenAngles,
  prepareDistribution,
  prepareWithCnots,
} from '../src/index.ts';
import { distribution } from './arbitraries.ts';

function prepared(probabilities: Float64Array): StateVector {
  return StateVector.from(Float64Array.from(probabilities, Math.sqrt));
}

const indices = (count: number) => Array.from({ length: count }, (_, i) => i);

test.each([1, 2, 3, 4, 5, 8, 10])(
  'on %s qubits it takes 2^n − 1 RY and 2^n − 2 CNOT, the multiplexed form n rotations',
  (n) => {
    const masses = new Float64Array(2 ** n).map((_, i) => (i + 1) / ((2 ** n * (2 ** n + 1)) / 2));
    const angles = groverRudolphAngles(masses);
    const circuit = new Circuit(n);
    prepareWithCnots(circuit, indices(n), [...mottonenAngles(angles)]);
    const names = circuit.operations.map((operation) =>
      operation.kind === 'gate' ? `${'c'.repeat(operation.controls.length)}${operation.gate}` : '?',
    );
    expect(names.filter((name) => name === 'ry')).toHaveLength(2 ** n - 1);
    expect(names.filter((name) => name === 'cx')).toHaveLength(2 ** n - 2);
    expect(names).toHaveLength(2 ** (n + 1) - 3);
    expect(gateCounts(circuit).entangling).toBe(2 ** n - 2);

    const multiplexed = new Circuit(n);
    prepareDistribution(multiplexed, indices(n), [...angles]);
    expect(multiplexed.operations).toHaveLength(n);
  },
);

test('both preparations reach a fidelity of 1 − 1e-12 on any distribution', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }).chain((n) => distribution(2 ** n)),
      (masses) => {
        const n = Math.log2(masses.length);
        const angles = groverRudolphAngles(masses);
        using expected = prepared(masses);
        for (const prepare of [
          (circuit: Circuit) => {
            prepareDistribution(circuit, indices(n), [...angles]);
          },
          (circuit: Circuit) => {
            prepareWithCnots(circuit, indices(n), [...mottonenAngles(angles)]);
          },
        ]) {
          const circuit = new Circuit(n);
          prepare(circuit);
          using state = new StateVector(n);
          run(circuit, state);
          expect(fidelity(state, expected)).toBeGreaterThanOrEqual(1 - 1e-12);
        }
      },
    ),
  );
});

test('two levels by hand: α′ = ((α₀ + α₁)/2, (α₀ − α₁)/2)', () => {
  expect(mottonenAngles([0.5, 0.75, 0.25])).toEqual(Float64Array.of(0.5, 0.5, 0.25));
});

test.each([0, 2, 4, 5])('%s angles are refused', (count) => {
  expect(() => mottonenAngles(new Float64Array(count))).toThrow(
    expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
  );
  expect(() => {
    prepareWithCnots(new Circuit(2), [0, 1], [...new Float64Array(count)]);
  }).toThrow(expect.objectContaining({ code: 'LENGTH_MISMATCH' }));
});
