import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import {
  realityCheck,
  stationaryBootstrap,
  superiorPredictiveAbility,
  type Resampler,
} from '../../src/evaluation.ts';
import golden from './vectors/golden.json' with { type: 'json' };

/** Gives recorded rows, one resample after another. */
export function recorded(samples: readonly (readonly number[])[]): Resampler {
  let next = 0;
  return (rows) => rows.set(samples[next++]);
}

describe('superior predictive ability', () => {
  const { gains, meanBlock, rows, plain, studentized } = golden.superiority;
  const options = { meanBlock, replications: rows.length };

  test('has the p-values of arch on the resamples that arch drew', () => {
    const resample = recorded(rows);
    const found = superiorPredictiveAbility(gains, { ...options, resample, studentized: false });
    expect(found).toMatchObject(plain);
  });

  test('has those of Hansen’s formulas when studentized', () => {
    const resample = recorded(rows);
    const found = superiorPredictiveAbility(gains, { ...options, resample, studentized: true });
    expect(found).toMatchObject(studentized);
  });

  test('contains White’s reality check as its upper p-value', () => {
    expect(realityCheck(gains, { ...options, resample: recorded(rows) })).toBe(plain.upper);
  });

  test('rejects too often no more than its level says', () => {
    // 200 data sets without an edge, each tested at 10 %. A right test rejects over 34 of them
    // once in 1000 such runs (binomial); the seed is fixed.
    const random = mulberry32(20_260_101);
    let rejected = 0;
    for (let set = 0; set < 200; set++) {
      const none = Array.from({ length: 3 }, () =>
        Float64Array.from({ length: 80 }, () => random.next() + random.next() - 1),
      );
      const resample = stationaryBootstrap(2, random);
      const settings = { resample, replications: 99, meanBlock: 2, studentized: true };
      if (superiorPredictiveAbility(none, settings).consistent < 0.1) rejected++;
    }
    expect(rejected).toBeLessThanOrEqual(34);
  });

  test('finds a strategy with a real edge, however many poor ones stand beside it', () => {
    const random = mulberry32(9);
    const strategies = [0.3, -2, -2, -2].map((edge) =>
      Float64Array.from({ length: 200 }, () => edge + random.next() - 0.5),
    );
    const resample = stationaryBootstrap(3, random);
    const settings = { resample, replications: 200, meanBlock: 3, studentized: true };
    expect(superiorPredictiveAbility(strategies, settings)).toMatchObject({
      best: 0,
      consistent: 0,
    });
  });

  test('never finds the benchmark itself better than the benchmark', () => {
    const resample = stationaryBootstrap(2, mulberry32(1));
    const settings = { resample, replications: 50, meanBlock: 2, studentized: true };
    // Nothing exceeds a gain of zero, so the p-value says nothing was tested at all: no edge.
    const { best } = superiorPredictiveAbility([new Float64Array(10)], settings);
    expect(best).toBe(0);
  });

  test.each([
    ['no strategy', [], {}],
    ['three periods', [[1, 2, 3]], {}],
    ['a NaN', [[1, 2, 3, NaN]], {}],
    [
      'strategies of unequal length',
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5],
      ],
      {},
    ],
    ['no replication', [[1, 2, 3, 4]], { replications: 0 }],
    ['a block of nothing', [[1, 2, 3, 4]], { meanBlock: 0 }],
  ])('is refused: %s', (_, columns, changed) => {
    const resample = stationaryBootstrap(2, mulberry32(1));
    const settings = { resample, replications: 5, meanBlock: 2, studentized: true, ...changed };
    expect(() => superiorPredictiveAbility(columns, settings)).toThrow(
      expect.objectContaining({ code: 'BAD_SAMPLE' }),
    );
  });
});
