import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Account } from '../../src/execution/account.ts';
import {
  DEFAULT_EXECUTION,
  PaperExecution,
  restoreWorkingOrder,
} from '../../src/execution/paper-execution.ts';
import type { ExecutionRules } from '../../src/execution/paper-execution.ts';

const FREE = { feeRate: 0, slippageRate: 0 };
const STEPS = { quantityStep: 0, priceStep: 0 };

function paper(rules: Partial<ExecutionRules> = {}, steps = STEPS) {
  const account = new Account(10_000, FREE);
  const execution = new PaperExecution(account, { ...DEFAULT_EXECUTION, ...rules }, steps);
  return { account, execution };
}

let time = 0;
function candle(open: number, high: number, low: number, volume = 1e6) {
  return { time: ++time, open, high, low, volume };
}

describe('golden fills of a working order', () => {
  test('a thin market fills it over several opens, and its life ends it', () => {
    const { account, execution } = paper({ fillShare: 0.1, orderLifeCandles: 3 });
    execution.place({ targetUnits: 10, limitFraction: 1 });
    expect(execution.trade(candle(100, 101, 99, 40))).toMatchObject([{ units: 4, position: 4 }]);
    expect(execution.trade(candle(101, 102, 100, 30))).toMatchObject([{ units: 3, position: 7 }]);
    expect(execution.trade(candle(102, 103, 101, 20))).toMatchObject([{ units: 2, position: 9 }]);
    expect(execution.working).toBeUndefined();
    expect(execution.trade(candle(102, 103, 101, 1e6))).toEqual([]);
    expect(account.units).toBe(9);
  });

  test('a candle without volume fills nothing and takes one candle of its life', () => {
    const { execution } = paper({ orderLifeCandles: 2 });
    execution.place({ targetUnits: 10, limitFraction: 1 });
    expect(execution.trade(candle(100, 100, 100, 0))).toEqual([]);
    expect(execution.working).toMatchObject({ candlesLeft: 1 });
    expect(execution.trade(candle(100, 100, 100))).toMatchObject([{ units: 10 }]);
  });

  test('giving up an entry keeps an exit working', () => {
    const { account, execution } = paper({ fillShare: 0.1 });
    execution.place({ targetUnits: 10, limitFraction: 1 });
    execution.trade(candle(100, 100, 100, 50));
    execution.cancelEntry();
    expect(execution.working).toBeUndefined();
    execution.place({ targetUnits: 0, limitFraction: 1 });
    execution.trade(candle(100, 100, 100, 20));
    execution.cancelEntry();
    expect(execution.working).toBeDefined();
    execution.trade(candle(100, 100, 100));
    expect(account.units).toBe(0);
  });
});

describe('golden fills of a stop', () => {
  function held(side: 1 | -1, rules: Partial<ExecutionRules> = {}, steps = STEPS) {
    const parts = paper({ stopLossFraction: 0.05, ...rules }, steps);
    parts.execution.place({ targetUnits: side * 10, limitFraction: 1 });
    parts.execution.trade(candle(100, 101, 99));
    return parts;
  }

  test('a long is sold at its stop when the candle falls through it', () => {
    const { account, execution } = held(1);
    expect(execution.trade(candle(98, 99, 94))).toMatchObject([
      { cause: 'stop', units: -10, price: 95, realized: -50 },
    ]);
    expect(account.units).toBe(0);
  });

  test('a gap through the stop is filled at the open, not at the stop', () => {
    const { execution } = held(1);
    expect(execution.trade(candle(90, 92, 88))).toMatchObject([{ cause: 'stop', price: 90 }]);
  });

  test('a short is bought back at its stop, and beyond a gap at the open', () => {
    expect(held(-1).execution.trade(candle(102, 106, 101))).toMatchObject([
      { cause: 'stop', units: 10, price: 105 },
    ]);
    expect(held(-1).execution.trade(candle(109, 110, 108))).toMatchObject([
      { cause: 'stop', units: 10, price: 109 },
    ]);
  });

  test('the price that only touches the stop trades there', () => {
    expect(held(1).execution.trade(candle(98, 99, 95))).toHaveLength(1);
    expect(held(1).execution.trade(candle(98, 99, 95.01))).toEqual([]);
  });

  test('a position opened at the open can be stopped in the same candle', () => {
    const { account, execution } = paper({ stopLossFraction: 0.05 });
    execution.place({ targetUnits: 10, limitFraction: 1 });
    const fills = execution.trade(candle(100, 100, 90));
    expect(fills).toMatchObject([
      { cause: 'order', units: 10, price: 100 },
      { cause: 'stop', units: -10, price: 95 },
    ]);
    expect(account.units).toBe(0);
  });

  test("the stop lies on the venue's prices, on the far side", () => {
    const long = held(1, { stopLossFraction: 0.053 }, { quantityStep: 0, priceStep: 1 });
    expect(long.execution.trade(candle(98, 99, 90))).toMatchObject([{ price: 94 }]);
    const short = held(-1, { stopLossFraction: 0.053 }, { quantityStep: 0, priceStep: 1 });
    expect(short.execution.trade(candle(102, 110, 101))).toMatchObject([{ price: 106 }]);
  });

  test('a stop in a thin market sells what it can, and the rest at the next open', () => {
    const { account, execution } = held(1, { fillShare: 0.1 });
    expect(execution.trade(candle(98, 99, 94, 60))).toMatchObject([{ units: -6, price: 95 }]);
    expect(execution.trade(candle(93, 94, 92))).toMatchObject([{ units: -4, price: 93 }]);
    expect(account.units).toBe(0);
  });
});

test('no candle trades more than its share of the volume', () => {
  const steps = fc.array(
    fc.record({
      target: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      price: fc.double({ min: 1, max: 1e3, noNaN: true }),
      fall: fc.double({ min: 0, max: 0.9, noNaN: true }),
      volume: fc.double({ min: 0, max: 1e4, noNaN: true }),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (moves) => {
      const { execution } = paper({ fillShare: 0.2, stopLossFraction: 0.1 });
      for (const { target, price, fall, volume } of moves) {
        execution.place({ targetUnits: target, limitFraction: 1 });
        const fills = execution.trade(candle(price, price, price * (1 - fall), volume));
        let traded = 0;
        for (const { units } of fills) traded += Math.abs(units);
        expect(traded).toBeLessThanOrEqual(0.2 * volume * (1 + 1e-12));
      }
    }),
  );
});

test.each([
  undefined,
  7,
  {},
  { targetUnits: NaN, limitFraction: 1, candlesLeft: 1 },
  { targetUnits: 1, limitFraction: 0, candlesLeft: 1 },
  { targetUnits: 1, limitFraction: 1, candlesLeft: 0.5 },
])('a snapshot with the working order %o is refused', (value) => {
  expect(() => restoreWorkingOrder(value)).toThrow(
    expect.objectContaining({ code: 'BAD_SNAPSHOT' }),
  );
});
