import { stabilizersOf } from '@sema/resource-pool';
import { FeedbackOperator, REGIMES } from '@sema/learning';
import { Compiler, expectationValue, run, StateVector } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../../src/actions.ts';
import { fuseAmplitudes } from '../../src/fusion.ts';
import { EntangledFusion, entanglingCircuit } from '../../src/resources/entangled-fusion.ts';
import {
  fuseEntangled,
  patternState,
  REGIME_PATTERNS,
} from '../../src/resources/entanglement-pattern.ts';
import type { EntanglementPattern } from '../../src/resources/entanglement-pattern.ts';

const PATTERNS: readonly EntanglementPattern[] = ['none', 'bell', 'cluster', 'ghz'];
const REGISTER = { qubits: [0, 1, 2, 3, 4, 5, 6] };
const QUARTER = Math.PI / 4;

const filter = fc
  .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((values) => Float64Array.from(values));
const filters = fc.array(filter, { minLength: 3, maxLength: 3 });
const angle = fc.double({ min: -QUARTER, max: QUARTER, noNaN: true });
const history = fc.array(fc.record({ action: fc.nat({ max: 2 }), succeeded: fc.boolean() }), {
  maxLength: 40,
});

function marks(pattern: EntanglementPattern, theta: number): StateVector {
  const state = new StateVector(3);
  run(entanglingCircuit(pattern, theta), state);
  return state;
}

describe('a pattern', () => {
  test.each(PATTERNS)('%s is the state that its circuit makes of |000⟩', (pattern) => {
    fc.assert(
      fc.property(angle, (theta) => {
        using state = marks(pattern, theta);
        const expected = patternState(pattern, theta);
        state.real.forEach((amplitude, k) => {
          // Rounding of at most six gates.
          expect(Math.abs(amplitude - expected[k])).toBeLessThan(1e-14);
          expect(Math.abs(state.imaginary[k])).toBeLessThan(1e-14);
        });
      }),
    );
  });

  test('at −π/4 Bell and GHZ have the stabilizers of the states of that name', () => {
    using bell = marks('bell', -QUARTER);
    using ghz = marks('ghz', -QUARTER);
    const [xx, zz] = stabilizersOf('bell', 2).map(({ 0: a, 1: b }) => ({ 0: a, 2: b }));
    for (const [state, strings] of [
      [bell, [xx, zz]],
      [ghz, stabilizersOf('ghz', 3)],
    ] as const) {
      for (const paulis of strings) {
        expect(expectationValue(state, [{ coefficient: 1, paulis }])).toBeCloseTo(1, 12);
      }
    }
  });

  test('at −π/4 the cluster is a linear cluster up to gates on single marks', () => {
    using state = marks('cluster', -QUARTER);
    // −Y₀Y₁, −Y₁Y₂ and ZZZ; with Z for Y and X for Z, after a Hadamard on each end, the cluster's.
    for (const [sign, paulis] of [
      [-1, { 0: 'Y', 1: 'Y' }],
      [-1, { 1: 'Y', 2: 'Y' }],
      [1, { 0: 'Z', 1: 'Z', 2: 'Z' }],
    ] as const) {
      expect(sign * expectationValue(state, [{ coefficient: 1, paulis }])).toBeCloseTo(1, 12);
    }
  });
});

test('the circuit and its twin agree to 1e-10, for any filters, angle, regime and feedback', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PATTERNS),
      angle,
      filters,
      fc.constantFrom(...REGIMES),
      history,
      (pattern, theta, all, regime, outcomes) => {
        const feedback = new FeedbackOperator({ regime, actions: ACTIONS.length });
        for (const { action, succeeded } of outcomes) feedback.record(action, succeeded);
        const fused = fuseEntangled(all, patternState(pattern, theta));
        const twin = feedback.apply(fused).map((a) => a * a);
        using compiler = new Compiler();
        using circuit = new EntangledFusion(theta, compiler);
        const { preferences } = circuit.fuse(all, pattern, feedback, REGISTER);
        for (let action = 0; action < ACTIONS.length; action++) {
          expect(Math.abs(preferences[action] - twin[action])).toBeLessThan(1e-10);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('without entanglement, or at an angle of 0, fusion is the logarithmic opinion pool', () => {
  fc.assert(
    fc.property(filters, fc.constantFrom(...PATTERNS), (all, pattern) => {
      const pool = fuseAmplitudes(all);
      for (const selected of [patternState('none', 1), patternState(pattern, 0)]) {
        fuseEntangled(all, selected).forEach((amplitude, k) => {
          expect(Math.abs(amplitude - pool[k])).toBeLessThan(1e-12);
        });
      }
    }),
  );
});

test('redundancy makes what two reject count for less, synergy for more', () => {
  const leaning = Float64Array.of(0.45, Math.sqrt(0.45 * 0.55), 0.55);
  const neutral = Float64Array.of(1, 1, 1);
  const all = [leaning, neutral, leaning];
  const long = (theta: number): number => fuseEntangled(all, patternState('bell', theta))[2] ** 2;
  expect(long(-0.3)).toBeLessThan(long(0));
  expect(long(0.3)).toBeGreaterThan(long(0));
  // By hand: rejection r = 9/11 for short and its root for flat; amplitudes r cos + (1 − r) sin.
  const [r, root] = [9 / 11, Math.sqrt(9 / 11)];
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const [short, flat] = [r * c + (1 - r) * s, root * c + (1 - root) * s];
  expect(long(-0.3)).toBeCloseTo((c * c) / (c * c + short * short + flat * flat), 12);
});

test('each regime has its pattern, the wilder the weaker', () => {
  expect(REGIMES.map((regime) => REGIME_PATTERNS[regime])).toEqual([
    'ghz',
    'cluster',
    'bell',
    'none',
  ]);
});

test('the chance of finding the marks so is what the trace says', () => {
  using compiler = new Compiler();
  using circuit = new EntangledFusion(-QUARTER, compiler);
  const feedback = new FeedbackOperator({ regime: 'volatile', actions: ACTIONS.length });
  const level = Float64Array.of(1, 1, 1);
  const { trace } = circuit.fuse([level, level, level], 'bell', feedback, REGISTER);
  // Marks that all pass are |000⟩, whose overlap with the Bell state is 1/√2.
  expect(trace.successProbability).toBeCloseTo(0.5, 12);
});

test('a register with too few qubits is refused', () => {
  using compiler = new Compiler();
  using circuit = new EntangledFusion(0, compiler);
  const feedback = new FeedbackOperator({ regime: 'stable', actions: ACTIONS.length });
  expect(() => circuit.fuse([], 'ghz', feedback, { qubits: [0, 1, 2, 3] })).toThrow(
    expect.objectContaining({ code: 'REGISTER_TOO_SMALL' }),
  );
});
