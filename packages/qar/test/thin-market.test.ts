import { SigningKey } from '@sema/synthesis-crypto';
import { expect, test } from 'vitest';
import { runBacktest } from '../src/backtest.ts';
import type { BacktestOptions } from '../src/backtest.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { replayJournal } from '../src/replay.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const key = SigningKey.generate();
const candles = syntheticCandles(900, 5);

/** A market so thin that most orders need several candles, with stops and every protection on. */
function backtest(options: Partial<BacktestOptions> = {}) {
  const required = { pair: 'THIN', intervalMs: DAY_MS, periodsPerYear: 252, path: 'twin' } as const;
  const configuration = engineConfiguration(required, {
    // A bold choice and a low bar, so that this random walk trades often.
    selectionMode: 'aggressive',
    positionCandles: 2,
    risk: {
      minimumConfidence: 0.25,
      shorting: true,
      maximumVolumeShare: 1,
      venue: { quantityStep: 0.001 },
      protections: { coolDownCandles: 1, stopGuardTrades: 3, lossStreakTrades: 4 },
    },
    execution: { stopLossFraction: 0.01, fillShare: 3e-6, orderLifeCandles: 4 },
  });
  const lines: string[] = [];
  const run = runBacktest(candles, configuration, {
    clock: countingClock(),
    key,
    dataName: 'thin',
    dataHash: '00',
    writeLine: (line) => lines.push(line),
    ...options,
  });
  return { run, lines };
}

const whole = backtest();

test('a thin market fills orders in parts, stops positions, and locks entries', () => {
  const { fills, denials } = whole.run;
  expect(fills.filter((fill) => fill.cause === 'stop').length).toBeGreaterThan(3);
  const parts = fills.filter((fill, index) => {
    const before = fills.at(index - 1);
    return (
      index > 0 &&
      fill.cause === 'order' &&
      before?.cause === 'order' &&
      fill.time - before.time === DAY_MS &&
      Math.sign(fill.units) === Math.sign(before.units)
    );
  });
  expect(parts.length).toBeGreaterThan(3);
  expect(denials.COOL_DOWN).toBeGreaterThan(0);
  for (const { units } of fills) {
    // Multiples of a step that has no exact binary form.
    expect(Math.abs(units / 0.001 - Math.round(units / 0.001))).toBeLessThan(1e-6);
  }
});

test('its journal replays with no difference, and is the same when stopped in the middle', () => {
  const replayed = replayJournal(whole.lines, candles, { clock: countingClock() });
  expect(replayed.differences).toEqual([]);
  // Stopped while an order works, so that the snapshot has to hold it.
  const partial = whole.run.fills.findIndex((fill, index) => {
    const next = whole.run.fills.at(index + 1);
    return next?.cause === 'order' && next.time - fill.time === DAY_MS;
  });
  const stopBefore = candles.time.indexOf(whole.run.fills[partial].time) + 1;
  const first = backtest({ stopBefore });
  const second = backtest({ resume: first.run.snapshot });
  expect([...first.lines, ...second.lines]).toEqual(whole.lines);
});
