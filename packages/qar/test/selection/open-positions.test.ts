import { expect, test } from 'vitest';
import fc from 'fast-check';
import { isProfitable, OpenPositions } from '../../src/selection/open-positions.ts';

const FREE = { feeRate: 0, slippageRate: 0 };
const COSTS = { feeRate: 0.001, slippageRate: 0.0005 };
const LONG = { side: 1, evidence: 1.5, regime: 2, went: true } as const;
const SHORT = { side: -1, evidence: 0.5, regime: 0, went: false } as const;

test('a position enters at the next open and leaves so many candles later', () => {
  const positions = new OpenPositions(2, FREE);
  positions.propose(LONG);
  expect(positions.newest()).toEqual([1, 1.5, 1]);
  expect(positions.advance(100)).toBeUndefined();
  positions.propose(SHORT);
  expect(positions.advance(103)).toBeUndefined();
  expect(positions.newest()).toEqual([0, 0, 0]);
  // In at 100 and out at 101.
  expect(positions.advance(101)).toEqual({ ...LONG, profitable: true });
  // Sold at 103, bought back at 104.
  expect(positions.advance(104)).toEqual({ ...SHORT, profitable: false });
  expect(positions.advance(1)).toBeUndefined();
});

test('costs are paid both ways: fee and slippage', () => {
  // By hand: bought at 100 for 100.05 and a fee of 0.10005, sold at x for 0.9995·0.999·x.
  const breakEven = (100.05 + 0.10005) / (0.9995 * 0.999);
  expect(isProfitable(1, 100, breakEven + 1e-9, COSTS)).toBe(true);
  expect(isProfitable(1, 100, breakEven - 1e-9, COSTS)).toBe(false);
  // Sold at 100 for 0.9995·0.999·100, bought back at x for 1.0005·1.001·x.
  const cover = (0.9995 * 0.999 * 100) / (1.0005 * 1.001);
  expect(isProfitable(-1, 100, cover - 1e-9, COSTS)).toBe(true);
  expect(isProfitable(-1, 100, cover + 1e-9, COSTS)).toBe(false);
  expect(isProfitable(1, 100, 100, FREE)).toBe(false);
  expect(isProfitable(-1, 100, 100, FREE)).toBe(false);
});

test('every position comes back once, on time, with what was said of it', () => {
  const candle = fc.record({
    side: fc.constantFrom(-1, 0, 1),
    evidence: fc.double({ min: 0, max: 3, noNaN: true }),
    open: fc.double({ min: 50, max: 150, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(candle, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (candles, held) => {
        let positions = new OpenPositions(held, FREE);
        candles.forEach(({ side, evidence, open }, now) => {
          const closed = positions.advance(open);
          const asked = candles[now - held - 1];
          if (asked === undefined || asked.side === 0) expect(closed).toBeUndefined();
          else {
            const entry = candles[now - held].open;
            const profitable = asked.side === 1 ? open > entry : open < entry;
            expect(closed).toMatchObject({
              side: asked.side,
              evidence: asked.evidence,
              profitable,
            });
          }
          if (side === 1 || side === -1) {
            positions.propose({ side, evidence, regime: 1, went: false });
          }
          // A restart at any candle changes nothing.
          positions = OpenPositions.restore(held, FREE, positions.snapshot());
        });
      },
    ),
  );
});

test('refuses to go on from what no run leaves open', () => {
  const { rows, newest } = new OpenPositions(3, FREE).snapshot();
  const wrong = (index: number, value: number): Float64Array => {
    const copy = rows.slice();
    copy[index] = value;
    return copy;
  };
  const bad = [
    { rows: rows.slice(1), newest },
    { rows: Array.from(rows), newest },
    { rows, newest: 4 },
    { rows, newest: 0.5 },
    { rows: wrong(0, 2), newest },
    { rows: wrong(1, NaN), newest },
    { rows: wrong(2, 4), newest },
    { rows: wrong(3, 0.5), newest },
    { rows: wrong(4, -1), newest },
  ];
  for (const state of bad) {
    expect(() => OpenPositions.restore(3, FREE, state)).toThrow(/open positions/);
  }
});
