import { describe, expect, test } from 'vitest';
import {
  Circuit,
  type GateName,
  mulberry32,
  run,
  type RunOptions,
  scaled,
  StateVector,
} from '@sema/simulator';
import { randomUnitary } from './arbitrary-circuits.ts';

const of = (qubits: number, bits = 0) => new Circuit(qubits, { bits });
const NOT_UNITARY = [1, 0, 0, 0, 0, 0, 1 + 1e-8, 0];
const identity = (qubits: number) =>
  Float64Array.from({ length: 2 * 4 ** qubits }, (_, k) =>
    k % (2 * 2 ** qubits + 2) === 0 ? 1 : 0,
  );

describe('a circuit refuses', () => {
  const cases: [string, () => unknown, string][] = [
    ['a qubit that is not there', () => of(2).h(2), 'QUBIT_OUT_OF_RANGE'],
    ['a negative qubit', () => of(2).h(-1), 'QUBIT_OUT_OF_RANGE'],
    ['half a qubit', () => of(2).h(0.5), 'QUBIT_OUT_OF_RANGE'],
    ['a NaN qubit', () => of(2).h(NaN), 'QUBIT_OUT_OF_RANGE'],
    ['an infinite qubit', () => of(2).cx(0, Infinity), 'QUBIT_OUT_OF_RANGE'],
    ['any qubit when it has none', () => of(0).x(0), 'QUBIT_OUT_OF_RANGE'],
    ['a control that is the target', () => of(2).cx(1, 1), 'DUPLICATE_QUBIT'],
    ['a control listed twice', () => of(3).controlled('x', [0, 0], [1]), 'DUPLICATE_QUBIT'],
    [
      'a multiplexed target among its controls',
      () => of(2).multiplexedRy([1, 2], [1], 1),
      'DUPLICATE_QUBIT',
    ],
    ['a barrier qubit listed twice', () => of(2).barrier(0, 0), 'DUPLICATE_QUBIT'],
    ['a NaN angle', () => of(1).rx(NaN, 0), 'INVALID_ANGLE'],
    ['an infinite angle', () => of(1).u(0, Infinity, 0, 0), 'INVALID_ANGLE'],
    ['a NaN among many angles', () => of(2).multiplexedRz([0, NaN], [0], 1), 'INVALID_ANGLE'],
    [
      'a scale that overflows',
      () => scaled(scaled(of(1).parameter('a'), 1e200), 1e200),
      'INVALID_ANGLE',
    ],
    [
      'a parameter of another circuit',
      () => of(1).rx(of(1).parameter('a'), 0),
      'UNKNOWN_PARAMETER',
    ],
    ['a parameter without a name', () => of(1).parameter(''), 'INVALID_PARAMETER_NAME'],
    ['an unknown gate', () => of(1).gate('constructor' as GateName, [0]), 'UNKNOWN_GATE'],
    ['too few qubits for a gate', () => of(2).gate('cx', [0]), 'WRONG_LENGTH'],
    ['too few angles for a gate', () => of(1).gate('rx', [0]), 'WRONG_LENGTH'],
    ['too many angles for a gate', () => of(1).gate('x', [0], [1]), 'WRONG_LENGTH'],
    [
      'a wrong number of multiplexed angles',
      () => of(2).multiplexedRx([1], [0], 1),
      'WRONG_LENGTH',
    ],
    ['a matrix that is not unitary', () => of(1).unitary(NOT_UNITARY, [0]), 'NOT_UNITARY'],
    [
      'a matrix so large that its square overflows',
      () =>
        of(1).unitary(
          NOT_UNITARY.map((x) => 1e200 * x),
          [0],
        ),
      'NOT_UNITARY',
    ],
    ['a matrix with NaN', () => of(1).unitary([1, 0, 0, 0, 0, 0, NaN, 0], [0]), 'NOT_FINITE'],
    ['a matrix of the wrong size', () => of(2).unitary(identity(1), [0, 1]), 'WRONG_LENGTH'],
    ['an empty matrix', () => of(1).unitary([], [0]), 'WRONG_LENGTH'],
    [
      'a unitary on nine qubits',
      () => of(9).unitary([], [0, 1, 2, 3, 4, 5, 6, 7, 8]),
      'TOO_MANY_QUBITS',
    ],
    ['a diagonal that is not unitary', () => of(1).diagonal([1, 0, 0.5, 0], [0]), 'NOT_UNITARY'],
    ['a diagonal with Infinity', () => of(1).diagonal([1, 0, Infinity, 0], [0]), 'NOT_FINITE'],
    ['a diagonal of the wrong size', () => of(2).diagonal([1, 0, 1, 0], [0, 1]), 'WRONG_LENGTH'],
    ['a bit that is not there', () => of(1, 1).measure(0, 1), 'BIT_OUT_OF_RANGE'],
    ['a negative bit', () => of(1, 1).measure(0, -1), 'BIT_OUT_OF_RANGE'],
    [
      'a condition on a bit that is not there',
      () => of(1, 1).when([1], 0, () => {}),
      'BIT_OUT_OF_RANGE',
    ],
    ['a condition on one bit twice', () => of(1, 2).when([1, 1], 0, () => {}), 'DUPLICATE_BIT'],
    ['a condition on no bits', () => of(1, 1).when([], 0, () => {}), 'INVALID_CONDITION'],
    ['a condition that never holds', () => of(1, 2).when([0, 1], 4, () => {}), 'INVALID_CONDITION'],
    ['a condition on a fraction', () => of(1, 2).when([0, 1], 0.5, () => {}), 'INVALID_CONDITION'],
    ['a negative number of qubits', () => of(-1), 'INVALID_QUBIT_COUNT'],
    ['NaN qubits', () => of(NaN), 'INVALID_QUBIT_COUNT'],
    ['28 qubits', () => of(28), 'TOO_MANY_QUBITS'],
    ['a fractional number of bits', () => of(1, 0.5), 'INVALID_BIT_COUNT'],
    ['65 537 bits', () => of(1, 65537), 'INVALID_BIT_COUNT'],
    ['appending more qubits than it has', () => of(1).append(of(2)), 'QUBIT_OUT_OF_RANGE'],
    ['appending with too few places', () => of(2).append(of(2), [0]), 'QUBIT_COUNT_MISMATCH'],
    ['appending two qubits on one', () => of(2).append(of(2), [1, 1]), 'DUPLICATE_QUBIT'],
    ['appending more bits than it has', () => of(1, 1).append(of(1, 2)), 'BIT_OUT_OF_RANGE'],
    ['to invert a measurement', () => of(1, 1).measure(0, 0).inverse(), 'NOT_INVERTIBLE'],
    ['to invert a reset', () => of(1).reset(0).inverse(), 'NOT_INVERTIBLE'],
    [
      'to invert a condition',
      () =>
        of(1, 1)
          .when([0], 1, () => {})
          .inverse(),
      'NOT_INVERTIBLE',
    ],
  ];

  test.each(cases)('%s', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ name: 'SimulatorError', code }));
  });

  test('more than 65 536 parameters', () => {
    const circuit = of(1);
    for (let i = 0; i < 65536; i++) circuit.parameter(`p${i}`);
    expect(() => circuit.parameter('one more')).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_PARAMETERS' }),
    );
  });

  test('says how many bytes too many qubits would need', () => {
    expect(() => of(40)).toThrow('40 qubits need 17592186044416 bytes; the limit is 27 qubits');
    expect(() => of(1e300)).toThrow(expect.objectContaining({ code: 'TOO_MANY_QUBITS' }));
  });

  test('and is left as it was', () => {
    const circuit = of(2, 1).h(0);
    expect(() => circuit.cx(0, 0)).toThrow();
    expect(() =>
      circuit.when([0], 1, (then) => {
        then.x(0).x(7);
      }),
    ).toThrow();
    expect(circuit.operations).toHaveLength(1);
  });
});

