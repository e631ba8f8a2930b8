import { describe, expect, test } from 'vitest';
import { Circuit, MAX_QUBITS, norm, run, StateVector } from '@sema/simulator';

test('a new state is |0…0⟩', () => {
  using state = new StateVector(2);
  expect([...state.real]).toEqual([1, 0, 0, 0]);
  expect([...state.imaginary]).toEqual([0, 0, 0, 0]);
  expect([state.qubits, state.dimension]).toEqual([2, 4]);
});

test('a state of no qubits is one amplitude', () => {
  using state = new StateVector(0);
  run(new Circuit(0).barrier(), state);
  expect([...state.real]).toEqual([1]);
});

test('given amplitudes are copied', () => {
  const real = [0.6, 0];
  const imaginary = Float64Array.of(0, -0.8);
  using state = StateVector.from(real, imaginary);
  real[0] = 7;
  imaginary[1] = 7;
  expect([...state.real, ...state.imaginary]).toEqual([0.6, 0, 0, -0.8]);
});

test('reset makes any basis state', () => {
  using state = StateVector.from([Math.SQRT1_2, Math.SQRT1_2], [0, 0]);
  state.reset(1);
  expect([...state.real]).toEqual([0, 1]);
  state.reset();
  expect([...state.real, ...state.imaginary]).toEqual([1, 0, 0, 0]);
});

test('a copy shares nothing', () => {
  using state = new StateVector(1);
  using other = state.copy();
  run(new Circuit(1).x(0), other);
  expect([...state.real]).toEqual([1, 0]);
  state.copyFrom(other);
  expect([...state.real]).toEqual([0, 1]);
});

describe('a state refuses', () => {
  const from = (real: ArrayLike<number>, imaginary?: ArrayLike<number>) => () =>
    StateVector.from(real, imaginary);
  const state = new StateVector(2);
  const cases: [string, () => unknown, string][] = [
    ['no amplitudes', from([]), 'WRONG_LENGTH'],
    ['three amplitudes', from([1, 0, 0]), 'WRONG_LENGTH'],
    ['unequal lengths', from([1, 0], [0]), 'WRONG_LENGTH'],
    ['a length of NaN', from({ length: NaN }), 'WRONG_LENGTH'],
    ['more amplitudes than fit', from({ length: 2 ** 40 }), 'TOO_MANY_QUBITS'],
    ['an endless list', from({ length: Infinity }), 'TOO_MANY_QUBITS'],
    ['NaN', from([1, NaN]), 'NOT_FINITE'],
    ['an infinite imaginary part', from([1, 0], [0, -Infinity]), 'NOT_FINITE'],
    ['a list with a hole', from({ length: 2, 0: 1 }), 'NOT_FINITE'],
    ['zeros', from([0, 0]), 'NOT_NORMALIZED'],
    ['a norm 2e-9 too large', from([1 + 2e-9, 0]), 'NOT_NORMALIZED'],
    ['amplitudes whose squares overflow', from([1e300, 0]), 'NOT_NORMALIZED'],
    ['−1 qubits', () => new StateVector(-1), 'INVALID_QUBIT_COUNT'],
    ['1.5 qubits', () => new StateVector(1.5), 'INVALID_QUBIT_COUNT'],
    ['NaN qubits', () => new StateVector(NaN), 'INVALID_QUBIT_COUNT'],
    ['one qubit too many', () => new StateVector(MAX_QUBITS + 1), 'TOO_MANY_QUBITS'],
    ['a basis state past its end', () => state.reset(4), 'BASIS_STATE_OUT_OF_RANGE'],
    ['a negative basis state', () => state.reset(-1), 'BASIS_STATE_OUT_OF_RANGE'],
    ['a fractional basis state', () => state.reset(0.5), 'BASIS_STATE_OUT_OF_RANGE'],
    ['a copy of another size', () => state.copyFrom(new StateVector(1)), 'QUBIT_COUNT_MISMATCH'],
  ];

  test.each(cases)('%s', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ name: 'SimulatorError', code }));
  });

  test('too many qubits with the bytes they would need', () => {
    expect(() => new StateVector(30)).toThrow('30 qubits need 17179869184 bytes');
  });

  test('a norm within 1e-9 of 1 not', () => {
    expect(norm(StateVector.from([1 + 5e-10, 0]))).toBe(1 + 5e-10);
  });

  test('everything after disposal, but not another disposal', () => {
    const gone = new StateVector(1);
    gone[Symbol.dispose]();
    gone[Symbol.dispose]();
    const uses = [
      () => gone.real,
      () => gone.imaginary,
      () => gone.copy(),
      () => gone.reset(),
      () => norm(gone),
    ];
    for (const use of uses) expect(use).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });
});
