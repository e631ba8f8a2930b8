import { FeedbackOperator, REGIMES } from '@sema/learning';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS } from '../src/actions.ts';
import { FusionCircuit } from '../src/fusion-circuit.ts';
import { actionFilters, fuseAmplitudes } from '../src/fusion.ts';

const REGISTER = { qubits: [3, 4, 5] };

const filter = fc
  .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((values) => Float64Array.from(values));

const history = fc.array(fc.record({ action: fc.nat({ max: 2 }), succeeded: fc.boolean() }), {
  maxLength: 60,
});

test('the circuit is the logarithmic opinion pool, turned by the feedback, to 1e-10', () => {
  using circuit = new FusionCircuit();
  fc.assert(
    fc.property(
      fc.array(filter, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...REGIMES),
      history,
      (filters, regime, outcomes) => {
        const feedback = new FeedbackOperator({ regime, actions: ACTIONS.length });
        for (const { action, succeeded } of outcomes) feedback.record(action, succeeded);
        const { preferences } = circuit.fuse(filters, feedback, REGISTER);
        const twin = feedback.apply(fuseAmplitudes(filters)).map((a) => a * a);
        for (let action = 0; action < ACTIONS.length; action++) {
          expect(Math.abs(preferences[action] - twin[action])).toBeLessThan(1e-10);
        }
      },
    ),
  );
});

test('without feedback the pool is the normalised product of the filters', () => {
  const filters = [Float64Array.of(0.2, 0.3, 0.5), Float64Array.of(0.5, 0.25, 0.25)];
  const probabilities = fuseAmplitudes(filters).map((a) => a * a);
  // Products 0.1, 0.075, 0.125.
  expect(probabilities[0]).toBeCloseTo(1 / 3, 14);
  expect(probabilities[1]).toBeCloseTo(0.25, 14);
  expect(probabilities[2]).toBeCloseTo(5 / 12, 14);
  expect(probabilities[3]).toBe(0);
});

test('the chance that every filter is passed is what the trace says', () => {
  using circuit = new FusionCircuit();
  const feedback = new FeedbackOperator({ regime: 'stable', actions: ACTIONS.length });
  const { trace } = circuit.fuse([Float64Array.of(0.25, 0.5, 1)], feedback, REGISTER);
  expect(trace.successProbability).toBeCloseTo((0.25 + 0.5 + 1) / 3, 12);
});

test('a register with too few qubits is refused', () => {
  using circuit = new FusionCircuit();
  const feedback = new FeedbackOperator({ regime: 'stable', actions: ACTIONS.length });
  expect(() => circuit.fuse([], feedback, { qubits: [0, 1] })).toThrow(
    expect.objectContaining({ code: 'REGISTER_TOO_SMALL' }),
  );
});

test('even odds favour no action, and better odds long over flat over short', () => {
  const prices = new Float64Array(8).fill(1 / 8);
  const even = Float64Array.of(1, 1, 1);
  const level = fuseAmplitudes(actionFilters(prices, even, 0.5));
  expect(level[0]).toBeCloseTo(level[2], 15);
  expect(level[1]).toBeCloseTo(level[2], 15);
  const bullish = fuseAmplitudes(actionFilters(prices, even, 0.6));
  expect(bullish[2]).toBeGreaterThan(bullish[1]);
  expect(bullish[1]).toBeGreaterThan(bullish[0]);
});
