import { PATTERN_LIFETIME_MS } from '@sema/learning';
import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import { runBacktest } from '../src/backtest.ts';
import type { BacktestOptions } from '../src/backtest.ts';
import type { DecisionPath } from '../src/configuration.ts';
import { engineConfiguration } from '../src/configuration.ts';
import type { JournalLine } from '../src/journal.ts';
import type { Verdict } from '../src/receipt.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const key = SigningKey.generate();
const candles = syntheticCandles(450, 21);

function backtest(path: DecisionPath, options: Partial<BacktestOptions> = {}) {
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path };
  const lines: string[] = [];
  const run = runBacktest(candles, engineConfiguration(required), {
    clock: countingClock(),
    key,
    dataName: 'synthetic',
    dataHash: '00',
    writeLine: (line) => lines.push(line),
    ...options,
  });
  return { run, lines };
}

interface Outcome {
  readonly verdict: Verdict;
  readonly time: number;
  readonly wentUp: boolean;
}

/** From the journal and the candles: what was said, and how the price moved two opens later. */
function outcomesOf(lines: readonly string[]): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const line of lines) {
    const { body } = JSON.parse(line) as JournalLine;
    if (body.kind !== 'decision' || body.verdict === null) continue;
    const at = candles.time.indexOf(body.time);
    if (at + 2 >= candles.length) continue;
    const wentUp = candles.open[at + 2] > candles.open[at + 1];
    outcomes.push({ verdict: body.verdict, time: candles.time[at + 2], wentUp });
  }
  return outcomes;
}

const PROBABILITY_UP = {
  lmsr: ({ prices }: Verdict) => prices.slice(4).reduce((sum, price) => sum + price, 0),
  prospect: ({ prospects: [short, , long] }: Verdict) => 1 / (1 + Math.exp(3 * (short - long))),
  hedge: ({ mixture }: Verdict) => mixture,
  fusion: ({ preferences: [short, , long] }: Verdict) => long / (short + long),
};

const { run, lines } = backtest('quantum');
const outcomes = outcomesOf(lines);

describe.each(['lmsr', 'prospect', 'hedge', 'fusion'] as const)('%s', (name) => {
  const figures = run.performance[name];
  const said = outcomes.map(({ verdict, wentUp, time }) => {
    const p = PROBABILITY_UP[name](verdict);
    return { p, wentUp, time, isRight: p > 0.5 === wentUp };
  });

  test('has the score that its journal and the candles give it', () => {
    expect(figures?.outcomes).toBe(said.length);
    expect(said.length).toBeGreaterThan(100);
    const brier = said.reduce((sum, { p, wentUp }) => sum + (p - Number(wentUp)) ** 2, 0);
    expect(figures?.brierScore).toBeCloseTo(brier / said.length, 10);
    const right = said.filter(({ isRight }) => isRight).length;
    expect(figures?.accuracy).toBeCloseTo(right / said.length, 12);
    const gains = said.filter(({ wentUp }) => wentUp).length;
    expect(figures?.gainFrequency).toBeCloseTo(gains / said.length, 12);
  });

  test('has a reliability curve over all its outcomes, and its distance from the diagonal', () => {
    const bins = figures?.reliability ?? [];
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(said.length);
    let error = 0;
    for (const { meanForecast, frequency, count } of bins) {
      error += (count / said.length) * Math.abs(meanForecast - frequency);
    }
    expect(figures?.calibrationError).toBeCloseTo(error, 12);
  });

  test('keeps the patterns of its successes for seven days of market time', () => {
    const now = said[said.length - 1].time;
    const recent = said.filter(({ isRight, time }) => isRight && now - time <= PATTERN_LIFETIME_MS);
    expect(figures?.successPatterns).toBe(recent.length);
  });

  test('has a signature, and the time of its circuit', () => {
    const { measurements, coherence, successProbability } = figures?.signature ?? {
      measurements: [],
      coherence: NaN,
      successProbability: NaN,
    };
    expect(Array.from(measurements).reduce((sum, q) => sum + q, 0)).toBeCloseTo(1, 12);
    for (const fraction of [coherence, successProbability]) {
      expect(fraction).toBeGreaterThan(0);
      expect(fraction).toBeLessThanOrEqual(1 + 1e-12);
    }
    // The counting clock moves 1 µs from the start of a circuit to its end.
    expect(figures?.meanExecutionNs).toBeCloseTo(1000, 6);
  });
});

test('the twin runs no circuit, so none has figures', () => {
  const { performance } = backtest('twin').run;
  expect(Object.values(performance).every((figures) => figures === undefined)).toBe(true);
});

test('a resumed run begins its figures anew, and its journal does not depend on them', () => {
  const first = backtest('quantum', { stopBefore: 350 });
  const second = backtest('quantum', { resume: first.run.snapshot });
  expect([...first.lines, ...second.lines]).toEqual(lines);
  expect(second.run.performance.lmsr?.outcomes).toBe(outcomesOf(second.lines).length);
});

test('a run tells how many outcomes taught it, and what couplings of experts would change', () => {
  const { counts, coupled, heldBack } = run.learning;
  expect(counts).toMatchObject({
    learned: candles.length - 257,
    UNKNOWN_DECISION: 0,
    DUPLICATE: 0,
  });
  expect(coupled).toBe(false);
  expect(heldBack.count).toBeGreaterThan(10);
  expect(Math.abs(heldBack.difference)).toBeLessThan(0.05);
});
