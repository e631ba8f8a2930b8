import { describe, expect, test } from 'vitest';
import { Circuit, mulberry32, type PauliSum } from '@sema/simulator';
import {
  amplitudeDamping,
  basisDensityMatrix,
  bitFlip,
  type Channel,
  densityExpectation,
  depolarizing,
  type NoiseModel,
  outcomeProbabilities,
  phaseFlip,
  runDensityMatrix,
  thermalRelaxation,
} from '@sema/simulator/noise';

const z = (qubit: number): PauliSum => [{ coefficient: 1, paulis: { [qubit]: 'Z' } }];

/** ⟨Z⟩ of each qubit after the circuit with this noise. */
function zs(circuit: Circuit, noise: NoiseModel): number[] {
  const rho = basisDensityMatrix(circuit.qubits);
  runDensityMatrix(circuit, rho, { noise, random: mulberry32(1) });
  return Array.from(
    { length: circuit.qubits },
    (_, qubit) =>
      // Sums of a few products are known to 1e-12; −0 is 0.
      Number(densityExpectation(rho, z(qubit)).toFixed(12)) + 0,
  );
}

/** What ⟨Z⟩ = 1 becomes by k flips, each certain. */
const flips = bitFlip(1);

describe('gate noise', () => {
  test('of one qubit follows every qubit of an operation', () => {
    const circuit = new Circuit(3).ccx(0, 1, 2);
    expect(zs(circuit, { gates: [{ channel: flips }] })).toEqual([-1, -1, -1]);
  });

  test('of two qubits follows operations on two qubits only, controls first', () => {
    const circuit = new Circuit(3).id(2).cx(2, 0).ccx(0, 1, 2);
    const onFirst = { qubits: 2, kraus: [Float64Array.from(xOnLowBit())] };
    expect(zs(circuit, { gates: [{ channel: onFirst }] })).toEqual([1, 1, -1]);
  });

  function xOnLowBit(): number[] {
    const matrix = new Array<number>(32).fill(0);
    for (const [row, column] of [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ]) {
      matrix[2 * (4 * row + column)] = 1;
    }
    return matrix;
  }

  test('is narrowed by name, by size and by qubits', () => {
    const circuit = new Circuit(3).h(0).h(0).cx(0, 1).swap(1, 2);
    const only = (rule: object) => zs(circuit, { gates: [{ channel: flips, ...rule }] });
    expect(only({ names: ['cx'] })).toEqual([-1, 1, -1]);
    expect(only({ names: ['swap', 'cx'] })).toEqual([-1, -1, 1]);
    expect(only({ operands: 2, qubits: [1, 2] })).toEqual([1, -1, -1]);
    expect(only({ names: ['h'], operands: 2 })).toEqual([1, 1, 1]);
    expect(only({ names: ['x', 'reset', 'controlled'] })).toEqual([1, 1, 1]);
  });

  test('knows what has no name of its own, and leaves barriers and measurements alone', () => {
    const circuit = new Circuit(4, { bits: 1 })
      .controlled('y', [0, 1], [2])
      .diagonal([1, 0, 1, 0], [0])
      .unitary([1, 0, 0, 0, 0, 0, 1, 0], [1])
      .multiplexedRy([0], [], 2)
      .reset(3)
      .barrier()
      .measure(3, 0);
    const only = (name: 'controlled' | 'diagonal' | 'unitary' | 'multiplexed' | 'reset') =>
      zs(circuit, { gates: [{ channel: flips, names: [name] }] });
    expect(only('controlled')).toEqual([-1, -1, -1, 1]);
    expect(only('diagonal')).toEqual([-1, 1, 1, 1]);
    expect(only('unitary')).toEqual([1, -1, 1, 1]);
    expect(only('multiplexed')).toEqual([1, 1, -1, 1]);
    expect(only('reset')).toEqual([1, 1, 1, -1]);
    expect(
      zs(new Circuit(1, { bits: 1 }).barrier().measure(0, 0), { gates: [{ channel: flips }] }),
    ).toEqual([1]);
  });

  test('of several rules comes in their order', () => {
    const circuit = new Circuit(1).id(0);
    const down = amplitudeDamping(1);
    expect(zs(circuit, { gates: [{ channel: flips }, { channel: down }] })).toEqual([1]);
    expect(zs(circuit, { gates: [{ channel: down }, { channel: flips }] })).toEqual([-1]);
  });
});

