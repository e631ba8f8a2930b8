import { describe, expect, test } from 'vitest';
import { MOST_TRADES, NO_PROTECTIONS, Protections } from '../../src/risk/protections.ts';
import type { ProtectionLimits } from '../../src/risk/protections.ts';

const HOUR = 3_600_000;

function after(
  limits: Partial<ProtectionLimits>,
  trades: readonly (readonly [hour: number, tradeReturn: number, stopped?: boolean])[],
): Protections {
  const all = { ...NO_PROTECTIONS, lookbackCandles: 10, lockCandles: 4, ...limits };
  const protections = new Protections(all, HOUR);
  for (const [hour, tradeReturn, stopped = false] of trades) {
    protections.record({ time: hour * HOUR, return: tradeReturn, stopped });
  }
  return protections;
}

function lockedHours(protections: Protections, until = 30): Map<string, number[]> {
  const hours = new Map<string, number[]>();
  for (let hour = 0; hour <= until; hour++) {
    const reason = protections.denial(hour * HOUR);
    if (reason !== undefined) hours.set(reason, [...(hours.get(reason) ?? []), hour]);
  }
  return hours;
}

describe('a protection', () => {
  test('that is switched off never locks', () => {
    const losses = [1, 2, 3, 4].map((hour) => [hour, -0.5, true] as const);
    expect(lockedHours(after({}, losses)).size).toBe(0);
  });

  test('cools down for so many candles after a close', () => {
    const hours = lockedHours(after({ coolDownCandles: 3 }, [[10, 0.01]]));
    expect(hours.get('COOL_DOWN')?.filter((hour) => hour >= 10)).toEqual([10, 11, 12]);
  });

  test('guards after so many stops within the look-back, from the last of them', () => {
    const stops = [
      [2, -0.02, true],
      [5, 0.03],
      [9, -0.02, true],
    ] as const;
    const locked = after({ stopGuardTrades: 2 }, stops);
    expect([9, 10, 11, 12, 13].map((hour) => locked.denial(hour * HOUR))).toEqual([
      'STOP_LOSS_GUARD',
      'STOP_LOSS_GUARD',
      'STOP_LOSS_GUARD',
      undefined,
      undefined,
    ]);
    // At hour 12 the first stop is ten candles ago, and one stop is not two.
    expect(after({ stopGuardTrades: 3 }, stops).denial(9 * HOUR)).toBeUndefined();
  });

  test('locks after trades whose mean is below what is asked of them', () => {
    const trades = [
      [1, 0.02],
      [3, -0.05],
      [5, 0.01],
    ] as const;
    expect(after({ lowProfitTrades: 3 }, trades).denial(6 * HOUR)).toBe('LOW_PROFIT_LOCK');
    expect(after({ lowProfitTrades: 4 }, trades).denial(6 * HOUR)).toBeUndefined();
    expect(
      after({ lowProfitTrades: 3, lowProfitReturn: -0.01 }, trades).denial(6 * HOUR),
    ).toBeUndefined();
  });

  test('locks after so many losses in a row, and a gain ends the row', () => {
    const losses = [
      [1, -0.01],
      [2, -0.01],
      [3, -0.01],
    ] as const;
    expect(after({ lossStreakTrades: 3 }, losses).denial(4 * HOUR)).toBe('LOSS_STREAK');
    expect(after({ lossStreakTrades: 3 }, [...losses, [4, 0.01]]).denial(4 * HOUR)).toBeUndefined();
  });

  test('locks rather than opens when the time is not a number', () => {
    expect(after({ coolDownCandles: 1 }, [[1, 0.1]]).denial(NaN)).toBe('COOL_DOWN');
  });
});

test('only so many trades are remembered', () => {
  const protections = after({}, []);
  for (let i = 0; i < MOST_TRADES + 5; i++) {
    protections.record({ time: i, return: 0, stopped: false });
  }
  expect(protections.trades).toHaveLength(MOST_TRADES);
  expect(protections.trades[0].time).toBe(5);
});
