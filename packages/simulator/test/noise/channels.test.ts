import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit, type DensityMatrix, gateMatrix, mulberry32 } from '@sema/simulator';
import {
  amplitudeDamping,
  basisDensityMatrix,
  bitFlip,
  type Channel,
  densityExpectation,
  depolarizing,
  krausChannel,
  pauliChannel,
  phaseDamping,
  phaseFlip,
  runDensityMatrix,
  thermalRelaxation,
} from '@sema/simulator/noise';
import { randomUnitary } from '../arbitrary-circuits.ts';
import { adjoint, combine, type Dense, distance, identity, multiply, real } from '../dense.ts';

/** Sums of a few products of numbers below 1. */
const ROUNDING = 1e-14;

const asDense = (matrix: Float64Array): Dense => ({
  size: Math.sqrt(matrix.length / 2),
  re: matrix.filter((_, k) => k % 2 === 0),
  im: matrix.filter((_, k) => k % 2 === 1),
});

/** Σ KρK†, multiplied out. */
function applied(channel: Channel, rho: Dense): Dense {
  const terms = channel.kraus.map((operator) => {
    const k = asDense(operator);
    return [real(1), multiply(multiply(k, rho), adjoint(k))] as const;
  });
  return combine(...terms);
}

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const time = fc.double({ min: 0, max: 5, noNaN: true });
const channels = fc.oneof(
  probability.map((p) => bitFlip(p)),
  probability.map((p) => phaseFlip(p)),
  probability.map((p) => amplitudeDamping(p)),
  probability.map((p) => phaseDamping(p)),
  fc.tuple(probability, fc.constantFrom(1, 2)).map(([p, qubits]) => depolarizing(p, qubits)),
  fc.tuple(time, time, time).map(([t1, share, t]) => {
    const longest = 2 * (t1 + 0.01);
    return thermalRelaxation({ t1: t1 + 0.01, t2: Math.min(longest, share + 0.01), time: t });
  }),
  // The columns of a unitary that acts on an environment too are a channel.
  fc.nat().map((seed) => krausChannel(environment(seed))),
);

/** The four blocks of the first two columns of a random 8 × 8 unitary. */
function environment(seed: number): Float64Array[] {
  const unitary = randomUnitary(3, mulberry32(seed));
  return [0, 1, 2, 3].map((block) => {
    const rows = [2 * block, 2 * block + 1];
    return Float64Array.from(rows.flatMap((row) => [...unitary.slice(16 * row, 16 * row + 4)]));
  });
}