describe('idle noise', () => {
  const relaxing = (duration: number): NoiseModel => ({
    idle: {
      duration: () => duration,
      channel: (_, time) => thermalRelaxation({ t1: 100, t2: 50, time }),
    },
  });
  /** ⟨Z⟩ of what was |1⟩ a while ago. */
  const relaxed = (time: number) => Number((1 - 2 * Math.exp(-time / 100)).toFixed(12));

  test('acts while a qubit waits for its partner, and to the end of the circuit', () => {
    const waits = new Circuit(2).x(1).id(0).id(0).id(0).cz(0, 1);
    expect(zs(waits, relaxing(10))).toEqual([1, relaxed(20)]);
    const ends = new Circuit(2).x(1).id(0).id(0).id(0);
    expect(zs(ends, relaxing(10))).toEqual([1, relaxed(20)]);
  });

  test('acts on nothing that is always busy or takes no time', () => {
    expect(zs(new Circuit(1).x(0).id(0).id(0), relaxing(10))).toEqual([-1]);
    expect(zs(new Circuit(2).x(1).id(0).cz(0, 1), relaxing(0))).toEqual([1, -1]);
  });

  test('makes a barrier’s qubits wait for each other', () => {
    // Without the barrier qubit 1 would flip at once and wait as |1⟩.
    const circuit = new Circuit(2).id(0).id(0).barrier().x(1);
    expect(zs(circuit, relaxing(10))).toEqual([1, -1]);
    expect(zs(new Circuit(2).id(0).id(0).x(1), relaxing(10))).toEqual([1, relaxed(10)]);
  });

  test('is suffered for a conditional’s time whether it runs or not', () => {
    const circuit = (value: 0 | 1) =>
      new Circuit(2, { bits: 1 })
        .measure(0, 0)
        .x(1)
        .when([0], value, (then) => then.id(1).id(1));
    const noise = relaxing(10);
    // Qubit 1 is busy when the body runs; when not it waits for two gates.
    expect(zs(circuit(0), noise)).toEqual([1, -1]);
    expect(zs(circuit(1), noise)).toEqual([1, relaxed(20)]);
  });

  test('is asked by qubit and time, with the durations of operations', () => {
    const asked: [number, number][] = [];
    const circuit = new Circuit(3, { bits: 1 }).x(0).cx(0, 1).measure(1, 0);
    const noise: NoiseModel = {
      idle: {
        duration: (operation) =>
          operation.kind === 'measure'
            ? 700
            : operation.kind === 'gate' && operation.controls.length > 0
              ? 300
              : 20,
        channel: (qubit, time) => {
          asked.push([qubit, time]);
          return phaseFlip(0);
        },
      },
    };
    zs(circuit, noise);
    expect(asked).toEqual([
      [1, 20],
      [0, 700],
      [2, 1020],
    ]);
  });
});

describe('measurement noise', () => {
  test('strikes the qubit before it is measured', () => {
    const circuit = new Circuit(1, { bits: 1 }).measure(0, 0);
    const rho = basisDensityMatrix(1);
    const { bits } = runDensityMatrix(circuit, rho, {
      noise: { measurement: flips },
      random: mulberry32(3),
    });
    expect(bits[0]).toBe(1);
    expect(densityExpectation(rho, z(0))).toBe(-1);
  });

  test('a read-out error changes what is reported, not the qubit', () => {
    const circuit = new Circuit(2, { bits: 2 }).x(1).measure(0, 0).measure(1, 1);
    const rho = basisDensityMatrix(2);
    const { bits } = runDensityMatrix(circuit, rho, {
      noise: {
        readout: [
          { oneGivenZero: 1, zeroGivenOne: 0 },
          { oneGivenZero: 0, zeroGivenOne: 1 },
        ],
      },
      random: mulberry32(3),
    });
    expect([...bits]).toEqual([1, 0]);
    expect([densityExpectation(rho, z(0)), densityExpectation(rho, z(1))]).toEqual([1, -1]);
  });

  test('read-out errors mix the probabilities of outcomes', () => {
    const rho = basisDensityMatrix(2);
    runDensityMatrix(new Circuit(2).ry(2 * Math.acos(0.6), 0), rho);
    const error = { oneGivenZero: 0.1, zeroGivenOne: 0.25 };
    const [zero] = outcomeProbabilities(rho, [0], error);
    expect(zero).toBeCloseTo(0.36 * 0.9 + 0.64 * 0.25, 14);
    const swapped = outcomeProbabilities(
      rho,
      [1, 0],
      [error, { oneGivenZero: 0, zeroGivenOne: 0 }],
    );
    const due = [0.36 * 0.9, 0.36 * 0.1, 0.64 * 0.9, 0.64 * 0.1];
    due.forEach((p, k) => expect(swapped[k]).toBeCloseTo(p, 14));
  });
});

describe('a noise model is refused', () => {
  const circuit = new Circuit(1, { bits: 1 }).id(0).measure(0, 0);
  const leaky: Channel = { qubits: 1, kraus: [Float64Array.of(1, 0, 0, 0, 0, 0, 0.5, 0)] };
  const idle = (time: number): NoiseModel => ({
    idle: { duration: () => time, channel: () => phaseFlip(0) },
  });
  const refused: [string, NoiseModel, string][] = [
    ['with a channel that loses trace', { gates: [{ channel: leaky }] }, 'NOT_COMPLETE'],
    [
      'with two qubits measured at once',
      { measurement: depolarizing(0.1, 2) },
      'QUBIT_COUNT_MISMATCH',
    ],
    [
      'with a read-out error of 2',
      { readout: { oneGivenZero: 2, zeroGivenOne: 0 } },
      'INVALID_PROBABILITY',
    ],
    [
      'with a read-out error NaN',
      { readout: [{ oneGivenZero: 0, zeroGivenOne: NaN }] },
      'INVALID_PROBABILITY',
    ],
    ['with no read-out error for a qubit', { readout: [] }, 'QUBIT_OUT_OF_RANGE'],
    ['with negative durations', idle(-1), 'INVALID_TIME'],
    ['with endless durations', idle(Infinity), 'INVALID_TIME'],
    ['with durations NaN', idle(NaN), 'INVALID_TIME'],
  ];
  test.each(refused)('%s', (_, noise, code) => {
    const rho = basisDensityMatrix(1);
    const call = () => runDensityMatrix(circuit, rho, { noise, random: mulberry32(0) });
    expect(call).toThrow(expect.objectContaining({ code }));
    expect([...rho.real]).toEqual([1, 0, 0, 0]);
  });
});
