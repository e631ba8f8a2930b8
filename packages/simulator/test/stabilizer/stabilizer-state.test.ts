import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Circuit,
  expectationValue,
  type GateName,
  GATES,
  mulberry32,
  run,
  SimulatorError,
  StateVector,
} from '@sema/simulator';
import {
  cliffordFromPaulis,
  MAX_STABILIZER_QUBITS,
  runStabilizer,
  StabilizerState,
} from '@sema/simulator/stabilizer';
import { parseStimCircuit } from '@sema/simulator/stim';
import { golden } from '../stim/golden/golden.ts';

const H = cliffordFromPaulis(['+Z', '+X']);
const CX = cliffordFromPaulis(['+XX', '+ZI', '+IX', '+ZZ']);

const QUARTER = Math.PI / 2;
/** Gates of angles that are Clifford at multiples of this angle. */
const ANGLED = {
  rx: QUARTER,
  ry: QUARTER,
  rz: QUARTER,
  p: QUARTER,
  u: QUARTER,
  rxx: QUARTER,
  ryy: QUARTER,
  rzz: QUARTER,
  cp: Math.PI,
  crx: Math.PI,
  cry: Math.PI,
  crz: Math.PI,
} as const;
const FIXED = Object.values(GATES)
  .filter((gate) => gate.clifford)
  .map((gate) => gate.name);
const NAMES = [...FIXED, ...(Object.keys(ANGLED) as (keyof typeof ANGLED)[])]; // keys of the record

interface Step {
  readonly name: GateName | 'measure' | 'reset' | 'if';
  readonly order: readonly number[];
  readonly turns: readonly number[];
}

const step: fc.Arbitrary<Step> = fc.record({
  name: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 1, arbitrary: fc.constantFrom('measure', 'reset', 'if') },
  ),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
  turns: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 }),
});

function build(qubits: number, steps: readonly Step[]): Circuit {
  const circuit = new Circuit(qubits, { bits: 6 });
  for (const { name, order, turns } of steps) {
    const list = order.filter((qubit) => qubit < qubits);
    if (name === 'measure') circuit.measure(list[0], order[0]);
    else if (name === 'reset') circuit.reset(list[0]);
    else if (name === 'if') {
      circuit.when([order[0], order[1]], Math.abs(turns[0]) % 4, (body) => body.y(list[0]));
    } else if (GATES[name].qubits <= list.length) {
      const unit = Object.hasOwn(ANGLED, name) ? ANGLED[name as keyof typeof ANGLED] : 0; // own key
      const angles = turns.slice(0, GATES[name].parameters).map((turn) => turn * unit);
      circuit.gate(name, list.slice(0, GATES[name].qubits), angles);
    }
  }
  return circuit;
}

/** Every product of Paulis on n qubits. */
function* products(qubits: number): Generator<Record<number, 'X' | 'Y' | 'Z'>> {
  for (let code = 0; code < 4 ** qubits; code++) {
    const paulis: Record<number, 'X' | 'Y' | 'Z'> = {};
    for (let q = 0; q < qubits; q++) {
      const digit = (code >> (2 * q)) & 3;
      if (digit > 0) paulis[q] = (['X', 'Y', 'Z'] as const)[digit - 1];
    }
    yield paulis;
  }
}

test('a Bell pair is stabilized by XX and ZZ', () => {
  const state = new StabilizerState(2);
  state.apply(H, [0]);
  state.apply(CX, [0, 1]);
  expect(state.stabilizers()).toEqual(['+XX', '+ZZ']);
  expect(state.expectation({ 0: 'Y', 1: 'Y' })).toBe(-1);
  expect(state.expectation({ 0: 'Z' })).toBe(0);
});

test('the five-qubit code state has the published generators', () => {
  // Projecting |00000⟩ on the cyclic shifts of XZZXI; outcomes of 0 keep every sign.
  const zero = { next: () => 0.75 };
  const state = new StabilizerState(5);
  for (let shift = 0; shift < 4; shift++) {
    const place = (k: number) => (k + shift) % 5;
    state.measureProduct(
      { [place(0)]: 'X', [place(1)]: 'Z', [place(2)]: 'Z', [place(3)]: 'X' },
      zero,
    );
  }
  for (let shift = 0; shift < 5; shift++) {
    const place = (k: number) => (k + shift) % 5;
    const generator = {
      [place(0)]: 'X',
      [place(1)]: 'Z',
      [place(2)]: 'Z',
      [place(3)]: 'X',
    } as const;
    expect(state.expectation(generator)).toBe(1);
  }
  expect(state.expectation({ 0: 'Z', 1: 'Z', 2: 'Z', 3: 'Z', 4: 'Z' })).toBe(1);
});

