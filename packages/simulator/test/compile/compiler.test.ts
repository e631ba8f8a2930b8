import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import {
  Circuit,
  compile,
  Compiler,
  expectationValue,
  mulberry32,
  run,
  sample,
  SimulatorError,
  StateVector,
} from '@sema/simulator';
import { cos } from '@sema/simulator/elementary';
import { nodeThreads } from '@sema/simulator/threads';
import { Memory } from '../../src/compile/memory.ts';
import { distance, randomCircuit, randomState } from './random-circuit.ts';

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof SimulatorError ? error.code : String(error);
  }
  return undefined;
}

function ansatz(qubits: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let qubit = 0; qubit < qubits; qubit++) {
    circuit.ry(circuit.parameter(`t${qubit}`), qubit).rz(circuit.parameter('phi'), qubit);
  }
  for (let qubit = 0; qubit + 1 < qubits; qubit++) circuit.cx(qubit, qubit + 1);
  return circuit;
}

test('a program prepares a GHZ state', () => {
  using program = compile(new Circuit(3).h(0).cx(0, 1).cx(1, 2), { precision: 'f64' });
  using state = program.state();
  program.run(state);
  expect(state.real[0]).toBeCloseTo(Math.SQRT1_2, 15);
  expect(state.real[7]).toBeCloseTo(Math.SQRT1_2, 15);
});

test('a structure is compiled once, whatever its angles', () => {
  using compiler = new Compiler();
  for (let i = 0; i < 10; i++) {
    const circuit = new Circuit(8)
      .ry(0.1 + i / 10, 3)
      .cx(3, 4)
      .rz(i + 0.5, 7)
      .h(7);
    using program = compiler.compile(circuit, 'f64');
    using state = program.state();
    const expected = new StateVector(8);
    run(circuit, expected);
    program.run(state);
    expect(distance(state, expected)).toBeLessThan(1e-15);
  }
  expect(compiler.cachedPlans).toBe(1);
});

test('regions that are given back are taken again', () => {
  const memory = new Memory(1 << 20, false);
  const [a, b, c] = [100, 200, 300].map((bytes) => memory.take(bytes));
  memory.giveBack(b);
  const again = memory.take(150);
  expect(again.address).toBe(b.address);
  memory.giveBack(a);
  memory.giveBack(again);
  memory.giveBack(c);
  expect(memory.take(600).address).toBe(a.address);
  expect(codeOf(() => memory.take(1 << 20))).toBe('OUT_OF_MEMORY');
});

test('a state that memory cannot hold is refused with the bytes it needs', () => {
  using compiler = new Compiler({ memoryBytes: 1 << 20 });
  expect(() => compiler.state(20, 'f64')).toThrow(/16781632 bytes/);
  expect(codeOf(() => compiler.state(20, 'f64'))).toBe('OUT_OF_MEMORY');
  expect(codeOf(() => compiler.state(26, 'f64'))).toBe('TOO_MANY_QUBITS');
  expect(codeOf(() => compiler.state(28, 'f32'))).toBe('TOO_MANY_QUBITS');
  expect(codeOf(() => compiler.state(-1, 'f32'))).toBe('INVALID_QUBIT_COUNT');
  expect(codeOf(() => compiler.state(NaN, 'f32'))).toBe('INVALID_QUBIT_COUNT');
  using small = compiler.state(10, 'f64');
  expect(small.dimension).toBe(1024);
});

test('what has been disposed of is refused', () => {
  const compiler = new Compiler();
  const program = compiler.compile(new Circuit(2).h(0), 'f64');
  const state = program.state();
  state[Symbol.dispose]();
  state[Symbol.dispose]();
  expect(codeOf(() => state.real)).toBe('DISPOSED');
  expect(codeOf(() => program.run(state))).toBe('DISPOSED');
  program[Symbol.dispose]();
  program[Symbol.dispose]();
  expect(codeOf(() => program.state())).toBe('DISPOSED');
  expect(codeOf(() => program.run(new StateVector(2)))).toBe('DISPOSED');
  compiler[Symbol.dispose]();
  compiler[Symbol.dispose]();
  expect(codeOf(() => compiler.compile(new Circuit(1), 'f64'))).toBe('DISPOSED');
});

test('wrong arguments are refused before the state is touched', () => {
  using program = compile(ansatz(3));
  using state = program.state();
  expect(codeOf(() => program.run(state))).toBe('UNBOUND_PARAMETERS');
  expect(codeOf(() => program.run(state, [1, 2, 3, NaN]))).toBe('INVALID_ANGLE');
  expect(codeOf(() => program.run(state, [1, 2, 3, Infinity]))).toBe('INVALID_ANGLE');
  expect(codeOf(() => program.run(new StateVector(4), [1, 2, 3, 4]))).toBe('QUBIT_COUNT_MISMATCH');
  expect(state.real[0]).toBe(1);
  expect(codeOf(() => new Compiler({ threads: 0 }))).toBe('INVALID_THREADS');
  expect(codeOf(() => new Compiler({ threads: 2 }))).toBe('WORKERS_MISSING');
  expect(codeOf(() => new Compiler({ tileQubits: 3 }))).toBe('INVALID_TILE');
  using measuring = compile(new Circuit(1, { bits: 1 }).measure(0, 0));
  expect(codeOf(() => measuring.run(new StateVector(1)))).toBe('RANDOM_SOURCE_MISSING');
});

