import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import { noisyMachine } from '../src/noisy-machine.ts';
import { algorithmForecasts, fusionForecasts } from '../src/resources/algorithm-forecasts.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const lively = syntheticCandles(420, 8);

/** The same market, moving so little that a round trip costs hundreds of its moves. */
function still(share: number) {
  const quieter = (column: Float64Array): Float64Array =>
    column.map((price) => 100 + share * (price - 100));
  const { time, open, high, low, close, volume, length } = lively;
  const prices = { open: quieter(open), high: quieter(high), low: quieter(low) };
  return { time, ...prices, close: quieter(close), volume, length };
}

describe('a market that hardly moves', () => {
  test.each([
    ['quantum', 'none'],
    ['quantum', 'learned'],
    ['twin', 'learned'],
  ] as const)('is decided on by the %s path, entanglement %s', (path, entanglement) => {
    const required = { pair: 'STILL', intervalMs: DAY_MS, periodsPerYear: 252 };
    const configuration = engineConfiguration({ ...required, path }, { qubits: { entanglement } });
    const candles = still(1e-5);
    using engine = new Engine(configuration, { clock: countingClock() });
    for (let end = 255; end < candles.length; end++) {
      const { receipt } = engine.step(candles, end, { now: candles.time[end] + DAY_MS });
      expect(receipt.fallback).toBeNull();
      if (receipt.verdict === null) continue;
      expect(receipt.verdict.action).toBe('flat');
      const [short, , long] = receipt.verdict.prospects;
      // Three times as much is below the logarithm of the smallest double.
      expect(Math.max(short, long)).toBeLessThan(-250);
    }
    expect(engine.weights.every(Number.isFinite)).toBe(true);
  });

  test('has forecasts of its algorithms, by the sides alone', () => {
    const prices = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const prospects = Float64Array.of(-400, 0, -400.5);
    const results = { prices, prospects, mixture: 0.5 };
    // The logistic function of 3 · (−0.5), from its definition.
    const share = 0.18242552380635635;
    const [lmsr, prospect, hedge] = algorithmForecasts(results, 3);
    expect([lmsr, hedge]).toEqual([0.7, 0.5]);
    expect(prospect).toBeCloseTo(share, 14);
    for (const forecast of fusionForecasts(results, 3, 'crisis', -0.4)) {
      // Odds of 7 to 3 and of one half beside it.
      expect(forecast).toBeCloseTo((0.7 * share) / (0.7 * share + 0.3 * (1 - share)), 14);
    }
  });
});

test('readings that show neither side are no forecast, and the run goes on', () => {
  const required = { pair: 'NOISY', intervalMs: DAY_MS, periodsPerYear: 252 };
  const machine = noisyMachine({ gateError: 0, readoutError: 0, shots: 20 }, mulberry32(2));
  using engine = new Engine(engineConfiguration({ ...required, path: 'quantum' }), {
    clock: countingClock(),
    machine,
  });
  const candles = still(0.02);
  let neither = 0;
  for (let end = 255; end < candles.length; end++) {
    const { receipt } = engine.step(candles, end, { now: candles.time[end] + DAY_MS });
    if (receipt.verdict?.preferences[1] === 1) neither++;
  }
  expect(neither).toBeGreaterThan(0);
  expect(engine.algorithmPerformances().fusion?.outcomes ?? 0).toBeLessThan(
    engine.algorithmPerformances().hedge?.outcomes ?? 0,
  );
});
