import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Circuit,
  fidelity,
  mulberry32,
  norm,
  probabilities,
  reducedDensityMatrix,
  run,
  scaled,
  StateVector,
} from '@sema/simulator';
import { circuitAndState, randomState } from './arbitrary-circuits.ts';
import { distance } from './dense.ts';

/** Circuits here have at most 30 operations, each off by a few roundings of 1.1e-16. */
const ROUNDING = 1e-13;

function after(circuit: Circuit, start = new StateVector(circuit.qubits)): StateVector {
  run(circuit, start);
  return start;
}

describe('worked examples', () => {
  test('H and CX make a Bell pair', () => {
    const { real, imaginary } = after(new Circuit(2).h(0).cx(0, 1));
    expect(distance(real, [Math.SQRT1_2, 0, 0, Math.SQRT1_2])).toBeLessThan(ROUNDING);
    expect([...imaginary]).toEqual([0, 0, 0, 0]);
  });

  test('a chain of CX makes a GHZ state of 10 qubits', () => {
    const circuit = new Circuit(10).h(0);
    for (let qubit = 1; qubit < 10; qubit++) circuit.cx(qubit - 1, qubit);
    const weights = probabilities(after(circuit));
    expect(weights[0]).toBeCloseTo(0.5, 14);
    expect(weights[1023]).toBeCloseTo(0.5, 14);
    expect(weights.reduce((sum, p) => sum + p)).toBeCloseTo(1, 14);
  });

  test('qubit 0 is the least significant bit of the index', () => {
    expect(after(new Circuit(3).x(1)).real[2]).toBe(1);
  });

  test('teleportation moves any state, whatever is measured on the way', () => {
    const outcomes = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const random = mulberry32(seed);
      const angles = [6 * random.next(), 6 * random.next(), 6 * random.next()] as const;
      const circuit = new Circuit(3, { bits: 2 })
        .u(...angles, 0)
        .h(1)
        .cx(1, 2)
        .cx(0, 1)
        .h(0)
        .measure(0, 0)
        .measure(1, 1)
        .when([1], 1, (then) => then.x(2))
        .when([0], 1, (then) => then.z(2));
      const state = new StateVector(3);
      const { bits } = run(circuit, state, { random });
      outcomes.add(bits[0] + 2 * bits[1]);
      const sent = reducedDensityMatrix(after(new Circuit(1).u(...angles, 0)), [0]);
      const received = reducedDensityMatrix(state, [2]);
      expect(distance(received.real, sent.real)).toBeLessThan(ROUNDING);
      expect(distance(received.imaginary, sent.imaginary)).toBeLessThan(ROUNDING);
    }
    expect([...outcomes].sort()).toEqual([0, 1, 2, 3]);
  });

  test('the quantum Fourier transform of every basis state has its closed form', () => {
    const qubits = 4;
    const circuit = new Circuit(qubits);
    for (let target = qubits - 1; target >= 0; target--) {
      circuit.h(target);
      for (let control = 0; control < target; control++) {
        circuit.cp(Math.PI / 2 ** (target - control), control, target);
      }
    }
    for (let qubit = 0; qubit < qubits / 2; qubit++) circuit.swap(qubit, qubits - 1 - qubit);
    for (let j = 0; j < 16; j++) {
      const state = new StateVector(qubits);
      state.reset(j);
      run(circuit, state);
      for (let k = 0; k < 16; k++) {
        expect(state.real[k]).toBeCloseTo(Math.cos((2 * Math.PI * j * k) / 16) / 4, 14);
        expect(state.imaginary[k]).toBeCloseTo(Math.sin((2 * Math.PI * j * k) / 16) / 4, 14);
      }
    }
  });

  test('multiplexed RY prepares a distribution, level by level (Grover & Rudolph 2002)', () => {
    const target = [0.1, 0.4, 0.3, 0.2];
    const half = target[1] + target[3];
    const turn = (one: number) => 2 * Math.asin(Math.sqrt(one));
    const circuit = new Circuit(2)
      .ry(turn(half), 0)
      .multiplexedRy([turn(target[2] / (1 - half)), turn(target[3] / half)], [0], 1);
    expect(distance(probabilities(after(circuit)), target)).toBeLessThan(ROUNDING);
  });
});