test('a state of another owner is copied there and back', () => {
  const circuit = randomCircuit({ qubits: 8, operations: 20, seed: 4 });
  const parameters = circuit.parameters.map((_, i) => i);
  using program = compile(circuit);
  const [actual, expected] = [randomState(8, 1), randomState(8, 1)];
  program.run(actual, parameters);
  run(circuit, expected, { parameters });
  expect(distance(actual, expected)).toBeLessThan(1e-14);
});

test('small tiles of a large state are shared out whole', () => {
  using compiler = new Compiler({ threads: 2, workers: nodeThreads, tileQubits: 7 });
  // 2^15 tiles.
  const circuit = new Circuit(22).h(0).h(21).cx(21, 3).rz(0.5, 20);
  using program = compiler.compile(circuit, 'f64');
  using state = program.state();
  program.run(state);
  expect(state.real[1 + 2 ** 21 + 8]).toBeCloseTo(0.5 * cos(0.25), 15);
  expect(expectationValue(state, [{ coefficient: 1, paulis: {} }])).toBeCloseTo(1, 14);
});

test('an engine without vectors gives what the reference gives, bit for bit', () => {
  const circuit = randomCircuit({ qubits: 8, operations: 20, seed: 6 });
  const parameters = circuit.parameters.map((_, i) => i);
  using compiler = new Compiler({ vectors: false });
  using program = compiler.compile(circuit, 'f64');
  using state = program.state();
  const expected = new StateVector(8);
  run(circuit, expected, { parameters });
  program.run(state, parameters);
  expect(Array.from(state.real)).toEqual(Array.from(expected.real));
});

test('relaxed arithmetic stays within rounding of the reproducible one', () => {
  const circuit = randomCircuit({ qubits: 9, operations: 30, seed: 8 });
  const parameters = circuit.parameters.map((_, i) => i);
  using compiler = new Compiler({ reproducible: false });
  using program = compiler.compile(circuit, 'f64');
  using state = program.state();
  const expected = new StateVector(9);
  run(circuit, expected, { parameters });
  program.run(state, parameters);
  expect(distance(state, expected)).toBeLessThan(1e-13);
});

test('states of a compiler are measured and observed as any other', () => {
  using compiler = new Compiler();
  using program = compiler.compile(new Circuit(2).h(0).cx(0, 1), 'f32');
  using state = program.state();
  program.run(state);
  const sum = [{ coefficient: 2, paulis: { 0: 'Z', 1: 'Z' } }] as const;
  expect(expectationValue(state, sum)).toBeCloseTo(2, 6);
  const shots = sample(state, 1000, mulberry32(1));
  expect(new Set(shots)).toEqual(new Set([0, 3]));
});

test('a process with threads ends by itself, whether they were ended or not', () => {
  const script = `
    import { Circuit, Compiler } from '@sema/simulator';
    import { nodeThreads } from '@sema/simulator/threads';
    const compiler = new Compiler({ threads: 2, workers: nodeThreads, tileQubits: 7 });
    const circuit = new Circuit(12).h(11).cx(11, 0);
    const program = compiler.compile(circuit, 'f64');
    const state = program.state();
    program.run(state);
    if (process.argv.includes('dispose')) compiler[Symbol.dispose]();
    process.stdout.write(state.real[0].toFixed(6));`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  for (const end of ['dispose', 'leave']) {
    const flags = ['--conditions=@sema/source', '--import', 'tsx', '--input-type=module'];
    const output = execFileSync(process.execPath, [...flags, '-e', script, end], {
      cwd,
      timeout: 100_000,
      encoding: 'utf8',
    });
    expect(output).toBe('0.707107');
  }
});

test('threads end with their compiler', async () => {
  const exits: Promise<unknown>[] = [];
  const compiler = new Compiler({
    threads: 3,
    workers: {
      mayWait: true,
      start(program, memory, control, thread) {
        const call = "const d = require('node:worker_threads').workerData; serve(d.m, d.c, d.t);";
        const workerData = { m: memory, c: control, t: thread };
        const worker = new Worker(program + call, { eval: true, workerData });
        exits.push(once(worker, 'exit'));
        // Told by shared memory alone, it has to find its own end.
        return { stop: () => undefined };
      },
    },
  });
  compiler[Symbol.dispose]();
  await Promise.all(exits);
  expect(exits).toHaveLength(2);
});
