import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Circuit, probabilities, run, StateVector } from '@sema/simulator';
import { acos, sin } from '@sema/simulator/elementary';
import { FEEDBACK_MEMORY, FeedbackOperator, REGIMES, type Regime } from '../src/index.ts';
import {
  codeOf,
  dot,
  largestDifference,
  realMatrixTimes,
  sum,
  unitarityDefect,
} from './expert-games.ts';

interface Outcome {
  readonly action: number;
  readonly succeeded: boolean;
}

/** As the docstring states them: the gain with the memory full. */
const LARGEST_GAIN: Readonly<Record<Regime, number>> = {
  stable: 0.48,
  trending: 0.243,
  volatile: 0.14,
  crisis: 0.089,
};

const scenes = fc
  .record({ regime: fc.constantFrom(...REGIMES), actions: fc.integer({ min: 2, max: 9 }) })
  .chain(({ regime, actions }) => {
    const dimension = new FeedbackOperator({ regime, actions }).dimension;
    return fc.record({
      regime: fc.constant(regime),
      actions: fc.constant(actions),
      outcomes: fc.array(fc.record({ action: fc.nat(actions - 1), succeeded: fc.boolean() }), {
        maxLength: 300,
      }),
      amplitudes: fc
        .array(fc.double({ min: -1, max: 1, noNaN: true }), {
          minLength: dimension,
          maxLength: dimension,
        })
        .filter((vector) => dot(vector, vector) > 1e-3)
        .map((vector) => vector.map((entry) => entry / Math.sqrt(dot(vector, vector)))),
    });
  });

function recordAll(operator: FeedbackOperator, outcomes: readonly Outcome[]): void {
  for (const { action, succeeded } of outcomes) operator.record(action, succeeded);
}

function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return acos(Math.min(1, Math.abs(dot(a, b))));
}

describe('the success pattern', () => {
  test('has the success rates as Born weights, by the rule of succession', () => {
    const operator = new FeedbackOperator({ regime: 'stable', actions: 3 });
    operator.record(0, true);
    operator.record(1, false);
    // Rates 2/3, 1/3 and 1/2 in a sum of 3/2.
    const weights = [4 / 9, 2 / 9, 3 / 9, 0];
    const pattern = operator.pattern;
    expect(
      largestDifference(
        pattern.map((p) => p * p),
        weights,
      ),
    ).toBeLessThan(1e-15);
    expect(pattern[3]).toBe(0);
  });

  test('counts the k-th newest outcome coherence^k and forgets beyond the depth', () => {
    fc.assert(
      fc.property(scenes, ({ regime, actions, outcomes }) => {
        const operator = new FeedbackOperator({ regime, actions });
        recordAll(operator, outcomes);
        const { depth, coherence } = FEEDBACK_MEMORY[regime];
        const rates = Array.from({ length: actions }, (_, action) => {
          const newest = outcomes.filter((o) => o.action === action).reverse();
          let [weight, successes, all] = [1, 0, 0];
          for (const { succeeded } of newest.slice(0, depth)) {
            successes += succeeded ? weight : 0;
            all += weight;
            weight *= coherence;
          }
          return (successes + 1) / (all + 2);
        });
        const weights = operator.pattern.map((p) => p * p);
        expect(weights.length).toBe(operator.dimension);
        expect(
          largestDifference(
            weights.slice(0, actions),
            rates.map((r) => r / sum(rates)),
          ),
        ).toBeLessThan(1e-14);
        for (const unused of weights.slice(actions)) expect(unused).toBe(0);
      }),
    );
  });
});

