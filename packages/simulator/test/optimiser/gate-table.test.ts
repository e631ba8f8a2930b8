import { expect, test } from 'vitest';
import { Circuit, fidelity, mulberry32, run } from '@sema/simulator';
import { gateCounts, optimise } from '@sema/simulator/optimiser';
import { readOpenQasm } from '@sema/simulator/openqasm';
import { randomState } from '../arbitrary-circuits.ts';
import { circuitPrograms, NO_DATA } from '../openqasm/circuit-programs.ts';
import published from './nam-2018-light.json' with { type: 'json' };
import { provedEqual } from './path-sum.ts';

/** All gates and T gates of each circuit, published. */
const LIGHT: Readonly<Record<string, readonly number[]>> = published.rows;

const programs = circuitPrograms('optimiser');
const circuits = [...programs].map(
  ([name, text]) => [name, readOpenQasm(text, { file: name }).circuit] as const,
);

if (programs.size === 0) test.skip(`the gate table is met, every output proved ${NO_DATA}`);
test.runIf(programs.size > 0)('every circuit of the table is there', () => {
  expect([...programs.keys()]).toEqual(expect.arrayContaining(Object.keys(LIGHT)));
});

test.each(circuits.filter(([name]) => name in LIGHT))(
  '%s: T gates as in the table, all gates within 5 %',
  (name, circuit) => {
    const [total, t] = LIGHT[name];
    const counts = gateCounts(optimise(circuit));
    expect(counts.t).toBe(t);
    expect(counts.total).toBeLessThanOrEqual(1.05 * total);
  },
);

test.each(circuits)('%s and its optimised form are proved equal', (_, circuit) => {
  expect(provedEqual(circuit, optimise(circuit))).toBe(true);
});

test.each(circuits.filter(([, circuit]) => circuit.qubits <= 15))(
  '%s and its optimised form take a random state to the same',
  (_, circuit) => {
    const before = randomState(circuit.qubits, mulberry32(8));
    const after = before.copy();
    run(circuit, before);
    run(optimise(circuit), after);
    // A few hundred gates round by less than 1e-12.
    expect(fidelity(before, after)).toBeCloseTo(1, 10);
  },
);

test('the proof finds a single wrong gate', () => {
  for (const [, circuit] of circuits.slice(0, 4)) {
    const wrong = new Circuit(circuit.qubits).append(optimise(circuit));
    expect(provedEqual(circuit, wrong)).toBe(true);
    expect(provedEqual(circuit, wrong.t(0))).toBe(false);
  }
  expect(provedEqual(new Circuit(2).cx(0, 1), new Circuit(2).cx(1, 0))).toBe(false);
  expect(provedEqual(new Circuit(1).h(0), new Circuit(1))).toBe(false);
  const toffoli = new Circuit(3).ccx(0, 1, 2);
  expect(provedEqual(toffoli, new Circuit(3).h(2).ccz(2, 0, 1).h(2))).toBe(true);
});
