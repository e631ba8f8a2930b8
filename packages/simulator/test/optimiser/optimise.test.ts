import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Circuit, type GateName, mulberry32, run, scaled, StateVector } from '@sema/simulator';
import { decompose, gateCounts, optimise } from '@sema/simulator/optimiser';
import { circuitAndState, randomUnitary } from '../arbitrary-circuits.ts';
import { unitaryDistance } from './circuit-distance.ts';

/** Rounding in a trace divided by its dimension, through a few hundred gates. */
const SAME = 1e-9;

test('the identities of Nam et al. (2018) apply', () => {
  expect(optimise(new Circuit(1).h(0).h(0)).operations).toEqual([]);
  const turned = optimise(new Circuit(2).h(0).h(1).cx(0, 1).h(0).h(1));
  expect(turned.operations).toEqual(new Circuit(2).cx(1, 0).operations);
  const apart = new Circuit(3).t(0).cx(0, 1).cx(1, 2).cx(0, 1).h(2).cx(0, 1).tdg(0).cx(0, 1);
  expect(optimise(apart).operations).toEqual(
    new Circuit(3).cx(0, 1).cx(1, 2).h(2).cx(0, 1).operations,
  );
  expect(gateCounts(optimise(new Circuit(1).t(0).t(0).t(0).t(0))).total).toBe(1);
});

test('any circuit equals its optimised and decomposed forms up to a global phase', () => {
  fc.assert(
    fc.property(circuitAndState(5, 12), ({ circuit }) => {
      fc.pre(circuit.operations.every((o) => o.kind !== 'unitary' || o.qubits.length < 3));
      const forms = [optimise(circuit), decompose(circuit, 'u-cx'), decompose(circuit, 'rz-sx-cx')];
      for (const form of forms) expect(unitaryDistance(circuit, form)).toBeLessThan(SAME);
    }),
    { numRuns: 150 },
  );
});

const CLIFFORD_T = ['h', 'x', 'z', 's', 'sdg', 't', 'tdg', 'cx', 'ccx', 'cz'] as const;

/** Circuits in which almost everything cancels or merges. */
const cliffordT = fc
  .array(
    fc.record({
      name: fc.constantFrom<GateName>(...CLIFFORD_T),
      qubits: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 3 }),
    }),
    { maxLength: 60 },
  )
  .map((gates) => {
    const circuit = new Circuit(4);
    for (const { name, qubits } of gates) {
      circuit.gate(name, qubits.slice(0, { cx: 2, cz: 2, ccx: 3 }[name as string] ?? 1));
    }
    return circuit;
  });

test('Clifford + T circuits stay equal, keep to named gates and never gain a T', () => {
  fc.assert(
    fc.property(cliffordT, (circuit) => {
      const optimised = optimise(circuit);
      expect(unitaryDistance(circuit, optimised)).toBeLessThan(SAME);
      const toffolis = circuit.operations.filter((o) => o.kind === 'gate' && o.controls.length > 1);
      expect(gateCounts(optimised).t).toBeLessThanOrEqual(
        gateCounts(circuit).t + 7 * toffolis.length,
      );
      const again = optimise(optimised);
      expect(gateCounts(again).total).toBeLessThanOrEqual(gateCounts(optimised).total);
    }),
    { numRuns: 200 },
  );
});

