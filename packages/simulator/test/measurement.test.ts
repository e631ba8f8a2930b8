import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Circuit,
  fidelity,
  measure,
  mulberry32,
  norm,
  postSelect,
  probabilities,
  probabilityOfOne,
  run,
  sample,
  StateVector,
} from '@sema/simulator';
import { randomState } from './arbitrary-circuits.ts';
import { act, distance, projector } from './dense.ts';

const seeded = fc.record({ qubits: fc.integer({ min: 1, max: 5 }), seed: fc.nat() });

function bell(): StateVector {
  const state = new StateVector(2);
  run(new Circuit(2).h(0).cx(0, 1), state);
  return state;
}

describe('probabilities', () => {
  test('of all basis states are the squared moduli', () => {
    const state = StateVector.from([0.6, 0], [0, -0.8]);
    expect([...probabilities(state)]).toEqual([0.36, 0.6400000000000001]);
  });

  test('of listed qubits read the first as the least significant bit', () => {
    const state = new StateVector(3);
    state.reset(0b110);
    expect([...probabilities(state, [0, 2])]).toEqual([0, 0, 1, 0]);
    expect([...probabilities(state, [2, 0])]).toEqual([0, 1, 0, 0]);
    expect([...probabilities(state, [])]).toEqual([1]);
  });

  test('agree with the expectation of projectors', () => {
    fc.assert(
      fc.property(seeded, fc.shuffledSubarray([0, 1, 2, 3, 4]), ({ qubits, seed }, order) => {
        const state = randomState(qubits, mulberry32(seed));
        const list = order.filter((qubit) => qubit < qubits);
        const expected = Array.from({ length: 1 << list.length }, (_, m) => {
          const { real, imaginary } = act(projector(list, m, qubits), state);
          return real.reduce((sum, x, i) => sum + x * x + imaginary[i] ** 2, 0);
        });
        expect(distance(probabilities(state, list), expected)).toBeLessThan(1e-14);
        for (const qubit of list) {
          const one = probabilities(state, [qubit])[1];
          expect(probabilityOfOne(state, qubit)).toBeCloseTo(one, 14);
        }
      }),
    );
  });
});

describe('post-selection', () => {
  test('of one half of a Bell pair decides the other', () => {
    const state = bell();
    expect(postSelect(state, 0, 1)).toBeCloseTo(0.5, 14);
    expect(probabilityOfOne(state, 1)).toBeCloseTo(1, 14);
    expect(norm(state)).toBeCloseTo(1, 14);
  });

  test('projects and renormalises, with the probability of its outcome', () => {
    fc.assert(
      fc.property(seeded, fc.nat(), fc.constantFrom(0, 1), ({ qubits, seed }, pick, value) => {
        const state = randomState(qubits, mulberry32(seed));
        const qubit = pick % qubits;
        const kept = act(projector([qubit], value, qubits), state);
        const expected =
          value === 1 ? probabilityOfOne(state, qubit) : 1 - probabilityOfOne(state, qubit);
        const probability = postSelect(state, qubit, value);
        expect(probability).toBeCloseTo(expected, 13);
        const factor = 1 / Math.sqrt(probability);
        expect(
          distance(
            state.real,
            kept.real.map((x) => factor * x),
          ),
        ).toBeLessThan(1e-13);
        expect(
          distance(
            state.imaginary,
            kept.imaginary.map((x) => factor * x),
          ),
        ).toBeLessThan(1e-13);
      }),
    );
  });

  test('gives a probability also when the norm has been changed by hand', () => {
    const state = bell();
    state.real.forEach((x, i) => (state.real[i] = 2 * x));
    expect(postSelect(state, 0, 0)).toBeCloseTo(0.5, 14);
    expect(norm(state)).toBeCloseTo(1, 14);
  });

  test('on an outcome of probability 0 is refused and leaves the state alone', () => {
    const state = bell();
    postSelect(state, 0, 0);
    const before = state.copy();
    expect(() => postSelect(state, 1, 1)).toThrow(
      expect.objectContaining({ code: 'IMPOSSIBLE_OUTCOME' }),
    );
    expect(state.real).toEqual(before.real);
  });

  test.each([2, -1, NaN, 0.5])('on the value %d is refused', (value) => {
    expect(() => postSelect(bell(), 0, value as 0)).toThrow(
      expect.objectContaining({ code: 'INVALID_OUTCOME' }),
    );
  });
});