test('every expectation value and every outcome is that of the state vector', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 40 }),
      fc.nat(),
      (qubits, steps, seed) => {
        const circuit = build(qubits, steps);
        const vector = new StateVector(qubits);
        const state = new StabilizerState(qubits);
        const expected = run(circuit, vector, { random: mulberry32(seed) });
        const { bits } = runStabilizer(circuit, state, { random: mulberry32(seed) });
        expect(bits).toEqual(expected.bits);
        for (const paulis of products(qubits)) {
          const value = expectationValue(vector, [{ coefficient: 1, paulis }]);
          // 40 gates of rounding stay far below the distance of the values −1, 0 and 1.
          expect(Math.abs(value - state.expectation(paulis))).toBeLessThan(1e-9);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('canonical stabilizers have expectation 1, and equal states have equal ones', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { maxLength: 30 }),
      fc.nat(),
      (qubits, steps, seed) => {
        const state = new StabilizerState(qubits);
        runStabilizer(build(qubits, steps), state, { random: mulberry32(seed) });
        const texts = state.stabilizers();
        expect(texts).toHaveLength(qubits);
        for (const text of texts) expect(state.expectation(paulisOf(text))).toBe(signOf(text));
        // Any stabilizer may be measured, and its product with any other, without a change.
        const other = state.copy();
        for (const text of texts.reverse()) other.measureProduct(paulisOf(text), mulberry32(seed));
        other.apply(H, [0]);
        expect(other.stabilizers()).not.toEqual(state.stabilizers());
        other.apply(H, [0]);
        expect(other.stabilizers()).toEqual(state.stabilizers());
      },
    ),
    { numRuns: 100 },
  );
});

function signOf(text: string): 1 | -1 {
  return text.startsWith('-') ? -1 : 1;
}

function paulisOf(text: string): Record<number, 'X' | 'Y' | 'Z'> {
  const paulis: Record<number, 'X' | 'Y' | 'Z'> = {};
  [...text.slice(1)].forEach((pauli, qubit) => {
    if (pauli === 'X' || pauli === 'Y' || pauli === 'Z') paulis[qubit] = pauli;
  });
  return paulis;
}

test('measuring twice gives the same outcome, and both outcomes occur', () => {
  const random = mulberry32(7);
  let ones = 0;
  for (let shot = 0; shot < 400; shot++) {
    const state = new StabilizerState(40);
    state.apply(H, [33]);
    for (let q = 0; q < 40; q++) if (q !== 33) state.apply(CX, [33, q]);
    const outcome = state.measure(shot % 40, random);
    for (let q = 0; q < 40; q++) expect(state.measure(q, random)).toBe(outcome);
    ones += outcome;
  }
  // 200 ± 10; five standard deviations: a false alarm once in 1.7 million seeds.
  expect(Math.abs(ones - 200)).toBeLessThan(50);
});

test('a GHZ state of 2000 qubits collapses as one', () => {
  const qubits = 2000;
  const state = new StabilizerState(qubits);
  state.apply(H, [0]);
  for (let q = 1; q < qubits; q++) state.apply(CX, [q - 1, q]);
  const all = Object.fromEntries(Array.from({ length: qubits }, (_, q) => [q, 'X' as const]));
  expect(state.expectation(all)).toBe(1);
  expect(state.expectation({ 0: 'Z', 1999: 'Z' })).toBe(1);
  const outcome = state.measure(1234, mulberry32(1));
  expect(state.expectation({ 77: 'Z' })).toBe(outcome === 1 ? -1 : 1);
});

test('a random circuit over several words of qubits ends where Stim ends', () => {
  const { text, stabilizers } = golden.wide;
  const state = new StabilizerState(70);
  for (const instruction of parseStimCircuit(text).instructions) {
    if (instruction.kind === 'gate') state.apply(instruction.map, instruction.qubits);
    // Open outcomes are 0 there as here.
    if (instruction.kind === 'measure') state.measure(instruction.qubits[0], { next: () => 0.75 });
  }
  expect(stabilizers).toHaveLength(70);
  expect(new Set(stabilizers.map((stabilizer) => stabilizer[0]))).toEqual(new Set(['+', '-']));
  for (const stabilizer of [...stabilizers, ...state.stabilizers()]) {
    expect(state.expectation(paulisOf(stabilizer))).toBe(signOf(stabilizer));
  }
});