describe('the operator', () => {
  test('is exactly the identity without history', () => {
    const operator = new FeedbackOperator({ regime: 'stable', actions: 4 });
    const amplitudes = [0.5, -0.5, 0.1, Math.sqrt(0.49)];
    const identity = new Float64Array(32);
    for (let i = 0; i < 4; i += 1) identity[10 * i] = 1;
    expect(operator.gain).toBe(0);
    expect(operator.operator(amplitudes)).toEqual(identity);
    expect([...operator.apply(amplitudes)]).toEqual(amplitudes);
  });

  test('is real and unitary to 1e-14, for every history and state', () => {
    fc.assert(
      fc.property(scenes, ({ regime, actions, outcomes, amplitudes }) => {
        const operator = new FeedbackOperator({ regime, actions });
        recordAll(operator, outcomes);
        const matrix = operator.operator(amplitudes);
        expect(matrix.length).toBe(2 * operator.dimension * operator.dimension);
        expect(unitarityDefect(matrix, operator.dimension)).toBeLessThan(1e-14);
        for (let i = 1; i < matrix.length; i += 2) expect(matrix[i]).toBe(0);
      }),
    );
  });

  test('does what apply does', () => {
    fc.assert(
      fc.property(scenes, ({ regime, actions, outcomes, amplitudes }) => {
        const operator = new FeedbackOperator({ regime, actions });
        recordAll(operator, outcomes);
        const product = realMatrixTimes(operator.operator(amplitudes), amplitudes);
        expect(largestDifference(product, operator.apply(amplitudes))).toBeLessThan(1e-14);
      }),
    );
  });

  test('runs as a gate of a circuit', () => {
    const operator = new FeedbackOperator({ regime: 'trending', actions: 4 });
    for (let round = 0; round < 10; round += 1) operator.record(2, true);
    const amplitudes = [0.5, 0.5, 0.5, 0.5];
    using state = StateVector.from(amplitudes);
    run(new Circuit(2).unitary(operator.operator(amplitudes), [0, 1]), state);
    const expected = operator.apply(amplitudes).map((amplitude) => amplitude * amplitude);
    expect(largestDifference(probabilities(state), expected)).toBeLessThan(1e-15);
  });

  test('turns by the gain times the angle to the pattern', () => {
    fc.assert(
      fc.property(scenes, ({ regime, actions, outcomes, amplitudes }) => {
        const operator = new FeedbackOperator({ regime, actions });
        recordAll(operator, outcomes);
        const angle = angleBetween(amplitudes, operator.pattern);
        const turned = operator.apply(amplitudes);
        // arccos near 0 turns rounding of 1e-16 into an angle of 1e-8.
        expect(
          Math.abs(angleBetween(turned, operator.pattern) - (1 - operator.gain) * angle),
        ).toBeLessThan(1e-7);
        expect(Math.abs(dot(turned, turned) - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  test('keeps the norm of a state that has it only to 5e-10', () => {
    const operator = new FeedbackOperator({ regime: 'stable', actions: 2 });
    operator.record(0, true);
    const amplitudes = [0.6 * (1 + 5e-10), 0.8 * (1 + 5e-10)];
    const product = realMatrixTimes(operator.operator(amplitudes), amplitudes);
    expect(unitarityDefect(operator.operator(amplitudes), 2)).toBeLessThan(1e-15);
    expect(largestDifference(operator.apply(amplitudes), product)).toBeLessThan(1e-15);
  });

  test('leaves a state alone that is the pattern to the last bit', () => {
    const operator = new FeedbackOperator({ regime: 'stable', actions: 4 });
    for (const action of [0, 1, 2, 3]) operator.record(action, true);
    const halves = [0.5, 0.5, 0.5, 0.5];
    expect([...operator.pattern]).toEqual(halves);
    expect([...operator.apply(halves)]).toEqual(halves);
    expect([...realMatrixTimes(operator.operator(halves), halves)]).toEqual(halves);
  });

  test('stays unitary when the state is the pattern or hardly differs from it', () => {
    const operator = new FeedbackOperator({ regime: 'stable', actions: 4 });
    recordAll(operator, [
      { action: 0, succeeded: true },
      { action: 3, succeeded: false },
    ]);
    for (const offset of [0, 1e-17, 1e-15, 1e-12, 1e-9]) {
      const near = Array.from(operator.pattern, (p, i) => p + (i === 1 ? offset : 0));
      const matrix = operator.operator(near);
      expect(unitarityDefect(matrix, 4), `offset ${offset}`).toBeLessThan(1e-14);
      expect(largestDifference(operator.apply(near), near)).toBeLessThanOrEqual(offset + 1e-15);
    }
  });
});

describe('feedback', () => {
  test('moves probability from failures to successes', () => {
    for (const regime of REGIMES) {
      const operator = new FeedbackOperator({ regime, actions: 3 });
      for (let round = 0; round < 60; round += 1) {
        operator.record(0, true);
        operator.record(1, false);
      }
      const third = Math.sqrt(1 / 3);
      const [right, wrong] = operator.apply([third, third, third, 0]).map((a) => a * a);
      expect(right, regime).toBeGreaterThan(1 / 3);
      expect(wrong, regime).toBeLessThan(1 / 3);
    }
  });

  test('never makes an indifferent state succeed less by its own record', () => {
    fc.assert(
      fc.property(scenes, ({ regime, actions, outcomes }) => {
        const operator = new FeedbackOperator({ regime, actions });
        recordAll(operator, outcomes);
        const rates = operator.pattern.map((p) => p * p);
        const equal = Math.sqrt(1 / actions);
        const indifferent = new Float64Array(operator.dimension).fill(equal, 0, actions);
        const turned = operator.apply(indifferent).map((a) => a * a);
        expect(dot(turned, rates)).toBeGreaterThan(sum(rates) / actions - 1e-14);
      }),
    );
  });

  test('is bounded in every regime, and a crisis hardly moves anything', () => {
    fc.assert(
      fc.property(scenes, ({ regime, actions, outcomes, amplitudes }) => {
        const operator = new FeedbackOperator({ regime, actions });
        recordAll(operator, outcomes);
        expect(operator.gain).toBeGreaterThanOrEqual(0);
        expect(operator.gain).toBeLessThanOrEqual(LARGEST_GAIN[regime]);
        const before = amplitudes.map((a) => a * a);
        const after = operator.apply(amplitudes).map((a) => a * a);
        // Two pure states at an angle θ are told apart by no measurement better than sin θ.
        let moved = 0;
        for (let i = 0; i < before.length; i += 1) moved += Math.abs(before[i] - after[i]) / 2;
        expect(moved).toBeLessThanOrEqual(sin((LARGEST_GAIN[regime] * Math.PI) / 2) + 1e-14);
        if (regime === 'crisis') expect(moved).toBeLessThan(0.14);
      }),
    );
  });

  test('grows with evidence, and a full memory reaches the stated gain', () => {
    for (const regime of REGIMES) {
      const operator = new FeedbackOperator({ regime, actions: 2 });
      let last = 0;
      for (let round = 0; round < FEEDBACK_MEMORY[regime].depth; round += 1) {
        operator.record(0, true);
        operator.record(1, false);
        expect(operator.gain).toBeGreaterThan(last);
        last = operator.gain;
      }
      operator.record(0, true);
      expect(operator.gain).toBe(last);
      expect(last).toBeGreaterThan(LARGEST_GAIN[regime] - 0.001);
    }
  });

  test('forgets a streak beyond the depth entirely', () => {
    const operator = new FeedbackOperator({ regime: 'crisis', actions: 2 });
    const fresh = new FeedbackOperator({ regime: 'crisis', actions: 2 });
    for (let round = 0; round < 1000; round += 1) operator.record(0, true);
    for (let round = 0; round < 5; round += 1) {
      operator.record(0, false);
      fresh.record(0, false);
    }
    expect(operator.snapshot()).toEqual(fresh.snapshot());
    expect(operator.pattern).toEqual(fresh.pattern);
  });
});

describe('a FeedbackOperator', () => {
  test('refuses bad input by code and keeps its state', () => {
    const operator = new FeedbackOperator({ regime: 'volatile', actions: 3 });
    operator.record(1, true);
    const before = operator.snapshot();
    for (const action of [-1, 3, 0.5, NaN, Infinity]) {
      const code = codeOf(() => {
        operator.record(action, true);
      });
      expect(code).toBe('INDEX_OUT_OF_RANGE');
    }
    // A caller without types may pass 1 for true.
    expect(() => {
      operator.record(0, 1 as unknown as boolean);
    }).toThrow(TypeError);
    for (const bad of [
      [NaN, 0, 0, 1],
      [Infinity, 0, 0, 0],
      [1, 1, 0, 0],
      [0, 0, 0, 0],
      [1e200, 0, 0, 0],
    ]) {
      expect(codeOf(() => operator.operator(bad))).toBe('INVALID_AMPLITUDES');
      expect(codeOf(() => operator.apply(bad))).toBe('INVALID_AMPLITUDES');
    }
    expect(codeOf(() => operator.apply([]))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => operator.operator([1, 0, 0]))).toBe('LENGTH_MISMATCH');
    expect(operator.snapshot()).toEqual(before);
  });

  test('refuses impossible options', () => {
    for (const actions of [0, 1, 65, 2.5, NaN]) {
      const code = codeOf(() => new FeedbackOperator({ regime: 'stable', actions }));
      expect(code).toBe('INVALID_OPTION');
    }
    // A caller without types may pass any name.
    const regime = 'toString' as Regime;
    expect(codeOf(() => new FeedbackOperator({ regime, actions: 2 }))).toBe('INVALID_OPTION');
  });

  test('restored from a snapshot continues bit for bit and shares nothing with it', () => {
    fc.assert(
      fc.property(scenes, fc.nat(), ({ regime, actions, outcomes, amplitudes }, cut) => {
        const operator = new FeedbackOperator({ regime, actions });
        const middle = cut % (outcomes.length + 1);
        recordAll(operator, outcomes.slice(0, middle));
        const twin = FeedbackOperator.restore(operator.snapshot());
        recordAll(operator, outcomes.slice(middle));
        recordAll(twin, outcomes.slice(middle));
        expect(twin.snapshot()).toStrictEqual(operator.snapshot());
        expect(twin.operator(amplitudes)).toStrictEqual(operator.operator(amplitudes));
      }),
    );
  });

  test('is refused when the snapshot could not be one', () => {
    const operator = new FeedbackOperator({ regime: 'crisis', actions: 2 });
    operator.record(1, true);
    const good = operator.snapshot();
    const broken: unknown[] = [
      null,
      {},
      { ...good, regime: 'panic' },
      { ...good, actions: 3 },
      { ...good, actions: 1e9 },
      { ...good, outcomes: undefined },
      { ...good, outcomes: [[]] },
      { ...good, outcomes: [[], [1]] },
      { ...good, outcomes: [[], 'yes'] },
      { ...good, outcomes: [[], new Array<boolean>(3)] },
      { ...good, outcomes: [[], new Array<boolean>(6).fill(true)] },
    ];
    broken.forEach((snapshot, i) => {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => FeedbackOperator.restore(snapshot as typeof good));
      expect(code, `broken snapshot ${i}`).toBe('INVALID_SNAPSHOT');
    });
  });
});