describe('measurement', () => {
  test('repeats itself', () => {
    fc.assert(
      fc.property(seeded, fc.nat(), ({ qubits, seed }, pick) => {
        const random = mulberry32(seed);
        const state = randomState(qubits, random);
        const first = measure(state, pick % qubits, random);
        expect(norm(state)).toBeCloseTo(1, 13);
        expect(measure(state, pick % qubits, random)).toBe(first);
        expect(probabilityOfOne(state, pick % qubits)).toBeCloseTo(first, 13);
      }),
    );
  });

  test('of both halves of a Bell pair agrees, and is fair', () => {
    // 4000 fair coins: beyond 2000 ± 104 with probability 1e-3.
    const random = mulberry32(7);
    let ones = 0;
    for (let shot = 0; shot < 4000; shot++) {
      const state = bell();
      const first = measure(state, 0, random);
      expect(measure(state, 1, random)).toBe(first);
      ones += first;
    }
    expect(Math.abs(ones - 2000)).toBeLessThan(104);
  });

  test('in a circuit has the frequencies of the state', () => {
    // 10 000 shots at probability sin²(0.4): standard deviation 35.9; beyond 3.29 of them with
    // probability 1e-3.
    const circuit = new Circuit(1, { bits: 1 }).ry(0.8, 0).measure(0, 0);
    const random = mulberry32(11);
    const state = new StateVector(1);
    let ones = 0;
    for (let shot = 0; shot < 10_000; shot++) {
      state.reset();
      ones += run(circuit, state, { random }).bits[0];
    }
    expect(Math.abs(ones - 10_000 * Math.sin(0.4) ** 2)).toBeLessThan(3.29 * 35.9);
  });

  test('never gives an impossible outcome, even at the ends of the random range', () => {
    const nearlyOne = { next: () => 1 - 2 ** -53 };
    const zero = { next: () => 0 };
    const up = StateVector.from([0, 1 + 2 ** -40]);
    const down = StateVector.from([1 + 2 ** -40, 0]);
    for (const random of [zero, nearlyOne]) {
      expect(measure(up.copy(), 0, random)).toBe(1);
      expect(measure(down.copy(), 0, random)).toBe(0);
      expect([...sample(up, 1, random)]).toEqual([1]);
      expect([...sample(down, 1, random)]).toEqual([0]);
    }
  });

  test('of a state that was zeroed by hand is refused', () => {
    const state = new StateVector(1);
    state.real[0] = 0;
    const refusal = expect.objectContaining({ code: 'NOT_NORMALIZED' });
    expect(() => measure(state, 0, mulberry32(0))).toThrow(refusal);
    expect(() => sample(state, 1, mulberry32(0))).toThrow(refusal);
  });
});

describe('reset', () => {
  test('leaves |0⟩ and disentangles', () => {
    const random = mulberry32(3);
    for (let shot = 0; shot < 10; shot++) {
      const state = bell();
      run(new Circuit(2).reset(0), state, { random });
      expect(probabilityOfOne(state, 0)).toBe(0);
      expect([0, 1]).toContain(Math.round(1e12 * probabilityOfOne(state, 1)) / 1e12);
    }
  });
});

