import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import { marketFeatures } from '../src/market-features.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const recorded = syntheticCandles(700, 5);
const unrecorded = { ...recorded, volume: new Float64Array(recorded.length) };

function receiptsOf(candles: typeof recorded) {
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252 };
  const configuration = engineConfiguration(
    { ...required, path: 'twin' },
    {
      // A bold choice and a low bar, so that this random walk trades often.
      selectionMode: 'aggressive',
      positionCandles: 2,
      risk: { minimumConfidence: 0.25, shorting: true },
    },
  );
  using engine = new Engine(configuration, { clock: countingClock() });
  return Array.from({ length: candles.length - 255 }, (_, k) => {
    const now = candles.time[255 + k] + DAY_MS;
    return engine.step(candles, 255 + k, { now }).receipt;
  });
}

describe('candles that move although none has a volume', () => {
  const receipts = receiptsOf(unrecorded);

  test('are decided on by the experts that do not weigh volume', () => {
    const decided = receipts.filter(({ verdict }) => verdict !== null);
    // At first nobody has a record to speak from.
    expect(decided.length).toBeGreaterThan(0.9 * receipts.length);
    for (const { seats, outcome } of receipts) {
      expect(outcome).not.toMatchObject({ reason: 'DEGENERATE_WINDOW' });
      for (const seat of seats) {
        if (!['on-balance-volume', 'narrative-forecaster'].includes(seat.expert)) continue;
        expect(seat).toEqual({ expert: seat.expert, abstained: 'NO_VOLUME' });
      }
    }
  });

  test('open no position: nobody knows what the market carries', () => {
    const outcomes = receipts.map(({ outcome }) => outcome);
    expect(outcomes.some(({ kind }) => kind === 'order')).toBe(false);
    expect(outcomes).toContainEqual(expect.objectContaining({ reason: 'NO_VOLUME' }));
    expect(receiptsOf(recorded).some(({ outcome }) => outcome.kind === 'order')).toBe(true);
  });

  test('have the features that weigh no volume, and count as usual in the one that does', () => {
    const [known, unknown] = [recorded, unrecorded].map((window) => marketFeatures(window, 252));
    expect(unknown).toEqual({ ...known, normalizedVolume: 1 });
  });
});

test('candles without a volume that do not move have no features', () => {
  const still = { ...unrecorded, close: new Float64Array(unrecorded.length).fill(100) };
  expect(marketFeatures(still, 252)).toBeUndefined();
});