describe('channels', () => {
  test('are complete: ΣK†K = 1', () => {
    fc.assert(
      fc.property(channels, ({ qubits, kraus }) => {
        const sum = combine(
          ...kraus.map((k) => [real(1), multiply(adjoint(asDense(k)), asDense(k))] as const),
        );
        expect(distance(sum.re, identity(qubits).re)).toBeLessThan(ROUNDING);
        expect(distance(sum.im, identity(qubits).im)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('keep the trace and act as ΣKρK† when they are run', () => {
    fc.assert(
      fc.property(channels, fc.nat(), (channel, seed) => {
        const { qubits } = channel;
        const all = Array.from({ length: qubits }, (_, qubit) => qubit);
        const circuit = new Circuit(qubits).unitary(randomUnitary(qubits, mulberry32(seed)), all);
        const before = basisDensityMatrix(qubits);
        runDensityMatrix(circuit, before);
        const after = basisDensityMatrix(qubits);
        runDensityMatrix(circuit, after, { noise: { gates: [{ channel }] } });
        const due = applied(channel, {
          size: before.dimension,
          re: before.real,
          im: before.imaginary,
        });
        expect(distance(after.real, due.re)).toBeLessThan(ROUNDING);
        expect(distance(after.imaginary, due.im)).toBeLessThan(ROUNDING);
        expect(
          Math.abs(densityExpectation(after, [{ coefficient: 1, paulis: {} }]) - 1),
        ).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('depolarising at 3/4 leaves one qubit, at 15/16 two qubits, maximally mixed', () => {
    for (const [qubits, p] of [
      [1, 3 / 4],
      [2, 15 / 16],
    ]) {
      const rho = {
        size: 2 ** qubits,
        re: basisDensityMatrix(qubits).real,
        im: new Float64Array(4 ** qubits),
      };
      const mixed = identity(qubits).re.map((x) => x / 2 ** qubits);
      expect(distance(applied(depolarizing(p, qubits), rho).re, mixed)).toBeLessThan(ROUNDING);
    }
  });

  test('flips shrink the other two Pauli axes by 1 − 2p', () => {
    const shrunk = (channel: Channel) =>
      (['X', 'Y', 'Z'] as const).map((axis) => {
        const turn = { X: ['h'], Y: ['h', 's'], Z: [] }[axis] as readonly ('h' | 's')[];
        const circuit = new Circuit(1);
        for (const gate of turn) circuit.gate(gate, [0]);
        const rho = basisDensityMatrix(1);
        runDensityMatrix(circuit.id(0), rho, { noise: { gates: [{ channel, names: ['id'] }] } });
        return densityExpectation(rho, [{ coefficient: 1, paulis: { 0: axis } }]);
      });
    expect(distance(shrunk(bitFlip(0.1)), [1, 0.8, 0.8])).toBeLessThan(ROUNDING);
    expect(distance(shrunk(phaseFlip(0.1)), [0.8, 0.8, 1])).toBeLessThan(ROUNDING);
    expect(distance(shrunk(pauliChannel(0.1, 0.2, 0.3)), [0, 0.2, 0.4])).toBeLessThan(ROUNDING);
    expect(distance(shrunk(phaseDamping(0.19)), [0.9, 0.9, 1])).toBeLessThan(ROUNDING);
  });

  test('thermal relaxation is amplitude damping at t2 = 2·t1 and phase damping at t1 = ∞', () => {
    const tails = (channel: Channel) =>
      channel.kraus.filter((k) => k.some((x) => Math.abs(x) > 1e-7));
    const first = tails(thermalRelaxation({ t1: 2, t2: 4, time: 1 }));
    const second = tails(amplitudeDamping(1 - Math.exp(-1 / 2)));
    expect(first.length).toBe(second.length);
    first.forEach((k, index) => expect(distance(k, second[index])).toBeLessThan(ROUNDING));
    const third = tails(thermalRelaxation({ t1: Infinity, t2: 4, time: 1 }));
    const fourth = tails(phaseDamping(1 - Math.exp(-2 / 4)));
    expect(third.length).toBe(fourth.length);
    third.forEach((k, index) => expect(distance(k, fourth[index])).toBeLessThan(ROUNDING));
  });

  test('are copied from what they are made of', () => {
    const identityMatrix = [1, 0, 0, 0, 0, 0, 1, 0];
    const channel = krausChannel([identityMatrix]);
    identityMatrix[0] = 5;
    expect(channel.kraus[0][0]).toBe(1);
  });

  const id = [1, 0, 0, 0, 0, 0, 1, 0];
  const refused: [string, () => unknown, string][] = [
    ['no operator', () => krausChannel([]), 'WRONG_LENGTH'],
    ['an operator of no size', () => krausChannel([[1, 0, 0]]), 'WRONG_LENGTH'],
    ['operators of two sizes', () => krausChannel([id, gateMatrix('cx')]), 'WRONG_LENGTH'],
    ['five operators on a qubit', () => krausChannel([id, id, id, id, id]), 'WRONG_LENGTH'],
    ['too large operators', () => krausChannel([new Float64Array(512)]), 'WRONG_LENGTH'],
    ['NaN', () => krausChannel([[NaN, 0, 0, 0, 0, 0, 1, 0]]), 'NOT_FINITE'],
    ['a trace that shrinks', () => krausChannel([id.map((x) => 0.9 * x)]), 'NOT_COMPLETE'],
    ['the same operator twice', () => krausChannel([id, id]), 'NOT_COMPLETE'],
    [
      'what is complete on the wrong side',
      () =>
        krausChannel([
          [1, 0, 0, 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 1, 0, 0, 0],
        ]),
      'NOT_COMPLETE',
    ],
    ['probability −0.1', () => bitFlip(-0.1), 'INVALID_PROBABILITY'],
    ['probability NaN', () => amplitudeDamping(NaN), 'INVALID_PROBABILITY'],
    ['probability 1.1', () => depolarizing(1.1), 'INVALID_PROBABILITY'],
    ['Paulis above 1 together', () => pauliChannel(0.5, 0.5, 0.5), 'INVALID_PROBABILITY'],
    ['depolarising on four qubits', () => depolarizing(0.1, 4), 'INVALID_QUBIT_COUNT'],
    ['t2 above 2·t1', () => thermalRelaxation({ t1: 1, t2: 2.01, time: 1 }), 'INVALID_TIME'],
    ['t1 = 0', () => thermalRelaxation({ t1: 0, t2: 0, time: 1 }), 'INVALID_TIME'],
    ['t1 = NaN', () => thermalRelaxation({ t1: NaN, t2: 1, time: 1 }), 'INVALID_TIME'],
    ['a negative time', () => thermalRelaxation({ t1: 1, t2: 1, time: -1 }), 'INVALID_TIME'],
    ['an endless time', () => thermalRelaxation({ t1: 1, t2: 1, time: Infinity }), 'INVALID_TIME'],
  ];
  test.each(refused)('refuse %s', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});

describe('an idle qubit', () => {
  /** ⟨ψ|ρ|ψ⟩ for the six cardinal states ψ, averaged. */
  function averageFidelity(channel: Channel): number {
    let sum = 0;
    for (const [axis, turn] of [
      ['Z', []],
      ['X', ['h']],
      ['Y', ['h', 's']],
    ] as const) {
      for (const flipped of [false, true]) {
        const circuit = new Circuit(1);
        if (flipped) circuit.x(0);
        for (const gate of turn) circuit.gate(gate, [0]);
        const rho: DensityMatrix = basisDensityMatrix(1);
        runDensityMatrix(circuit.id(0), rho, { noise: { gates: [{ channel, names: ['id'] }] } });
        const sign = flipped ? -0.5 : 0.5;
        sum += densityExpectation(rho, [
          { coefficient: 0.5, paulis: {} },
          { coefficient: sign, paulis: { 0: axis } },
        ]);
      }
    }
    return sum / 6;
  }

  test('keeps the average fidelity ½ + ⅙e^(−t/T1) + ⅓e^(−t/T2)', () => {
    fc.assert(
      fc.property(time, probability, time, (t1, share, t) => {
        const relaxation = { t1: t1 + 0.1, t2: (0.05 + 1.95 * share) * (t1 + 0.1), time: t };
        const due = 0.5 + Math.exp(-t / relaxation.t1) / 6 + Math.exp(-t / relaxation.t2) / 3;
        expect(Math.abs(averageFidelity(thermalRelaxation(relaxation)) - due)).toBeLessThan(
          ROUNDING,
        );
      }),
    );
  });

  test('keeps 0.98693 for 50 ms at T1 = 4 s and T2 = 1.49 s, as Bluvstein’s atoms of 2022', () => {
    const fidelity = averageFidelity(thermalRelaxation({ t1: 4, t2: 1.49, time: 0.05 }));
    expect(fidelity).toBeCloseTo(0.98693, 5);
  });
});
