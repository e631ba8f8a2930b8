import { expect, test } from 'vitest';
import { Circuit, fidelity, mulberry32, run } from '@sema/simulator';
import { gateCounts, optimise } from '@sema/simulator/optimiser';
import { readOpenQasm } from '@sema/simulator/openqasm';
import { randomState } from '../arbitrary-circuits.ts';
import { circuitPrograms, NO_DATA } from '../openqasm/circuit-programs.ts';
import { provedEqual } from './path-sum.ts';

/** Nam et al. (2018), table 1, the column of the light optimisation: all gates, T gates. */
const LIGHT: Readonly<Record<string, readonly [total: number, t: number]>> = {
  barenco_tof_3: [42, 16],
  barenco_tof_4: [78, 28],
  barenco_tof_5: [114, 40],
  csla_mux_3: [161, 64],
  'gf2^4_mult': [187, 68],
  'gf2^5_mult': [296, 115],
  'gf2^6_mult': [403, 150],
  mod5_4: [51, 16],
  mod_mult_55: [91, 35],
  mod_red_21: [184, 73],
  qcla_com_7: [284, 95],
  rc_adder_6: [142, 47],
  tof_10: [175, 71],
  tof_3: [35, 15],
  tof_4: [55, 23],
  tof_5: [75, 31],
  vbe_adder_3: [89, 24],
};

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
