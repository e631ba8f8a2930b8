import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import type { CandleWindow } from '../../src/market-data/candles.ts';

const DAY_MS = 86_400_000;

export interface Columns {
  readonly close: readonly number[];
  readonly high?: readonly number[];
  readonly low?: readonly number[];
  readonly volume?: readonly number[];
  readonly time?: readonly number[];
}

/**
 * A window with these columns. What is left out: daily candles from 2020-01-01, each opening at the
 * close before it, no wicks, volume 1000.
 */
export function windowOf({ close, high, low, volume, time }: Columns): CandleWindow {
  const open = close.map((price, index) => close[index - 1] ?? price);
  return {
    time: Float64Array.from(time ?? close.map((_, index) => Date.UTC(2020, 0, 1) + index * DAY_MS)),
    open: Float64Array.from(open),
    high: Float64Array.from(high ?? close.map((price, index) => Math.max(price, open[index]))),
    low: Float64Array.from(low ?? close.map((price, index) => Math.min(price, open[index]))),
    close: Float64Array.from(close),
    volume: Float64Array.from(volume ?? close.map(() => 1000)),
    length: close.length,
  };
}

/** The window with every price replaced; `swap` when the replacement turns the order around. */
export function withPrices(
  window: CandleWindow,
  price: (value: number) => number,
  { swap = false } = {},
): CandleWindow {
  return {
    ...window,
    open: window.open.map(price),
    high: (swap ? window.low : window.high).map(price),
    low: (swap ? window.high : window.low).map(price),
    close: window.close.map(price),
  };
}

/** The closes that start at `first` and then move by these simple returns. */
export function closesFrom(first: number, returns: readonly number[]): number[] {
  const closes = [first];
  for (const value of returns) closes.push(closes[closes.length - 1] * (1 + value));
  return closes;
}

/** Prices of random windows are multiples of 1/64 in (0, TOP), so that TOP − price is exact. */
export const TOP = 512;

/**
 * Random walks with wicks and volume, from a seed. One step in thirteen is a jump or none, one
 * window in four has no volume, and most drift.
 */
export function randomWindows(length: number): fc.Arbitrary<CandleWindow> {
  return fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seed) => randomWindow(length, seed));
}

export function randomWindow(length: number, seed: number): CandleWindow {
  const random = mulberry32(seed);
  const integer = (min: number, max: number): number =>
    min + Math.floor(random.next() * (max - min + 1));
  const clamp = (ticks: number): number => Math.max(64, Math.min(64 * TOP - 64, ticks));

  const drift = integer(-20, 20);
  const hasVolume = integer(0, 3) > 0;
  const columns = { close: [] as number[], high: [] as number[], low: [] as number[] };
  const volume: number[] = [];
  let ticks = 32 * TOP;
  for (let i = 0; i < length; i++) {
    const before = ticks;
    const step = integer(0, 12) === 0 ? 900 * integer(-1, 1) : integer(-60, 60) + drift;
    ticks = clamp(ticks + step);
    columns.close.push(ticks / 64);
    columns.high.push(clamp(Math.max(before, ticks) + integer(0, 40)) / 64);
    columns.low.push(clamp(Math.min(before, ticks) - integer(0, 40)) / 64);
    volume.push(hasVolume ? integer(0, 1_000_000) : 0);
  }
  return windowOf({ ...columns, volume });
}