describe('conditions', () => {
  test('read the bits at that point, the first as the least significant', () => {
    const circuit = new Circuit(3, { bits: 3 })
      .x(0)
      .measure(0, 2)
      .when([1, 2], 2, (then) => then.x(1))
      .when([2, 1], 2, (then) => then.x(2))
      .when([0], 0, (then) => then.measure(1, 0).when([0], 1, (inner) => inner.h(0).h(0)));
    const state = new StateVector(3);
    const { bits } = run(circuit, state, { random: mulberry32(0) });
    expect([...bits]).toEqual([1, 0, 1]);
    const expected = new StateVector(3);
    expected.reset(0b011);
    expect(fidelity(state, expected)).toBeCloseTo(1, 14);
  });
});

function sequence(numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++];
}

describe('sampling', () => {
  test('follows the distribution', () => {
    // Chi-square over 8 cells, 7 degrees of freedom: above 24.32 with probability 1e-3.
    const random = mulberry32(99);
    const state = randomState(3, random);
    const shots = 100_000;
    const counts = new Float64Array(8);
    for (const index of sample(state, shots, random)) counts[index]++;
    const chiSquare = probabilities(state).reduce(
      (sum, p, i) => sum + (counts[i] - shots * p) ** 2 / (shots * p),
      0,
    );
    expect(chiSquare).toBeLessThan(24.32);
  });

  test('leaves the state alone and depends only on the seed', () => {
    const state = bell();
    const before = state.copy();
    expect(sample(state, 100, mulberry32(4))).toEqual(sample(state, 100, mulberry32(4)));
    expect(state.real).toEqual(before.real);
    expect(new Set(sample(state, 100, mulberry32(4)))).toEqual(new Set([0, 3]));
  });

  test('finds for each random number the outcome on whose share it falls', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 0, max: 6 }),
        fc.array(fc.constantFrom(0, 0.25, 0.5, 1 - 2 ** -53, 0.1, 0.9), { maxLength: 200 }),
        fc.boolean(),
        (seed, qubits, numbers, isSparse) => {
          const state = randomState(qubits, mulberry32(seed));
          if (isSparse) {
            // Outcomes that never occur, at both ends and in between.
            for (let i = 0; i < state.dimension; i += 3) state.real[i] = state.imaginary[i] = 0;
            const last = state.dimension - 1;
            state.real[last] = state.imaginary[last] = 0;
          }
          const weights = probabilities(state);
          const total = weights.reduce((sum, p) => sum + p, 0);
          fc.pre(total > 0);
          const indices = sample(state, numbers.length, { next: sequence(numbers) });
          indices.forEach((index, shot) => {
            const before = weights.subarray(0, index).reduce((sum, p) => sum + p, 0);
            expect(weights[index]).toBeGreaterThan(0);
            expect(before).toBeLessThanOrEqual(numbers[shot] * total);
            // A product that rounds up to the whole stays with the last outcome.
            const end = before + weights[index];
            expect(numbers[shot] * total < end || end === total).toBe(true);
          });
        },
      ),
    );
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 26 + 1])('%d shots are refused', (shots) => {
    expect(() => sample(bell(), shots, mulberry32(0))).toThrow(
      expect.objectContaining({ code: 'INVALID_SHOTS' }),
    );
  });
});

describe('a qubit that is not there', () => {
  const refused: [string, (state: StateVector) => unknown, string][] = [
    ['probabilities', (state) => probabilities(state, [2]), 'QUBIT_OUT_OF_RANGE'],
    ['probabilities twice', (state) => probabilities(state, [1, 1]), 'DUPLICATE_QUBIT'],
    ['probabilityOfOne', (state) => probabilityOfOne(state, 2), 'QUBIT_OUT_OF_RANGE'],
    ['postSelect', (state) => postSelect(state, NaN, 0), 'QUBIT_OUT_OF_RANGE'],
    ['measure', (state) => measure(state, -1, mulberry32(0)), 'QUBIT_OUT_OF_RANGE'],
  ];
  test.each(refused)('is refused by %s', (_, call, code) => {
    expect(() => call(bell())).toThrow(expect.objectContaining({ code }));
  });
});
