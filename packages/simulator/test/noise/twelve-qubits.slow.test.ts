import { expect, test } from 'vitest';
import { Circuit, mulberry32 } from '@sema/simulator';
import {
  basisDensityMatrix,
  densityExpectation,
  phaseFlip,
  runDensityMatrix,
} from '@sema/simulator/noise';

test('a noisy GHZ state of twelve qubits is what phase flips leave of it', () => {
  const circuit = new Circuit(12, { bits: 1 }).h(0);
  for (let q = 1; q < 12; q++) circuit.cx(q - 1, q);
  const rho = basisDensityMatrix(12);
  const noise = { gates: [{ channel: phaseFlip(0.05), names: ['cx'] as const }] };
  runDensityMatrix(circuit, rho, { noise });
  const all = Object.fromEntries(Array.from({ length: 12 }, (_, q) => [q, 'X' as const]));
  // 22 flips, each of which changes the sign of the coherence that X…X sees.
  expect(densityExpectation(rho, [{ coefficient: 1, paulis: all }])).toBeCloseTo(0.9 ** 22, 12);
  expect(densityExpectation(rho, [{ coefficient: 1, paulis: { 0: 'Z', 11: 'Z' } }])).toBeCloseTo(
    1,
    12,
  );
  runDensityMatrix(new Circuit(12, { bits: 1 }).measure(11, 0), rho, { random: mulberry32(5) });
  const z = densityExpectation(rho, [{ coefficient: 1, paulis: { 0: 'Z' } }]);
  expect(Math.abs(z)).toBeCloseTo(1, 12);
});