describe('properties of random circuits', () => {
  test('the norm is preserved', () => {
    fc.assert(
      fc.property(circuitAndState(6, 30), ({ circuit, state }) => {
        expect(Math.abs(norm(after(circuit, state)) - 1)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('a circuit followed by its inverse is the identity', () => {
    fc.assert(
      fc.property(circuitAndState(6, 15), ({ circuit, state }) => {
        const before = state.copy();
        after(circuit.inverse(), after(circuit, state));
        expect(distance(state.real, before.real)).toBeLessThan(ROUNDING);
        expect(distance(state.imaginary, before.imaginary)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('circuits on disjoint qubits commute', () => {
    fc.assert(
      fc.property(circuitAndState(3, 8), circuitAndState(3, 8), fc.nat(), (a, b, seed) => {
        const qubits = a.circuit.qubits + b.circuit.qubits;
        const low = a.state.real.map((_, i) => i).slice(0, a.circuit.qubits);
        const high = Array.from({ length: b.circuit.qubits }, (_, i) => a.circuit.qubits + i);
        const start = randomState(qubits, mulberry32(seed));
        const one = new Circuit(qubits).append(a.circuit, [...low]).append(b.circuit, high);
        const other = new Circuit(qubits).append(b.circuit, high).append(a.circuit, [...low]);
        expect(fidelity(after(one, start.copy()), after(other, start))).toBeCloseTo(1, 12);
      }),
    );
  });

  test('appending on permuted qubits permutes what the circuit does', () => {
    fc.assert(
      fc.property(
        circuitAndState(3, 8),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        (a, order) => {
          const places = order.slice(0, a.circuit.qubits);
          const moved = after(new Circuit(4).append(a.circuit, places));
          const plain = probabilities(after(a.circuit));
          expect(distance(probabilities(moved, places), plain)).toBeLessThan(ROUNDING);
        },
      ),
    );
  });
});

describe('parameters', () => {
  const values = [0.3, -1.7, 2.9];

  function ansatz(angle: (circuit: Circuit, index: number) => ReturnType<typeof scaled>): Circuit {
    const circuit = new Circuit(3);
    const [a, b, c] = [0, 1, 2].map((index) => angle(circuit, index));
    return circuit
      .ry(a, 0)
      .u(a, b, c, 1)
      .crz(scaled(b, -2), 0, 2)
      .rxx(c, 1, 2)
      .multiplexedRx([a, b, 0.25, c], [2, 0], 1)
      .controlled('rz', [0, 1], [2], [scaled(c, 0.5)]);
  }

  const bound = () => ansatz((_, index) => values[index]);
  const symbolic = () => ansatz((circuit, index) => circuit.parameter(`θ${index}`));

  test('bound at run time give the same bits as constants', () => {
    const expected = after(bound());
    const state = new StateVector(3);
    run(symbolic(), state, { parameters: values });
    expect(state.real).toEqual(expected.real);
    expect(state.imaginary).toEqual(expected.imaginary);
  });

  test('survive inversion', () => {
    const state = new StateVector(3);
    run(symbolic(), state, { parameters: values });
    run(symbolic().inverse(), state, { parameters: values });
    expect(fidelity(state, new StateVector(3))).toBeCloseTo(1, 13);
  });

  test('of one name are one parameter, also after appending', () => {
    const first = new Circuit(1);
    const theta = first.parameter('θ');
    expect(first.parameter('θ')).toBe(theta);
    const second = new Circuit(1);
    second.rz(second.parameter('φ'), 0).rx(second.parameter('θ'), 0);
    first.ry(theta, 0).append(second);
    expect(first.parameters.map(({ name }) => name)).toEqual(['θ', 'φ']);
    const state = new StateVector(1);
    run(first, state, { parameters: [0.4, 1.1] });
    const expected = after(new Circuit(1).ry(0.4, 0).rz(1.1, 0).rx(0.4, 0));
    expect(state.real).toEqual(expected.real);
  });

  test('can be made inside a condition', () => {
    const circuit = new Circuit(1, { bits: 1 })
      .x(0)
      .measure(0, 0)
      .when([0], 1, (then) => then.ry(then.parameter('θ'), 0));
    const state = new StateVector(1);
    run(circuit, state, { parameters: [Math.PI], random: mulberry32(0) });
    expect(state.real[0]).toBeCloseTo(-1, 14);
  });
});

describe('operations', () => {
  test('are plain data with the controls apart from the gate', () => {
    expect(new Circuit(3).ccx(2, 0, 1).operations).toEqual([
      { kind: 'gate', gate: 'x', controls: [2, 0], targets: [1], angles: [] },
    ]);
    expect(new Circuit(3).controlled('cx', [2], [0, 1]).operations).toEqual(
      new Circuit(3).controlled('x', [2, 0], [1]).operations,
    );
  });

  test('do not change when the lists they were made from do', () => {
    const angles = [0.1, 0.2];
    const controls = [0];
    const entries = Float64Array.of(1, 0, 0, 1);
    const circuit = new Circuit(2).multiplexedRy(angles, controls, 1).diagonal(entries, controls);
    angles[0] = 9;
    controls[0] = 1;
    entries[0] = 5;
    expect(circuit.operations).toEqual([
      { kind: 'multiplexed', axis: 'y', angles: [0.1, 0.2], controls: [0], target: 1 },
      { kind: 'diagonal', entries: Float64Array.of(1, 0, 0, 1), qubits: [0] },
    ]);
  });

  test('under a condition end with its builder', () => {
    let leaked = new Circuit(1, { bits: 1 });
    const circuit = new Circuit(1, { bits: 1 }).when([0], 0, (then) => {
      leaked = then.x(0);
    });
    leaked.y(0);
    expect(circuit.operations).toEqual([
      { kind: 'conditional', bits: [0], value: 0, operations: new Circuit(1).x(0).operations },
    ]);
  });

  test('a barrier without qubits is on all of them', () => {
    expect(new Circuit(3).barrier().operations).toEqual([{ kind: 'barrier', qubits: [0, 1, 2] }]);
  });

  test('a circuit can be appended to itself', () => {
    const circuit = new Circuit(1).t(0);
    circuit.append(circuit).append(circuit);
    expect(circuit.operations).toHaveLength(4);
    expect(circuit.operations.every((operation) => operation.kind === 'gate')).toBe(true);
  });
});