test('a circuit followed by its inverse is nothing', () => {
  fc.assert(
    fc.property(cliffordT, (circuit) => {
      const both = new Circuit(4).append(circuit).append(circuit.inverse());
      expect(optimise(both).operations).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('a decomposition uses the gates of its basis and no others', () => {
  const circuit = new Circuit(4).ccx(0, 1, 2).cswap(3, 0, 1).rxx(0.3, 0, 2).iswap(1, 3).sx(0).y(2);
  const names = (c: Circuit) =>
    new Set(c.operations.map((o) => (o.kind === 'gate' ? o.gate + o.controls.length : o.kind)));
  expect(names(decompose(circuit, 'rz-sx-cx'))).toEqual(new Set(['rz0', 'sx0', 'x1']));
  expect(names(decompose(circuit, 'u-cx'))).toEqual(new Set(['u0', 'x1']));
});

/** The fewest CX with which each can be done (Vatan & Williams 2004; Shende et al. 2004). */
const FEWEST_CX: readonly (readonly [string, number, (c: Circuit) => Circuit])[] = [
  ['two gates on one qubit each', 0, (c) => c.h(0).ry(0.3, 1)],
  ['CX', 1, (c) => c.cx(1, 0)],
  ['CZ', 1, (c) => c.cz(0, 1)],
  ['controlled Y', 1, (c) => c.cy(0, 1)],
  ['controlled H', 1, (c) => c.ch(0, 1)],
  ['RZZ by a right angle', 1, (c) => c.rzz(Math.PI / 2, 0, 1)],
  ['controlled phase', 2, (c) => c.cp(0.7, 0, 1)],
  ['controlled U', 2, (c) => c.controlled('u', [0], [1], [0.1, 0.2, 0.3])],
  ['RXX', 2, (c) => c.rxx(0.7, 0, 1)],
  ['RYY', 2, (c) => c.ryy(0.7, 0, 1)],
  ['RXX and RYY', 2, (c) => c.rxx(0.7, 0, 1).ryy(-1.1, 0, 1)],
  ['RYY and RZZ', 2, (c) => c.ryy(0.7, 0, 1).rzz(-1.1, 0, 1)],
  ['iSWAP', 2, (c) => c.iswap(0, 1)],
  ['SWAP', 3, (c) => c.swap(0, 1)],
  ['RXX, RYY and RZZ', 3, (c) => c.rxx(0.7, 0, 1).ryy(-1.1, 0, 1).rzz(0.4, 0, 1)],
  ['twelve CX to and fro', 0, twelve],
  [
    'a long run',
    3,
    (c) =>
      [1, 2, 3, 4].reduce(
        (d, k) =>
          d
            .cx(0, 1)
            .rx(k, 0)
            .ry(2 * k, 1)
            .cx(1, 0)
            .rz(k, 0),
        c,
      ),
  ],
];

function twelve(circuit: Circuit): Circuit {
  for (let k = 0; k < 6; k++) circuit.cx(0, 1).cx(1, 0);
  return circuit;
}

test.each(FEWEST_CX)('%s takes %i CX', (_, count, build) => {
  const circuit = build(new Circuit(2));
  const decomposed = decompose(circuit, 'u-cx');
  expect(gateCounts(decomposed).entangling).toBe(count);
  expect(unitaryDistance(circuit, decomposed)).toBeLessThan(SAME);
});

test('any unitary on two qubits takes at most three CX, and nearly all take three', () => {
  const random = mulberry32(11);
  for (let k = 0; k < 100; k++) {
    const circuit = new Circuit(2).unitary(randomUnitary(2, random), [1, 0]);
    const decomposed = decompose(circuit, 'rz-sx-cx');
    expect(gateCounts(decomposed).entangling).toBe(3);
    expect(unitaryDistance(circuit, decomposed)).toBeLessThan(SAME);
  }
});

test('a Toffoli gate takes six CX and seven T', () => {
  expect(gateCounts(optimise(new Circuit(3).ccx(0, 1, 2)))).toEqual({
    total: 15,
    entangling: 6,
    t: 7,
  });
});

test('gates under many controls work with every number of qubits to borrow', () => {
  for (const spare of [0, 1, 2, 4]) {
    for (const controls of [3, 4, 5]) {
      if (controls + 1 + spare > 8) continue;
      const list = Array.from({ length: controls }, (_, k) => k);
      const circuit = new Circuit(controls + 1 + spare);
      circuit.controlled('x', list, [controls]).controlled('u', list, [controls], [0.3, 0.5, 0.7]);
      expect(unitaryDistance(circuit, decompose(circuit, 'u-cx'))).toBeLessThan(SAME);
    }
  }
});

test('parameters stay symbolic, merge with each other, and bind later', () => {
  const circuit = new Circuit(2);
  const [a, b] = [circuit.parameter('a'), circuit.parameter('b')];
  circuit.rz(a, 0).cx(0, 1).rz(scaled(b, 0.5), 1).cx(0, 1).rz(scaled(a, 2), 0).rx(b, 1);
  circuit
    .rz(0.25, 0)
    .u(a, b, 0.1, 1)
    .crz(a, 0, 1)
    .multiplexedRy([a, scaled(b, -1)], [0], 1);
  const forms = [optimise(circuit), decompose(circuit, 'u-cx'), decompose(circuit, 'rz-sx-cx')];
  for (const form of forms) {
    expect(form.parameters).toEqual(circuit.parameters);
    expect(unitaryDistance(circuit, form, [0.7, -1.9])).toBeLessThan(SAME);
  }
  const gone = new Circuit(1);
  const theta = gone.parameter('theta');
  gone.rz(theta, 0).h(0).h(0).rz(scaled(theta, -1), 0);
  expect(optimise(gone).operations).toEqual([]);
});

test('no gate crosses a measurement, a reset, a barrier or a condition', () => {
  const circuit = new Circuit(2, { bits: 1 }).h(0).barrier(0).h(0).measure(0, 0).x(0).reset(1).x(0);
  circuit.when([0], 1, (then) => then.h(1).h(1).t(1).t(1)).x(0);
  expect(optimise(circuit).operations).toEqual(
    new Circuit(2, { bits: 1 })
      .h(0)
      .barrier(0)
      .h(0)
      .measure(0, 0)
      .x(0)
      .reset(1)
      .x(0)
      .when([0], 1, (then) => then.s(1))
      .x(0).operations,
  );
});

test('measured circuits give the same outcomes for the same seeds', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = mulberry32(seed);
    const circuit = new Circuit(3, { bits: 3 });
    for (let k = 0; k < 8; k++) {
      const qubit = Math.floor(random.next() * 3);
      circuit
        .h(qubit)
        .ccx(qubit, (qubit + 1) % 3, (qubit + 2) % 3)
        .ry(k, qubit)
        .measure(qubit, qubit);
      circuit.when([qubit], 1, (then) => then.sx((qubit + 1) % 3).cz(0, 1));
    }
    for (const form of [optimise(circuit), decompose(circuit, 'rz-sx-cx')]) {
      const [a, b] = [circuit, form].map((each) => [
        ...run(each, new StateVector(3), { random: mulberry32(seed) }).bits,
      ]);
      expect(b).toEqual(a);
    }
  }
});

test('what cannot be broken down is refused', () => {
  const circuit = new Circuit(3).unitary(randomUnitary(3, mulberry32(1)), [0, 1, 2]);
  for (const attempt of [() => optimise(circuit), () => decompose(circuit, 'u-cx')]) {
    expect(attempt).toThrow(expect.objectContaining({ code: 'NOT_EXPRESSIBLE' }));
  }
});

test('a circuit beyond four thousand H gates is folded in parts', () => {
  const circuit = new Circuit(2);
  for (let k = 0; k < 5000; k++) circuit.h(0).t(0).h(1).t(1).cx(0, 1);
  const optimised = optimise(circuit);
  expect(gateCounts(optimised).t).toBe(10_000);
  const [a, b] = [circuit, optimised].map((each) => {
    const state = new StateVector(2);
    run(each, state);
    return state;
  });
  expect(a.real[0] ** 2 + a.imaginary[0] ** 2).toBeCloseTo(
    b.real[0] ** 2 + b.imaginary[0] ** 2,
    10,
  );
});
