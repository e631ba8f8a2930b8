import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineConfiguration, FrameDecider, QarError } from '../src/index.ts';
import type { FrameSignal } from '../src/index.ts';
import type { Candles } from '../src/market-data/candles.ts';
import { SigningKey } from '@sema/synthesis-crypto';
import { countingClock } from './counting-clock.ts';
import { candleAt, MemoryStore } from './memory-store.ts';
import { openSession } from './open-session.ts';
import { DAY_MS, prefix, syntheticCandles } from './synthetic-candles.ts';

const WINDOW = 256;
const configuration = engineConfiguration(
  { pair: 'A/B', intervalMs: DAY_MS, periodsPerYear: 365, path: 'twin' },
  {
    windowCandles: WINDOW,
    selectionMode: 'aggressive',
    positionCandles: 1,
    risk: { minimumConfidence: 0, minimumVotes: 1 },
  },
);

/** What a session has learned after 500 candles. */
function trained(): Uint8Array {
  const store = new MemoryStore();
  using key = SigningKey.generate();
  using session = openSession(store, key, configuration);
  const candles = syntheticCandles(500, 5);
  for (let i = 0; i < candles.length; i++) {
    session.push(candleAt(candles, i), candles.time[i] + DAY_MS);
  }
  session.checkpoint();
  return store.snapshot() ?? new Uint8Array();
}

const snapshot = trained();
const frame = syntheticCandles(300, 11);

function signals(candles: Candles): (FrameSignal | undefined)[] {
  using decider = new FrameDecider(configuration, { clock: countingClock(), snapshot });
  return Array.from({ length: candles.length }, (_, index) => decider.signal(candles, index));
}

const expected = signals(frame);

describe('the signal of a row', () => {
  test('is there from the first whole window on, and a trained model says something', () => {
    expect(expected.slice(0, WINDOW - 1).every((signal) => signal === undefined)).toBe(true);
    const said = expected.slice(WINDOW - 1);
    expect(said.every((signal) => signal !== undefined)).toBe(true);
    expect(new Set(said.map((signal) => signal?.id)).size).toBe(said.length);
    expect(said.some((signal) => signal?.action === 'long' || signal?.action === 'short')).toBe(
      true,
    );
  });

  test('is the same in every prefix that holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: WINDOW, max: frame.length }), (length) => {
        expect(signals(prefix(frame, length)).at(-1)).toEqual(expected[length - 1]);
      }),
      { numRuns: 8 },
    );
  });

  test('does not change when rows outside its window do', () => {
    const row = fc.integer({ min: WINDOW - 1, max: frame.length - 1 });
    fc.assert(
      fc.property(row, fc.double({ min: 0.01, max: 100, noNaN: true }), (index, factor) => {
        const changed = prefix(frame, frame.length);
        for (let i = 0; i < changed.length; i++) {
          if (i > index - WINDOW && i <= index) continue;
          for (const name of ['open', 'high', 'low', 'close'] as const) changed[name][i] *= factor;
        }
        using decider = new FrameDecider(configuration, { clock: countingClock(), snapshot });
        expect(decider.signal(changed, index)).toEqual(expected[index]);
      }),
      { numRuns: 10 },
    );
  });

  test('does not depend on what was asked before', () => {
    using decider = new FrameDecider(configuration, { clock: countingClock(), snapshot });
    for (const index of [299, 255, 280, 299, 256, 255]) {
      expect(decider.signal(frame, index)).toEqual(expected[index]);
    }
  });

  test('changes with its own newest candle', () => {
    const changed = prefix(frame, frame.length);
    changed.close[299] = changed.high[299];
    using decider = new FrameDecider(configuration, { clock: countingClock(), snapshot });
    expect(decider.signal(changed, 299)?.id).not.toBe(expected[299]?.id);
  });
});

test('a model that has learned nothing abstains and says so', () => {
  using decider = new FrameDecider(configuration, { clock: countingClock() });
  expect(decider.signal(frame, 299)).toMatchObject({
    action: null,
    confidence: null,
    stake: 0,
    undecided: 'ALL_ABSTAINED',
  });
});

test('a snapshot that is damaged or of another configuration is refused', () => {
  const clock = countingClock();
  const broken = Uint8Array.from(snapshot, (byte, index) => (index === 99 ? byte ^ 1 : byte));
  expect(() => new FrameDecider(configuration, { clock, snapshot: broken })).toThrow(QarError);
  const other = { ...configuration, feeRate: 0 };
  expect(() => new FrameDecider(other, { clock, snapshot })).toThrow(QarError);
});
