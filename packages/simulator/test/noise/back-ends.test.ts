import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Circuit,
  expectationValue,
  mulberry32,
  type PauliSum,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import {
  amplitudeDamping,
  basisDensityMatrix,
  bitFlip,
  densityExpectation,
  depolarizing,
  type NoiseModel,
  outcomeProbabilities,
  phaseDamping,
  runDensityMatrix,
  runTrajectory,
  thermalRelaxation,
  trajectoryExpectation,
} from '@sema/simulator/noise';
import { circuitAndState } from '../arbitrary-circuits.ts';
import { distance } from '../dense.ts';

/** Sums of at most a few thousand products of numbers below 1. */
const ROUNDING = 1e-12;

const count = (length: number) => Array.from({ length }, (_, index) => index);

describe('without noise', () => {
  test('a density matrix, a trajectory and a state vector are one state', () => {
    fc.assert(
      fc.property(circuitAndState(4, 12), ({ circuit, state }) => {
        const rho = reducedDensityMatrix(state, count(state.qubits));
        using other = state.copy();
        run(circuit, state);
        runDensityMatrix(circuit, rho);
        runTrajectory(circuit, other, { random: mulberry32(1) });
        const due = reducedDensityMatrix(state, count(state.qubits));
        expect(distance(rho.real, due.real)).toBeLessThan(ROUNDING);
        expect(distance(rho.imaginary, due.imaginary)).toBeLessThan(ROUNDING);
        expect([...other.real]).toEqual([...state.real]);
        expect([...other.imaginary]).toEqual([...state.imaginary]);
      }),
    );
  });

  test('the three see the same outcomes, and act on them alike', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 31 }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (seed, angle) => {
          const circuit = new Circuit(3, { bits: 3 })
            .ry(angle, 0)
            .h(1)
            .cx(1, 2)
            .cx(0, 1)
            .h(0)
            .measure(0, 0)
            .measure(1, 1)
            .when([1], 1, (then) => then.x(2))
            .when([0], 1, (then) => then.z(2))
            .when([0, 1], 2, (then) => then.h(0).measure(0, 2));
          const [vector, trajectory] = [new StateVector(3), new StateVector(3)];
          const rho = basisDensityMatrix(3);
          const first = run(circuit, vector, { random: mulberry32(seed) });
          const second = runTrajectory(circuit, trajectory, { random: mulberry32(seed) });
          const third = runDensityMatrix(circuit, rho, { random: mulberry32(seed) });
          expect([...second.bits]).toEqual([...first.bits]);
          expect([...third.bits]).toEqual([...first.bits]);
          const due = reducedDensityMatrix(vector, [0, 1, 2]);
          expect(distance(rho.real, due.real)).toBeLessThan(ROUNDING);
          expect(densityExpectation(rho, [{ coefficient: 1, paulis: { 2: 'Z' } }])).toBeCloseTo(
            Math.cos(angle),
            12,
          );
        },
      ),
    );
  });

  test('expectations of a density matrix are those of its state', () => {
    const sum: PauliSum = [
      { coefficient: 0.3, paulis: { 0: 'Y' } },
      { coefficient: -2, paulis: { 0: 'Y', 1: 'Y' } },
      { coefficient: 1.7, paulis: { 0: 'Y', 1: 'X', 2: 'Y', 3: 'Y' } },
      { coefficient: 0.9, paulis: { 1: 'Z', 2: 'X' } },
      { coefficient: 5, paulis: {} },
    ];
    fc.assert(
      fc.property(circuitAndState(4, 0), ({ state }) => {
        const fits = sum.filter(({ paulis }) =>
          Object.keys(paulis).every((q) => Number(q) < state.qubits),
        );
        const rho = reducedDensityMatrix(state, count(state.qubits));
        expect(
          Math.abs(densityExpectation(rho, fits) - expectationValue(state, fits)),
        ).toBeLessThan(ROUNDING);
      }),
    );
  });
});

/** Gates, waiting, a reset and channels of every sort. */
const circuit = new Circuit(3)
  .h(0)
  .cx(0, 1)
  .ry(0.7, 2)
  .cx(1, 2)
  .rx(1.1, 0)
  .reset(1)
  .u(0.4, 1.2, -0.3, 1)
  .rzz(0.9, 0, 1)
  .ccx(2, 1, 0);