test('a gate that is not Clifford is refused by name', () => {
  const attempts: readonly (readonly [Circuit, string])[] = [
    [new Circuit(2).t(0), 't is not'],
    [new Circuit(2).ch(0, 1), 'ch is not'],
    [new Circuit(2).rz(0.3, 0), 'rz(0.3) is not'],
    [new Circuit(3).ccx(0, 1, 2), 'ccx is not'],
    [new Circuit(2).diagonal([1, 0, 0.6, 0.8], [0]), 'a diagonal is not'],
    [new Circuit(2).multiplexedRy([0, 0.1], [0], 1), 'multiplexedRy is not'],
    [new Circuit(10).controlled('x', [0, 1, 2, 3, 4, 5, 6, 7, 8], [9]), 'cccccccccx acts on 10'],
  ];
  for (const [circuit, words] of attempts) {
    const state = new StabilizerState(circuit.qubits);
    const random = mulberry32(0);
    expect(() => runStabilizer(circuit, state, { random })).toThrow(
      expect.objectContaining({ code: 'NOT_CLIFFORD', message: expect.stringContaining(words) }),
    );
  }
});

test('a permutation matrix of three qubits that is Clifford runs', () => {
  // x → x + 1 on the low two bits is CX then X; the third qubit is a bystander.
  const matrix = new Float64Array(128);
  for (let x = 0; x < 8; x++) matrix[2 * (((x & 4) | ((x + 1) & 3)) * 8 + x)] = 1;
  const state = new StabilizerState(3);
  const random = mulberry32(0);
  runStabilizer(new Circuit(3).x(0).h(2).unitary(matrix, [0, 1, 2]), state, { random });
  expect(state.stabilizers()).toEqual(['+IIX', '+ZII', '-IZI']);
});

test('a parameter is bound before it is judged', () => {
  const circuit = new Circuit(1);
  circuit.ry(circuit.parameter('a'), 0);
  const state = new StabilizerState(1);
  runStabilizer(circuit, state, { parameters: [Math.PI / 2], random: mulberry32(0) });
  expect(state.stabilizers()).toEqual(['+X']);
});

test('bad arguments are refused with codes', () => {
  const state = new StabilizerState(3);
  const random = mulberry32(0);
  const attempts: readonly (readonly [string, () => unknown])[] = [
    ['INVALID_QUBIT_COUNT', () => new StabilizerState(-1)],
    ['INVALID_QUBIT_COUNT', () => new StabilizerState(NaN)],
    ['INVALID_QUBIT_COUNT', () => new StabilizerState(Infinity)],
    ['TOO_MANY_QUBITS', () => new StabilizerState(MAX_STABILIZER_QUBITS + 1)],
    ['QUBIT_OUT_OF_RANGE', () => state.measure(3, random)],
    ['QUBIT_OUT_OF_RANGE', () => state.measure(-1, random)],
    ['QUBIT_OUT_OF_RANGE', () => state.measure(NaN, random)],
    ['QUBIT_OUT_OF_RANGE', () => state.expectation({ 9: 'X' })],
    ['INVALID_PAULI', () => state.expectation({ 0: 'W' as 'X' })],
    ['DUPLICATE_QUBIT', () => state.apply(CX, [1, 1])],
    ['WRONG_LENGTH', () => state.apply(CX, [1])],
    ['RANDOM_OUT_OF_RANGE', () => state.measure(0, { next: () => 1 })],
    ['QUBIT_COUNT_MISMATCH', () => runStabilizer(new Circuit(2), state, { random })],
    ['INVALID_PAULI', () => cliffordFromPaulis(['+Q', '+X'])],
    ['WRONG_LENGTH', () => cliffordFromPaulis(['+X'])],
    ['NOT_CLIFFORD', () => cliffordFromPaulis(['+X', '+X'])],
  ];
  for (const [code, attempt] of attempts) {
    expect(attempt, code).toThrow(expect.objectContaining({ code }));
    expect(attempt).toThrow(SimulatorError);
  }
});
