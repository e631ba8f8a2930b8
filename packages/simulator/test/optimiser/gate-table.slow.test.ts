import { expect, test } from 'vitest';
import { decompose, optimise } from '@sema/simulator/optimiser';
import { readOpenQasm } from '@sema/simulator/openqasm';
import { circuitPrograms, NO_DATA } from '../openqasm/circuit-programs.ts';
import { unitaryDistance } from './circuit-distance.ts';

const circuits = [...circuitPrograms('optimiser')]
  .map(([name, text]) => [name, readOpenQasm(text, { file: name }).circuit] as const)
  .filter(([, circuit]) => circuit.qubits <= 12);

if (circuits.length === 0) test.skip(`unitaries to 12 qubits are compared ${NO_DATA}`);

test.each(circuits)('%s: the matrices of all forms are equal up to a phase', (_, circuit) => {
  // Columns are exact to a few hundred roundings of 1e-16.
  expect(unitaryDistance(circuit, optimise(circuit))).toBeLessThan(1e-10);
  if (circuit.qubits > 10) return;
  expect(unitaryDistance(circuit, decompose(optimise(circuit), 'rz-sx-cx'))).toBeLessThan(1e-10);
});
