import { Circuit, fidelity, mulberry32, purity, run, StateVector } from '@sema/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entropyBits, Registers, ResourcePoolError } from '@sema/resource-pool';
import { codeOf } from './code-of.ts';

const LIMIT = { memoryLimitBytes: 2 ** 24 };
const bell = new Circuit(2).h(0).cx(0, 1);

/** The error of a call that must fail. */
function errorOf(action: () => unknown): ResourcePoolError {
  try {
    action();
  } catch (error) {
    if (error instanceof ResourcePoolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('an entangling gate merges registers, and undoing it splits them again', () => {
  const registers = new Registers(4, LIMIT);
  expect(registers.groups()).toEqual([[0], [1], [2], [3]]);
  registers.run(bell, [3, 1]);
  expect(registers.groups()).toEqual([[0], [1, 3], [2]]);
  registers.run(bell.inverse(), [3, 1]);
  expect(registers.groups()).toEqual([[0], [1], [2], [3]]);
});

test('half of a Bell pair reads as I/2: purity ½, entropy 1 bit', () => {
  const registers = new Registers(2, LIMIT);
  registers.run(bell, [0, 1]);
  const half = registers.reducedDensityMatrix([1]);
  expect(purity(half)).toBeCloseTo(0.5, 15);
  expect(entropyBits(half)).toBeCloseTo(1, 14);
  expect(half.real[0]).toBeCloseTo(0.5, 15);
  expect(half.real[1]).toBe(0);
});

test('two Bell pairs that a gate joined and undid come apart as two pairs', () => {
  const registers = new Registers(4, LIMIT);
  registers.run(bell, [0, 1]);
  registers.run(bell, [2, 3]);
  registers.run(new Circuit(2).cz(0, 1).rxx(0.3, 0, 1), [1, 2]);
  expect(registers.groups()).toEqual([[0, 1, 2, 3]]);
  registers.run(new Circuit(2).rxx(-0.3, 0, 1).cz(0, 1), [1, 2]);
  expect(registers.groups()).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('a swap and a control in a basis state merge nothing', () => {
  const registers = new Registers(5, LIMIT);
  registers.run(bell, [0, 1]);
  registers.run(new Circuit(5).swap(1, 4).x(2).cx(2, 3).cx(3, 0), [0, 1, 2, 3, 4]);
  expect(registers.groups()).toEqual([[0, 4], [1], [2], [3]]);
  const want = new StateVector(5);
  run(new Circuit(5).h(0).cx(0, 1).swap(1, 4).x(2).cx(2, 3).cx(3, 0), want);
  expect(fidelity(registers.stateOf([0, 1, 2, 3, 4]), want)).toBeCloseTo(1, 12);
});

test('25 product qubits take 800 bytes, and a limit is kept before anything is allocated', () => {
  const registers = new Registers(25, { memoryLimitBytes: 2 ** 16 });
  const layer = new Circuit(25);
  for (let qubit = 0; qubit < 25; qubit++) layer.ry(qubit + 1, qubit);
  const all = Array.from({ length: 25 }, (_, qubit) => qubit);
  registers.run(layer, all);
  expect(registers.bytes).toBe(800);
  const chain = new Circuit(25);
  for (let qubit = 1; qubit < 25; qubit++) chain.cx(qubit - 1, qubit);
  const error = errorOf(() => registers.run(chain, all));
  expect(error.code).toBe('MEMORY_LIMIT');
  expect(registers.bytes).toBeLessThanOrEqual(2 ** 16);
});

test('what is entangled by more than the tolerance stays together, by less comes apart', () => {
  for (const [angle, groups] of [
    [1e-8, 1],
    [1e-11, 2],
  ] as const) {
    const registers = new Registers(2, LIMIT);
    registers.run(new Circuit(2).rxx(2 * angle, 0, 1), [0, 1]);
    expect(registers.groups().length, `sin of the angle ${angle}`).toBe(groups);
  }
});

const gate = fc.record({
  name: fc.constantFrom('h', 't', 'cx', 'cz', 'swap', 'ry', 'rxx', 'ccx', 'measure', 'reset'),
  a: fc.nat(5),
  b: fc.nat(4),
  c: fc.nat(3),
  angle: fc.constantFrom(0, Math.PI / 2, Math.PI, 0.7, -0.7),
});

/** Distinct qubits of 6 from three numbers. */
function distinct(a: number, b: number, c: number): [number, number, number] {
  const left = [0, 1, 2, 3, 4, 5];
  const [first] = left.splice(a, 1);
  const [second] = left.splice(b, 1);
  const [third] = left.splice(c, 1);
  return [first, second, third];
}

test('any circuit gives the state of a dense simulator, and groups really entangled', () => {
  fc.assert(
    fc.property(fc.array(gate, { maxLength: 25 }), fc.nat(1e6), (gates, seed) => {
      const circuit = new Circuit(6, { bits: 1 });
      for (const { name, a, b, c, angle } of gates) {
        const [x, y, z] = distinct(a, b, c);
        if (name === 'h' || name === 't') circuit.gate(name, [x]);
        else if (name === 'ry') circuit.ry(angle, x);
        else if (name === 'rxx') circuit.rxx(angle, x, y);
        else if (name === 'ccx') circuit.ccx(x, y, z);
        else if (name === 'measure') circuit.measure(x, 0).when([0], 1, (then) => then.x(y));
        else if (name === 'reset') circuit.reset(x);
        else circuit.gate(name, [x, y]);
      }
      const registers = new Registers(6, LIMIT);
      const all = [0, 1, 2, 3, 4, 5];
      const { bits } = registers.run(circuit, all, { random: mulberry32(seed) });
      const dense = new StateVector(6);
      expect(bits).toEqual(run(circuit, dense, { random: mulberry32(seed) }).bits);
      // Splitting may drop 1e-10 in norm, and 25 gates round far less.
      expect(fidelity(registers.stateOf(all), dense)).toBeCloseTo(1, 9);
      for (const group of registers.groups()) {
        const part = purity(registers.reducedDensityMatrix([group[0]]));
        if (group.length > 1) expect(part).toBeLessThan(1 - 1e-12);
        else expect(part).toBeCloseTo(1, 9);
      }
    }),
    { numRuns: 300 },
  );
});

test('qubits that are not |0⟩ or leave entanglement behind are refused by name', () => {
  const registers = new Registers(5, LIMIT);
  registers.checkZero([0, 1]);
  registers.run(new Circuit(1).x(0), [0]);
  expect(errorOf(() => registers.checkZero([0])).code).toBe('NOT_ZERO');
  registers.run(new Circuit(3).h(0).cx(0, 1).cx(1, 2), [4, 1, 3]);
  expect(errorOf(() => registers.checkZero([1, 2]))).toMatchObject({
    code: 'ENTANGLED',
    partners: [3, 4],
  });
  expect(errorOf(() => registers.checkZero([4, 1, 3]))).toMatchObject({ partners: [1, 3, 4] });
  registers.reset(4, mulberry32(1));
  registers.checkZero([4]);
  expect(registers.groups()).toEqual([[0], [1], [2], [3], [4]]);
});

test('a fresh state is written only where nothing else hangs on it', () => {
  const registers = new Registers(3, LIMIT);
  registers.run(bell, [0, 1]);
  const fresh = StateVector.from([0.6, 0, 0, 0.8]);
  expect(errorOf(() => registers.write([1, 2], fresh))).toMatchObject({
    code: 'ENTANGLED',
    partners: [0],
  });
  registers.write([1, 0], fresh);
  expect(fidelity(registers.stateOf([1, 0]), fresh)).toBeCloseTo(1, 14);
  registers.write([0, 1], StateVector.from([0.6, 0.8, 0, 0]));
  expect(registers.groups()).toEqual([[0], [1], [2]]);
});

test('the average of a channel over its trajectories is the channel', () => {
  // Amplitude damping by γ on half of a Bell pair: ρ₁₁ falls from ½ to ½(1 − γ).
  const gamma = 0.36;
  const kraus = [
    [1, 0, 0, 0, 0, 0, Math.sqrt(1 - gamma), 0],
    [0, 0, Math.sqrt(gamma), 0, 0, 0, 0, 0],
  ];
  let excited = 0;
  const weights = [1 - gamma / 2, gamma / 2];
  for (const [index, draw] of [0, 0.9].entries()) {
    const registers = new Registers(2, LIMIT);
    registers.run(bell, [0, 1]);
    expect(registers.applyChannel(kraus, [1], { next: () => draw })).toBe(index);
    excited += weights[index] * registers.reducedDensityMatrix([1]).real[3];
  }
  expect(excited).toBeCloseTo((1 - gamma) / 2, 12);
});

test('what take gives and put takes back has the same bits', () => {
  const registers = new Registers(4, LIMIT);
  registers.run(new Circuit(3).ry(0.8, 0).ry(0.3, 1).rxx(0.4, 0, 1).rxx(1.1, 1, 2), [2, 0, 3]);
  const before = registers.stateOf([0, 2, 3]);
  const { qubits, state } = registers.take(2);
  expect(registers.groups()).toEqual([[0], [1], [2], [3]]);
  registers.checkZero([0, 1, 2, 3]);
  registers.put(qubits, state);
  const after = registers.stateOf([0, 2, 3]);
  expect([after.real, after.imaginary]).toEqual([before.real, before.imaginary]);
});

test('renaming qubits moves their states and touches no amplitude', () => {
  const registers = new Registers(3, LIMIT);
  registers.run(new Circuit(2).ry(0.3, 0).cx(0, 1), [0, 1]);
  registers.relabel([2, 0, 1]);
  expect(registers.groups()).toEqual([[0, 2], [1]]);
  const want = new StateVector(2);
  run(new Circuit(2).ry(0.3, 0).cx(0, 1), want);
  expect(registers.stateOf([2, 0]).real).toEqual(want.real);
});

test.each<[string, (registers: Registers) => unknown, string]>([
  ['qubit −1', (r) => r.measure(-1, mulberry32(1)), 'INVALID_QUBITS'],
  ['a qubit beyond the last', (r) => r.stateOf([3]), 'INVALID_QUBITS'],
  ['qubit NaN', (r) => r.take(Number.NaN), 'INVALID_QUBITS'],
  ['a qubit twice', (r) => r.run(bell, [1, 1]), 'INVALID_QUBITS'],
  ['too few qubits', (r) => r.run(bell, [1]), 'INVALID_QUBITS'],
  ['no qubits', (r) => r.partners([]), 'INVALID_QUBITS'],
  ['no permutation', (r) => r.relabel([0, 1]), 'INVALID_QUBITS'],
  ['a missing parameter', (r) => r.run(parametric(), [0]), 'INVALID_REQUEST'],
  ['a NaN', (r) => r.run(parametric(), [0], { parameters: [Number.NaN] }), 'INVALID_REQUEST'],
  ['no chance', (r) => r.run(new Circuit(1).reset(0), [0]), 'RANDOM_SOURCE_MISSING'],
  [
    'half a channel',
    (r) => r.applyChannel([[1, 0, 0, 0, 0, 0, 0, 0]], [0], mulberry32(1)),
    'INVALID_CHANNEL',
  ],
  ['no channel', (r) => r.applyChannel([], [0], mulberry32(1)), 'INVALID_CHANNEL'],
  ['a state too small', (r) => r.write([0, 1], new StateVector(1)), 'INVALID_STATE'],
])('%s is refused', (_, action, code) => {
  const registers = new Registers(3, LIMIT);
  expect(codeOf(() => action(registers))).toBe(code);
  expect(registers.groups()).toEqual([[0], [1], [2]]);
});

test.each([
  [0, LIMIT, 'INVALID_CAPACITY'],
  [65, LIMIT, 'INVALID_CAPACITY'],
  [2, { memoryLimitBytes: 63 }, 'INVALID_OPTION'],
  [2, { memoryLimitBytes: Infinity }, 'INVALID_OPTION'],
  [2, { ...LIMIT, tolerance: 0 }, 'INVALID_OPTION'],
  [2, { ...LIMIT, tolerance: Number.NaN }, 'INVALID_OPTION'],
])('%d registers with %j are refused', (qubits, options, code) => {
  expect(codeOf(() => new Registers(qubits, options))).toBe(code);
});

function parametric(): Circuit {
  const circuit = new Circuit(1);
  return circuit.ry(circuit.parameter('angle'), 0);
}
