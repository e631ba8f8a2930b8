import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Account } from '../../src/execution/account.ts';
import { QarError } from '../../src/errors.ts';

const FREE = { feeRate: 0, slippageRate: 0 };
const COSTLY = { feeRate: 0.001, slippageRate: 0.0005 };

describe('golden fills', () => {
  test('a buy pays the open plus slippage, and a fee on that', () => {
    const account = new Account(10_000, COSTLY);
    const fill = account.fill({ targetUnits: 10, limitFraction: 1 }, 100, 1);
    // 10 × 100.05 = 1000.50 and 0.1 % of it.
    expect(fill).toMatchObject({ units: 10, position: 10, realized: 0, realizedReturn: undefined });
    expect(fill?.price).toBeCloseTo(100.05, 12);
    expect(fill?.fee).toBeCloseTo(1.0005, 12);
    expect(account.state().cash).toBeCloseTo(10_000 - 1000.5 - 1.0005, 9);
    expect(account.equity(100)).toBeCloseTo(10_000 - 0.5 - 1.0005, 9);
  });

  test('a sale receives the open less slippage, and its profit bears both fees', () => {
    const account = new Account(10_000, COSTLY);
    account.fill({ targetUnits: 10, limitFraction: 1 }, 100, 1);
    const fill = account.fill({ targetUnits: 0, limitFraction: 1 }, 110, 2);
    // Bought at 100.05 plus fee 0.10005 a unit, sold at 109.945 less fee 0.109945 a unit.
    const profit = 10 * (109.945 - 0.109945 - 100.05 - 0.10005);
    expect(fill?.price).toBeCloseTo(109.945, 12);
    expect(fill?.realized).toBeCloseTo(profit, 9);
    expect(fill?.realizedReturn).toBeCloseTo(profit / (10 * 100.15005), 12);
    expect(account.state().cash).toBeCloseTo(10_000 + profit, 9);
    expect(account.state()).toMatchObject({ units: 0, entryPrice: 0 });
  });

  test('a gap is filled at the open after it, not at the price decided on', () => {
    const account = new Account(10_000, FREE);
    // Decided at 100 for 5 %: 5 units. The next open is 90.
    const fill = account.fill({ targetUnits: 5, limitFraction: 0.05 }, 90, 1);
    expect(fill).toMatchObject({ units: 5, price: 90 });
    expect(account.equity(100)).toBe(10_050);
  });

  test('a gap upwards cannot carry the position over its limit', () => {
    const account = new Account(10_000, COSTLY);
    // Five units were 5 % at 100; at 125 they would be 6.25 %.
    const fill = account.fill({ targetUnits: 5, limitFraction: 0.05 }, 125, 1);
    // 5 % of what is left after slippage and fee, 0.15005 % of the notional together.
    expect(fill?.units).toBeCloseTo(500 / (125 * (1 + 0.05 * 0.0015005)), 9);
    expect(account.exposure(125)).toBeCloseTo(0.05, 12);
  });

  test('a short gains when the price falls', () => {
    const account = new Account(10_000, FREE);
    account.fill({ targetUnits: -10, limitFraction: 1 }, 100, 1);
    const fill = account.fill({ targetUnits: 0, limitFraction: 1 }, 80, 2);
    expect(fill?.realized).toBe(200);
    expect(fill?.realizedReturn).toBe(0.2);
    expect(account.equity(80)).toBe(10_200);
  });

  test('a reversal closes the old side before it opens the new', () => {
    const account = new Account(10_000, FREE);
    account.fill({ targetUnits: 10, limitFraction: 1 }, 100, 1);
    const fill = account.fill({ targetUnits: -10, limitFraction: 1 }, 110, 2);
    expect(fill).toMatchObject({ units: -20, realized: 100, position: -10 });
    expect(account.state().entryPrice).toBe(110);
  });

  test('adding to a position averages its entry price', () => {
    const account = new Account(10_000, FREE);
    account.fill({ targetUnits: 10, limitFraction: 1 }, 100, 1);
    account.fill({ targetUnits: 30, limitFraction: 1 }, 130, 2);
    expect(account.state().entryPrice).toBe(120);
  });

  test('an order that changes nothing is no fill', () => {
    const account = new Account(10_000, COSTLY);
    expect(account.fill({ targetUnits: 0, limitFraction: 1 }, 100, 1)).toBeUndefined();
  });
});

