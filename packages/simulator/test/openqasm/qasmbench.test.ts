import { expect, test } from 'vitest';
import { fidelity, mulberry32, run, StateVector } from '@sema/simulator';
import { type OpenQasmProgram, readOpenQasm, writeOpenQasm } from '@sema/simulator/openqasm';
import { circuitPrograms, NO_DATA } from './circuit-programs.ts';

const programs = circuitPrograms('qasmbench-small');
const known = programs.size > 0;

/** These measure registers q and c that they never declare. */
const FAULTY: ReadonlyMap<string, number> = new Map([
  ['vqe_uccsd_n4', 225],
  ['vqe_uccsd_n6', 2286],
]);

/** Gives a faulty program what it forgot: a register of bits, and the name of its qubits. */
function mended(text: string): string {
  return text
    .replace(/^qreg reg\[(\d+)\];$/m, 'qreg reg[$1];\ncreg c[$1];')
    .replaceAll(/^measure q\[/gm, 'measure reg[');
}

function outcome({ circuit }: OpenQasmProgram, seed: number) {
  const state = new StateVector(circuit.qubits);
  const { bits } = run(circuit, state, { random: mulberry32(seed) });
  return { state, bits: [...bits] };
}

function expectSameRuns(a: OpenQasmProgram, b: OpenQasmProgram): void {
  expect([b.circuit.qubits, b.circuit.bits]).toEqual([a.circuit.qubits, a.circuit.bits]);
  for (const seed of [1, 2, 3]) {
    const [first, second] = [outcome(a, seed), outcome(b, seed)];
    expect(second.bits).toEqual(first.bits);
    // A thousand gates round by at most 1e-13.
    expect(fidelity(first.state, second.state)).toBeCloseTo(1, 11);
  }
}

test.runIf(known)(`all 30 programs of qasmbench-small are there`, () => {
  expect(programs.size).toBe(30);
});
if (!known) test.skip(`QASMBench programs parse, run and survive a round trip ${NO_DATA}`);

test.each([...programs])(
  '%s parses, runs and survives a round trip in both versions',
  (name, text) => {
    const program = readOpenQasm(FAULTY.has(name) ? mended(text) : text, { file: name });
    for (const version of [2, 3] as const) {
      const written = writeOpenQasm(program.circuit, { ...program, version });
      const again = readOpenQasm(written);
      expectSameRuns(program, again);
      expect(again.qubitRegisters).toEqual(program.qubitRegisters);
      expect(writeOpenQasm(again.circuit, { ...again, version })).toBe(written);
    }
  },
);

test.each([...programs].filter(([name]) => FAULTY.has(name)))(
  '%s as published uses a register it does not declare, and is refused there',
  (name, text) => {
    expect(() => readOpenQasm(text, { file: name })).toThrow(
      expect.objectContaining({ code: 'OPENQASM_MEANING', line: FAULTY.get(name) }),
    );
  },
);
