import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ArrivalPredictor, BatchPredictor } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CANDLES = join(env.SEMA_DATA_DIR ?? join(ROOT, '../shared/data'), 'market/btc-perp-1m.csv');
const RECORDED = new URL('vectors/recorded-streams.json', import.meta.url);

// What record-streams.mjs writes.
const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as {
  readonly arrivalsNs: readonly number[];
  readonly durationsNs: readonly number[];
};

interface Candle {
  readonly timeNs: number;
  readonly close: number;
}

function candles(): Candle[] {
  const lines = readFileSync(CANDLES, 'utf8').trim().split('\n').slice(1);
  const start = Date.parse(`${lines[0].slice(0, 23).replace(' ', 'T')}Z`);
  return lines.map((line) => {
    const [time, , , , close] = line.split(',');
    const timeMs = Date.parse(`${time.slice(0, 23).replace(' ', 'T')}Z`) - start;
    return { timeNs: timeMs * 1e6, close: Number(close) };
  });
}

/** Mean absolute errors, in ns, of the predictor and of two who need no model. */
function arrivalScores(
  timesNs: readonly number[],
  weight: number,
): Record<'predictor' | 'lastInterval' | 'meanInterval', number> {
  const predictor = new ArrivalPredictor({ weight });
  const errors = { predictor: 0, lastInterval: 0, meanInterval: 0 };
  timesNs.forEach((timeNs, index) => {
    const predicted = predictor.predictedNs();
    if (predicted !== undefined) {
      const last = timesNs[index - 1];
      errors.predictor += Math.abs(timeNs - predicted);
      errors.lastInterval += Math.abs(timeNs - last - (last - timesNs[index - 2]));
      errors.meanInterval += Math.abs(timeNs - last - (last - timesNs[0]) / (index - 1));
    }
    predictor.observe(timeNs);
  });
  const count = timesNs.length - 2;
  expect(predictor.errors.count).toBe(count);
  return {
    predictor: errors.predictor / count,
    lastInterval: errors.lastInterval / count,
    meanInterval: errors.meanInterval / count,
  };
}

describe('the next arrival', () => {
  test('is the last one and the weighted mean interval', () => {
    const predictor = new ArrivalPredictor({ weight: 0.5 });
    expect(predictor.predictedNs()).toBeUndefined();
    predictor.observe(100);
    expect(predictor.predictedNs()).toBeUndefined();
    predictor.observe(200);
    expect(predictor.predictedNs()).toBe(300);
    predictor.observe(500);
    // 100 + (300 − 100)/2
    expect(predictor.predictedNs()).toBe(700);
    expect(predictor.errors.maxNs).toBe(200);
  });

  test('of messages between threads is predicted better than by naive means', () => {
    const { predictor, lastInterval, meanInterval } = arrivalScores(recorded.arrivalsNs, 0.1);
    expect(predictor).toBeLessThan(0.85 * lastInterval);
    expect(predictor).toBeLessThan(meanInterval);
  });

  const skipped = existsSync(CANDLES) ? '' : ' (skipped: no data/market/btc-perp-1m.csv)';
  test.skipIf(skipped !== '')(`of minute candles is predicted exactly${skipped}`, () => {
    const times = candles().map(({ timeNs }) => timeNs);
    expect(times.length).toBe(45_031);
    expect(arrivalScores(times, 0.1).predictor).toBe(0);
  });

  test.skipIf(skipped !== '')(
    `of a move of the price by 10 bp is predicted better than by naive means${skipped}`,
    () => {
      const all = candles();
      const moves = all
        .filter(({ close }, i) => i > 0 && Math.abs(close / all[i - 1].close - 1) >= 0.001)
        .map(({ timeNs }) => timeNs);
      const { predictor, lastInterval, meanInterval } = arrivalScores(moves, 0.1);
      // 266 s, 313 s and 357 s.
      expect(predictor).toBeLessThan(0.86 * lastInterval);
      expect(predictor).toBeLessThan(0.75 * meanInterval);
    },
  );
});

describe('the time allowed for a batch', () => {
  test('is the mean and a margin of mean deviations', () => {
    const predictor = new BatchPredictor({ weight: 0.5, margin: 2 });
    expect([predictor.expectedNs(), predictor.allowedNs()]).toEqual([undefined, undefined]);
    predictor.observe(100);
    // The first deviation is half of the first value.
    expect([predictor.expectedNs(), predictor.allowedNs()]).toEqual([100, 200]);
    predictor.observe(300);
    // Mean 100 + 200/2; deviation 50 + (200 − 50)/2.
    expect([predictor.expectedNs(), predictor.allowedNs()]).toEqual([200, 450]);
    expect([predictor.observed, predictor.overran]).toEqual([1, 1]);
  });

  test('covers recorded batches at less than the longest, and more often than the last', () => {
    const predictor = new BatchPredictor({ weight: 0.1, margin: 3 });
    let longest = 0;
    let last = 0;
    const allowed = { predictor: 0, longest: 0 };
    let lastOverran = 0;
    for (const duration of recorded.durationsNs) {
      allowed.predictor += predictor.allowedNs() ?? 0;
      allowed.longest += longest;
      if (last > 0 && duration > last) lastOverran += 1;
      predictor.observe(duration);
      last = duration;
      longest = Math.max(longest, duration);
    }
    expect(predictor.observed).toBe(recorded.durationsNs.length - 1);
    expect(predictor.overran).toBeLessThan(0.05 * predictor.observed);
    expect(lastOverran).toBeGreaterThan(0.3 * predictor.observed);
    expect(allowed.predictor).toBeLessThan(0.8 * allowed.longest);
  });
});

describe('what a predictor refuses', () => {
  test.each([0, -1, 1.5, NaN])('a weight of %d', (weight) => {
    expectCode('WEIGHT_OUT_OF_RANGE', () => new ArrivalPredictor({ weight }));
    expectCode('WEIGHT_OUT_OF_RANGE', () => new BatchPredictor({ weight, margin: 1 }));
  });

  test('time that runs backwards or is none, and a negative duration or margin', () => {
    const arrivals = new ArrivalPredictor({ weight: 1 });
    arrivals.observe(10);
    expectCode('TIME_RAN_BACKWARDS', () => arrivals.observe(9));
    expectCode('TIMESTAMP_OUT_OF_RANGE', () => arrivals.observe(NaN));
    expectCode('DURATION_OUT_OF_RANGE', () =>
      new BatchPredictor({ weight: 1, margin: 1 }).observe(-1),
    );
    expectCode('MARGIN_OUT_OF_RANGE', () => new BatchPredictor({ weight: 1, margin: -1 }));
  });
});