describe('a fill', () => {
  test('takes no more than the volume allows, and keeps to the step of the venue', () => {
    const account = new Account(10_000, FREE);
    const limits = { mostUnits: 3.7, quantityStep: 0.5 };
    const fill = account.fill({ targetUnits: 10, limitFraction: 1 }, 100, 1, limits);
    expect(fill).toMatchObject({ units: 3.5, position: 3.5 });
  });

  test('rounds the position, not the trade, towards zero', () => {
    const account = new Account(10_000, FREE);
    const limits = { mostUnits: Infinity, quantityStep: 1 };
    account.fill({ targetUnits: 7.9, limitFraction: 1 }, 100, 1, limits);
    expect(account.units).toBe(7);
    account.fill({ targetUnits: 3.9, limitFraction: 1 }, 100, 2, limits);
    expect(account.units).toBe(3);
  });
});

const orders = fc.array(
  fc.record({
    targetUnits: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    limitFraction: fc.double({ min: 0.001, max: 1, noNaN: true }),
    open: fc.double({ min: 1, max: 1e4, noNaN: true }),
  }),
  { minLength: 1, maxLength: 30 },
);

test('no fill leaves a position over its limit at the fill price', () => {
  fc.assert(
    fc.property(orders, (steps) => {
      const account = new Account(100_000, COSTLY);
      steps.forEach(({ targetUnits, limitFraction, open }, time) => {
        if (account.equity(open) <= 0) return;
        account.fill({ targetUnits, limitFraction }, open, time);
        // Fees and slippage are paid out of equity after the clip, so equity is a little smaller
        // then.
        const bound = limitFraction * account.equity(open) * (1 + 0.01);
        expect(Math.abs(account.units) * open).toBeLessThanOrEqual(bound + 1e-6);
      });
    }),
  );
});

test('equity changes only by price moves, slippage and fees', () => {
  fc.assert(
    fc.property(orders, (steps) => {
      const account = new Account(1e9, COSTLY);
      steps.forEach(({ targetUnits, open }, time) => {
        const before = account.equity(open);
        const fill = account.fill({ targetUnits, limitFraction: 1 }, open, time);
        const slippage = fill === undefined ? 0 : Math.abs(fill.units) * open * 0.0005;
        const lost = slippage + (fill?.fee ?? 0);
        expect(account.equity(open)).toBeCloseTo(before - lost, 3);
      });
    }),
  );
});

test('what is realized over a round trip is what the cash shows', () => {
  fc.assert(
    fc.property(orders, fc.double({ min: 1, max: 1e4, noNaN: true }), (steps, last) => {
      const account = new Account(1e9, COSTLY);
      let realized = 0;
      const all = [...steps, { targetUnits: 0, open: last }];
      all.forEach(({ targetUnits, open }, time) => {
        const fill = account.fill({ targetUnits, limitFraction: 1 }, open, time);
        realized += fill?.realized ?? 0;
      });
      expect(account.units).toBe(0);
      // Sums of up to 31 products near 1e8, each rounded to about 1e-8.
      expect(account.state().cash - 1e9).toBeCloseTo(realized, 4);
    }),
  );
});

test('a restored account goes on as it was', () => {
  const account = new Account(10_000, COSTLY);
  account.fill({ targetUnits: 7, limitFraction: 1 }, 100, 1);
  const restored = Account.restore(account.state(), COSTLY);
  const order = { targetUnits: -3, limitFraction: 1 };
  expect(restored.fill(order, 105, 2)).toEqual(account.fill(order, 105, 2));
  expect(restored.state()).toEqual(account.state());
});

test.each([
  { cash: NaN, units: 0, entryPrice: 0 },
  { cash: 0, units: Infinity, entryPrice: 0 },
  { cash: 0, units: 0, entryPrice: -1 },
])('a snapshot with %o is refused', (state) => {
  expect(() => Account.restore(state, FREE)).toThrow(QarError);
});