const noise: NoiseModel = {
  gates: [
    { channel: depolarizing(0.05), operands: 1 },
    { channel: depolarizing(0.1, 2), operands: 2 },
    { channel: amplitudeDamping(0.15), names: ['cx', 'ccx'] },
    { channel: bitFlip(0.2), names: ['reset'] },
    { channel: phaseDamping(0.3), qubits: [2] },
  ],
  idle: {
    duration: (operation) => (operation.kind === 'gate' ? operation.targets.length : 3),
    channel: (qubit, time) => thermalRelaxation({ t1: 10 + qubit, t2: 12, time }),
  },
};
const observables: PauliSum[] = [
  [{ coefficient: 1, paulis: { 0: 'Z' } }],
  [{ coefficient: 1, paulis: { 1: 'X' } }],
  [{ coefficient: 1, paulis: { 2: 'Z' } }],
  [{ coefficient: 1, paulis: { 0: 'Y', 1: 'Z' } }],
  [
    { coefficient: 1, paulis: { 0: 'Z', 2: 'Z' } },
    { coefficient: 0.5, paulis: { 1: 'Y' } },
  ],
];

describe('trajectories', () => {
  const exact = basisDensityMatrix(3);
  runDensityMatrix(circuit, exact, { noise });

  test.each(observables)(
    'converge to the density matrix within their standard error (%#)',
    (...sum) => {
      // A normal mean is 4.9 standard errors off with a chance of 1e-6.
      const options = { noise, random: mulberry32(20), trajectories: 4000 };
      const { mean, standardError } = trajectoryExpectation(circuit, sum, options);
      expect(Math.abs(mean - densityExpectation(exact, sum))).toBeLessThan(4.9 * standardError);
      expect(standardError).toBeGreaterThan(0);
      expect(standardError).toBeLessThan(1.5 / Math.sqrt(4000));
    },
  );

  test('state an error that covers the truth as often as a normal one', () => {
    // 1.96 standard errors cover 95 %; of 300 estimates fewer than 268 or all 300 do with a chance
    // below 1e-4 (binomial), 60 trajectories being enough for a mean to be normal.
    const [sum] = observables;
    const due = densityExpectation(exact, sum);
    const random = mulberry32(21);
    let covered = 0;
    for (let batch = 0; batch < 300; batch++) {
      const estimate = trajectoryExpectation(circuit, sum, { noise, random, trajectories: 60 });
      if (Math.abs(estimate.mean - due) < 1.96 * estimate.standardError) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(268);
    expect(covered).toBeLessThan(300);
  });

  test('stay normalised', () => {
    const random = mulberry32(22);
    const state = new StateVector(3);
    for (let k = 0; k < 50; k++) {
      state.reset();
      runTrajectory(circuit, state, { noise, random });
      expect(expectationValue(state, [{ coefficient: 1, paulis: {} }])).toBeCloseTo(1, 12);
    }
  });

  test('report outcomes as often as read-out and density matrix say', () => {
    const readout = { oneGivenZero: 0.08, zeroGivenOne: 0.15 };
    const gates = [{ channel: depolarizing(0.2) }];
    const measured = new Circuit(2, { bits: 2 }).ry(1, 0).cx(0, 1).measure(0, 0).measure(1, 1);
    const unmeasured = basisDensityMatrix(2);
    runDensityMatrix(new Circuit(2).ry(1, 0).cx(0, 1), unmeasured, { noise: { gates } });
    const due = outcomeProbabilities(unmeasured, [0, 1], readout);
    const shots = 4000;
    for (const backEnd of ['trajectory', 'density matrix']) {
      const random = mulberry32(23);
      const counts = [0, 0, 0, 0];
      for (let shot = 0; shot < shots; shot++) {
        const options = { noise: { gates, readout }, random };
        const { bits } =
          backEnd === 'trajectory'
            ? runTrajectory(measured, new StateVector(2), options)
            : runDensityMatrix(measured, basisDensityMatrix(2), options);
        counts[bits[0] + 2 * bits[1]]++;
      }
      let chiSquare = 0;
      counts.forEach((n, m) => (chiSquare += (n - shots * due[m]) ** 2 / (shots * due[m])));
      // Beyond 30.7 with a chance of 1e-6 at three degrees of freedom.
      expect(chiSquare).toBeLessThan(30.7);
    }
  });

  test('of a certain event are all alike, with no error', () => {
    const sum: PauliSum = [{ coefficient: 2, paulis: { 0: 'Z' } }];
    const options = {
      noise: { gates: [{ channel: amplitudeDamping(1) }] },
      random: mulberry32(1),
      trajectories: 10,
    };
    expect(trajectoryExpectation(new Circuit(1).x(0), sum, options)).toEqual({
      mean: 2,
      standardError: 0,
    });
  });
});

describe('noisy runs refuse', () => {
  const random = mulberry32(0);
  const one = new Circuit(1);
  const theta = new Circuit(1);
  theta.rx(theta.parameter('theta'), 0);
  const measuring = new Circuit(1, { bits: 1 }).when([0], 1, (then) => then.measure(0, 0));
  const refused: [string, () => unknown, string][] = [
    ['13 qubits', () => basisDensityMatrix(13), 'TOO_MANY_QUBITS'],
    ['−1 qubits', () => basisDensityMatrix(-1), 'INVALID_QUBIT_COUNT'],
    ['a basis state that is not there', () => basisDensityMatrix(1, 2), 'BASIS_STATE_OUT_OF_RANGE'],
    [
      'a matrix of another size',
      () => runDensityMatrix(one, basisDensityMatrix(2)),
      'QUBIT_COUNT_MISMATCH',
    ],
    [
      'a torn matrix',
      () => runDensityMatrix(one, { ...basisDensityMatrix(1), real: new Float64Array(3) }),
      'WRONG_LENGTH',
    ],
    [
      'a state of another size',
      () => runTrajectory(one, new StateVector(2), { random }),
      'QUBIT_COUNT_MISMATCH',
    ],
    [
      'unbound parameters',
      () => runDensityMatrix(theta, basisDensityMatrix(1)),
      'UNBOUND_PARAMETERS',
    ],
    [
      'a parameter NaN',
      () => runTrajectory(theta, new StateVector(1), { random, parameters: [NaN] }),
      'INVALID_ANGLE',
    ],
    [
      'to measure without chance',
      () => runDensityMatrix(measuring, basisDensityMatrix(1)),
      'RANDOM_SOURCE_MISSING',
    ],
    [
      'chance outside [0, 1)',
      () =>
        runTrajectory(one.id(0), new StateVector(1), {
          random: { next: () => 1 },
          noise: { gates: [{ channel: bitFlip(0.5) }] },
        }),
      'RANDOM_OUT_OF_RANGE',
    ],
    [
      'one trajectory',
      () => trajectoryExpectation(one, [], { random, trajectories: 1 }),
      'INVALID_SHOTS',
    ],
    [
      '2.5 trajectories',
      () => trajectoryExpectation(one, [], { random, trajectories: 2.5 }),
      'INVALID_SHOTS',
    ],
    [
      'a state of norm 0',
      () => {
        const state = new StateVector(1);
        state.real.fill(0);
        const noise = { gates: [{ channel: amplitudeDamping(0.5) }] };
        runTrajectory(new Circuit(1).id(0), state, { random, noise });
      },
      'NOT_NORMALIZED',
    ],
    [
      'a bad coefficient',
      () => densityExpectation(basisDensityMatrix(1), [{ coefficient: NaN, paulis: {} }]),
      'INVALID_COEFFICIENT',
    ],
    [
      'a read-out error too few',
      () => outcomeProbabilities(basisDensityMatrix(2), [0, 1], []),
      'WRONG_LENGTH',
    ],
    [
      'a read-out error of −1',
      () => outcomeProbabilities(basisDensityMatrix(1), [0], { oneGivenZero: -1, zeroGivenOne: 0 }),
      'INVALID_PROBABILITY',
    ],
  ];
  test.each(refused)('%s', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
