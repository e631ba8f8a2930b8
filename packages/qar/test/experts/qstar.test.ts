import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestPlan, type OutcomeMarket, qstar } from '../../src/experts/qstar.ts';
import { closesFrom, windowOf } from './windows.ts';

const POSITIONS = [0, 1, -1] as const;

/** The value of the best plan of `depth` candles, by walking every continuation. */
function walk(
  market: OutcomeMarket,
  last: number,
  held: number,
  cost: number,
  depth: number,
): number {
  if (depth === 0) return -cost * Math.abs(held);
  return Math.max(...POSITIONS.map((to) => after(market, last, held, to, cost, depth)));
}

function after(
  market: OutcomeMarket,
  last: number,
  held: number,
  to: number,
  cost: number,
  depth: number,
): number {
  let value = -cost * Math.abs(to - held);
  for (let bin = 0; bin < 8; bin++) {
    const p = market.transitions[8 * last + bin];
    value += p * (to * market.means[bin] + walk(market, bin, to, cost, depth - 1));
  }
  return value;
}

const markets = fc
  .tuple(
    fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 }),
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 8, maxLength: 8 }),
  )
  .map(([weights, means]): OutcomeMarket => {
    const transitions = Float64Array.from(weights, (weight, k) => {
      const row = weights.slice(8 * (k >> 3), 8 * (k >> 3) + 8);
      return weight / row.reduce((sum, w) => sum + w);
    });
    return { transitions, means: Float64Array.from(means) };
  });

test('the plan is the best of a walk over every continuation', () => {
  fc.assert(
    fc.property(
      markets,
      fc.integer({ min: 0, max: 7 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (market, last, cost) => {
        const values = POSITIONS.map((to) => after(market, last, 0, to, cost, 3));
        const { position, advantage } = bestPlan(market, last, cost);
        expect(values[POSITIONS.indexOf(position)]).toBeCloseTo(Math.max(...values), 12);
        expect(advantage).toBeCloseTo(Math.max(...values) - values[0], 12);
      },
    ),
    { numRuns: 20 },
  );
});

/** Every bin leads to every other alike; a position earns `drift` a candle. */
function driftingMarket(drift: number): OutcomeMarket {
  return {
    transitions: new Float64Array(64).fill(1 / 8),
    means: new Float64Array(8).fill(drift),
  };
}

test('a position is taken where three candles of drift pay for its round trip', () => {
  // 3 · 0.1 − 2c against waiting, which can do no better than 2 · 0.1 − 2c or nothing.
  expect(bestPlan(driftingMarket(0.1), 0, 0.149).position).toBe(1);
  expect(bestPlan(driftingMarket(0.1), 0, 0.151)).toEqual({ position: 0, advantage: 0 });
  expect(bestPlan(driftingMarket(-0.1), 0, 0.149).position).toBe(-1);
});

test('looking ahead waits where looking at the next candle only would not', () => {
  // From bin 0 the next candle falls a little and leads to bin 7, from which prices rise for good.
  const transitions = new Float64Array(64);
  for (let bin = 0; bin < 8; bin++) transitions[8 * bin + 7] = 1;
  transitions.fill(0, 0, 8);
  transitions[1] = 1;
  const means = Float64Array.of(0, -0.3, 0, 0, 0, 0, 0, 1);
  // Short for one candle would earn 0.3 − 2 · 0.1; turning from short to long costs as much as
  // both round trips, so both are done.
  expect(bestPlan({ transitions, means }, 0, 0.1).position).toBe(-1);
  // At a cost of 0.2 the short no longer pays: the plan waits for the rise.
  expect(bestPlan({ transitions, means }, 0, 0.2)).toEqual({ position: 0, advantage: 0 });
  // Where the fall is smaller than a second entry, it is held through: long at once is never worse.
  expect(bestPlan({ transitions, means: means.map((m) => m - 0.3) }, 7, 0.2).position).toBe(1);
});

test('large falls that are always followed by large rises are bought', () => {
  const returns = Array.from({ length: 255 }, (_, i) => (i % 2 === 0 ? 0.02 : -0.02));
  const close = closesFrom(100, returns);
  // The last candle rose: a fall comes next.
  expect(qstar.opine(windowOf({ close }))).toMatchObject({ kind: 'opinion', direction: -1 });
  const fallen = closesFrom(100, [...returns.slice(1), -0.02]);
  expect(qstar.opine(windowOf({ close: fallen }))).toMatchObject({ kind: 'opinion', direction: 1 });
});

test('moves smaller than the costs are left alone', () => {
  const returns = Array.from({ length: 255 }, (_, i) => (i % 2 === 0 ? 0.0002 : -0.0002));
  expect(qstar.opine(windowOf({ close: closesFrom(100, returns) }))).toMatchObject({
    reason: 'NO_SIGNAL',
  });
});