test('a matrix that is unitary to ten digits is accepted', () => {
  const matrix = randomUnitary(3, mulberry32(5)).map((x) => Math.round(x * 1e10) / 1e10);
  expect(of(3).unitary(matrix, [2, 0, 1]).operations).toHaveLength(1);
});

test('−0 names qubit 0 and bit 0', () => {
  const state = new StateVector(1);
  const { bits } = run(of(1, 1).x(-0).measure(-0, -0), state, { random: mulberry32(0) });
  expect([...bits]).toEqual([1]);
});

describe('run refuses', () => {
  const rotated = () => {
    const circuit = of(1);
    return circuit.rx(circuit.parameter('θ'), 0);
  };
  const measuring = of(1, 1).when([0], 0, (then) => then.measure(0, 0));
  const cases: [string, Circuit, RunOptions, string][] = [
    ['a state of another size', of(2), {}, 'QUBIT_COUNT_MISMATCH'],
    ['unbound parameters', rotated(), {}, 'UNBOUND_PARAMETERS'],
    ['too few parameters', rotated(), { parameters: [] }, 'UNBOUND_PARAMETERS'],
    ['too many parameters', rotated(), { parameters: [1, 2] }, 'UNBOUND_PARAMETERS'],
    ['a NaN parameter', rotated(), { parameters: [NaN] }, 'INVALID_ANGLE'],
    ['an infinite parameter', rotated(), { parameters: [-Infinity] }, 'INVALID_ANGLE'],
    ['to measure without chance', measuring, {}, 'RANDOM_SOURCE_MISSING'],
    ['to reset without chance', of(1).reset(0), {}, 'RANDOM_SOURCE_MISSING'],
    ['chance of 1', measuring, { random: { next: () => 1 } }, 'RANDOM_OUT_OF_RANGE'],
    ['chance of NaN', measuring, { random: { next: () => NaN } }, 'RANDOM_OUT_OF_RANGE'],
  ];

  test.each(cases)('%s, and leaves the state alone', (_, circuit, options, code) => {
    const state = new StateVector(1);
    expect(() => run(circuit, state, options)).toThrow(expect.objectContaining({ code }));
    expect([...state.real, ...state.imaginary]).toEqual([1, 0, 0, 0]);
  });

  test('a state that has been disposed of', () => {
    const state = new StateVector(1);
    state[Symbol.dispose]();
    expect(() => run(of(1), state)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });
});
