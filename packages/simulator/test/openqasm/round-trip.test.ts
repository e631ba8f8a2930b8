import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Circuit,
  GATES,
  type GateName,
  mulberry32,
  run,
  scaled,
  StateVector,
} from '@sema/simulator';
import { readOpenQasm, writeOpenQasm } from '@sema/simulator/openqasm';
import { circuitAndState } from '../arbitrary-circuits.ts';
import { unitaryDistance } from '../optimiser/circuit-distance.ts';

/** Rounding in a trace of at most 16 columns through at most a thousand gates. */
const SAME = 1e-10;

test('any circuit survives a round trip in either version, up to a global phase', () => {
  fc.assert(
    fc.property(
      circuitAndState(5, 8),
      fc.constantFrom(2 as const, 3 as const),
      ({ circuit }, version) => {
        fc.pre(circuit.operations.every((o) => o.kind !== 'unitary' || o.qubits.length < 3));
        const written = writeOpenQasm(circuit, { version });
        const again = readOpenQasm(written);
        expect(again.version).toBe(version);
        expect(unitaryDistance(circuit, again.circuit)).toBeLessThan(SAME);
      },
    ),
    { numRuns: 200 },
  );
});

test('named gates come back as the same operations, angles to the bit', () => {
  const names = Object.keys(GATES) as GateName[]; // GATES is a record by gate name
  const defined = { 2: /^(ryy|iswap|iswapdg|ccz)$/, 3: /^(sxdg|iswap|iswapdg|rxx|ryy|rzz)$/ };
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 }),
      fc.constantFrom(2 as const, 3 as const),
      (name, angles, version) => {
        fc.pre(!defined[version].test(name));
        const { qubits, parameters } = GATES[name];
        const circuit = new Circuit(3);
        circuit.gate(name, [2, 0, 1].slice(0, qubits), angles.slice(0, parameters));
        const { operations } = readOpenQasm(writeOpenQasm(circuit, { version })).circuit;
        // Version 3 spells a controlled U with a phase of its control, here 0.
        const [last] = operations.slice(-1);
        expect(last).toEqual(circuit.operations[0]);
      },
    ),
    { numRuns: 500 },
  );
});

test('fractions of pi are written as such, and read back to the bit', () => {
  const circuit = new Circuit(1);
  for (const angle of [
    Math.PI,
    -Math.PI / 2,
    (3 * Math.PI) / 4,
    Math.PI / 256,
    0.1,
    1e-20,
    0,
    -0,
  ]) {
    circuit.rx(angle, 0);
  }
  const text = writeOpenQasm(circuit, { version: 2 });
  const angles = [...text.matchAll(/rx\((.*)\)/g)].map(([, angle]) => angle);
  expect(angles).toEqual(['pi', '-pi/2', '3*pi/4', 'pi/256', '0.1', '1.0e-20', '0', '-0.0']);
  expect(readOpenQasm(text).circuit.operations).toEqual(circuit.operations);
  const decimals = writeOpenQasm(circuit, { version: 2, angles: 'decimals' });
  expect(decimals).toContain('rx(3.141592653589793) q[0];');
  expect(readOpenQasm(decimals).circuit.operations).toEqual(circuit.operations);
});

/** Random measurements, resets and conditions on contiguous bits, bodies that only have gates. */
function dynamicCircuit(seed: number): Circuit {
  const random = mulberry32(seed);
  const below = (n: number) => Math.floor(random.next() * n);
  const circuit = new Circuit(3, { bits: 5 });
  for (let k = 0; k < 12; k++) {
    const qubit = below(3);
    circuit.ry(random.next() * 6, qubit).cx(qubit, (qubit + 1) % 3);
    const choice = below(4);
    if (choice === 0) circuit.reset(qubit);
    if (choice < 3) circuit.measure(qubit, below(5));
    const first = below(5);
    const size = 1 + below(Math.min(2, 5 - first));
    const bits = Array.from({ length: size }, (_, i) => first + i);
    circuit.when(bits, below(1 << size), (then) => then.x(qubit).h((qubit + 1) % 3));
  }
  return circuit;
}

test('measurements, resets and conditions do the same after a round trip', () => {
  for (let seed = 0; seed < 40; seed++) {
    const circuit = dynamicCircuit(seed);
    for (const version of [2, 3] as const) {
      const again = readOpenQasm(writeOpenQasm(circuit, { version })).circuit;
      for (let shot = 0; shot < 5; shot++) {
        const [a, b] = [circuit, again].map((each) => [
          ...run(each, new StateVector(3), { random: mulberry32(1000 * seed + shot) }).bits,
        ]);
        expect(b, `seed ${seed}, version ${version}`).toEqual(a);
      }
    }
  }
});

test('conditions inside conditions survive', () => {
  const circuit = new Circuit(2, { bits: 3 }).h(0).measure(0, 0).h(0).measure(0, 2);
  circuit.when([0], 1, (outer) => outer.when([2], 0, (inner) => inner.x(1)).z(0));
  for (const version of [2, 3] as const) {
    const again = readOpenQasm(writeOpenQasm(circuit, { version })).circuit;
    for (let seed = 0; seed < 16; seed++) {
      const [a, b] = [circuit, again].map((each) => {
        const state = new StateVector(2);
        const { bits } = run(each, state, { random: mulberry32(seed) });
        return [[...bits], [...state.real], [...state.imaginary]];
      });
      expect(b).toEqual(a);
    }
  }
});

test('parameters become inputs of version 3 and come back', () => {
  const circuit = new Circuit(2);
  const theta = circuit.parameter('theta');
  circuit
    .rx(theta, 0)
    .rz(scaled(theta, -0.1), 1)
    .ry(scaled(circuit.parameter('b'), -1), 0);
  const text = writeOpenQasm(circuit, { version: 3 });
  const again = readOpenQasm(text).circuit;
  expect(again.operations).toEqual(circuit.operations);
  expect(again.parameters).toEqual(circuit.parameters);
  const bound = readOpenQasm(text, { inputs: { theta: 0.5, b: 2 } }).circuit;
  expect(bound.parameters).toEqual([]);
  expect(bound.operations.map((o) => o.kind === 'gate' && o.angles[0])).toEqual([0.5, -0.05, -2]);
});

test('what a version cannot say is refused', () => {
  const refuses = (circuit: Circuit, version: 2 | 3, more = {}) => {
    expect(() => writeOpenQasm(circuit, { version, ...more })).toThrow(
      expect.objectContaining({ code: 'NOT_EXPRESSIBLE' }),
    );
  };
  const symbolic = new Circuit(1);
  symbolic.rx(symbolic.parameter('theta'), 0);
  refuses(symbolic, 2);
  for (const name of ['pi', 'q', 'x', 'two words', 'gate', 'θ']) {
    const circuit = new Circuit(1);
    circuit.rx(circuit.parameter(name), 0);
    refuses(circuit, 3);
  }
  const changing = new Circuit(1, { bits: 1 }).when([0], 0, (c) => c.measure(0, 0).x(0));
  refuses(changing, 2);
  const two = new Circuit(1, { bits: 2 }).when([0, 1], 3, (c) => c.x(0));
  refuses(two, 2, {
    bitRegisters: [
      { name: 'a', offset: 0, size: 1 },
      { name: 'b', offset: 1, size: 1 },
    ],
  });
  refuses(two, 3, { bitRegisters: [{ name: 'a', offset: 0, size: 1 }] });
  refuses(two, 3, { qubitRegisters: [{ name: 'a', offset: 1, size: 1 }] });
});
