import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  normalCdf,
  normalQuantile,
  probabilisticSharpe,
  sharpeMoments,
} from '../../src/evaluation.ts';
import golden from './vectors/golden.json' with { type: 'json' };

/** Relative error allowed to sums of a few hundred terms in another order. */
const ROUNDING = 1e-11;

function close(actual: number, expected: number, relative = ROUNDING): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

const returnsOf = (count: number) =>
  fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: count, maxLength: 60 });

describe('the normal distribution', () => {
  test('is that of scipy', () => {
    for (const [x, p] of golden.normal.cdf) close(normalCdf(x), p, 5e-13);
    for (const [p, x] of golden.normal.quantile) {
      expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-11);
    }
  });

  test('has quantiles that invert it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-13);
      }),
    );
  });

  test('ends where probabilities end', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    for (const p of [-0.1, 1.1, NaN]) expect(normalQuantile(p)).toBeNaN();
    expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  });
});

describe('the deflated Sharpe ratio', () => {
  test('is 0.9004 in the example of Bailey & López de Prado (2014)', () => {
    // 1250 daily returns, annual Sharpe ratio 2.5, skewness −3, kurtosis 10; 100 trials whose
    // annual Sharpe ratios have variance 1/2; 250 days a year.
    const moments = { count: 1250, sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 };
    const spread = { trials: 100, variance: 0.5 / 250 };
    expect(expectedMaximumSharpe(spread)).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(moments, spread)).toBeCloseTo(0.9004, 4);
  });

  test('needs 2.73 years of daily normal returns to tell a Sharpe ratio of 2 from 1', () => {
    // Bailey & López de Prado (2012), 252 days a year, 95 %.
    const moments = { count: 100, sharpe: 2 / Math.sqrt(252), skewness: 0, kurtosis: 3 };
    const days = minimumTrackRecord(moments, 1 / Math.sqrt(252), 0.95);
    expect(days / 252).toBeCloseTo(2.73, 2);
  });

  test.each(golden.sharpe.map((one, index) => [index, one] as const))(
    'is that of purgedcv on sample %i',
    (_, one) => {
      const moments = sharpeMoments(one.returns);
      if (moments === undefined) throw new Error('the sample varies');
      close(moments.sharpe, one.sharpe);
      close(moments.skewness, one.skewness);
      close(moments.kurtosis, one.kurtosis);
      close(probabilisticSharpe(moments, 0.02), one.probabilistic);
      close(expectedMaximumSharpe(one), one.expectedMaximum);
      close(deflatedSharpe(moments, one), one.deflated);
      expect(minimumTrackRecord(moments, -0.05, 0.05)).toBe(one.trackRecord ?? Infinity);
    },
  );

  test('falls as trials are added', () => {
    fc.assert(
      fc.property(returnsOf(8), fc.integer({ min: 1, max: 10_000 }), (returns, trials) => {
        const moments = sharpeMoments(returns);
        fc.pre(moments !== undefined && Math.abs(moments.sharpe) < 1);
        const few = deflatedSharpe(moments, { trials, variance: 0.01 });
        const many = deflatedSharpe(moments, { trials: trials * 2, variance: 0.01 });
        expect(many).toBeLessThanOrEqual(few);
      }),
    );
  });

  test('of one trial is the probabilistic Sharpe ratio against none', () => {
    const moments = { count: 50, sharpe: 0.1, skewness: 0.2, kurtosis: 4 };
    expect(deflatedSharpe(moments, { trials: 1, variance: 9 })).toBe(
      probabilisticSharpe(moments, 0),
    );
  });

  test('reaches its confidence at the minimum track record and not before', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 0.5, noNaN: true }), (sharpe) => {
        const moments = { sharpe, skewness: -0.5, kurtosis: 5 };
        const least = minimumTrackRecord({ ...moments, count: 2 }, 0, 0.95);
        expect(probabilisticSharpe({ ...moments, count: least + 1 }, 0)).toBeGreaterThan(0.95);
        expect(probabilisticSharpe({ ...moments, count: least - 1 }, 0)).toBeLessThan(0.95);
      }),
    );
  });
});

describe('what cannot be judged', () => {
  test('has no moments when it does not vary', () => {
    expect(sharpeMoments([0.1, 0.1, 0.1, 0.1, 0.1])).toBeUndefined();
    expect(sharpeMoments(new Float64Array(9))).toBeUndefined();
    expect(sharpeMoments([0, -0, 0, 0])).toBeUndefined();
  });

  test.each([
    ['nothing', []],
    ['three returns', [1, 2, 3]],
    ['a NaN', [1, 2, 3, NaN]],
    ['an infinity', [1, 2, 3, -Infinity]],
  ])('is refused: %s', (_, returns) => {
    expect(() => sharpeMoments(returns)).toThrow(
      expect.objectContaining({ name: 'QarError', code: 'BAD_SAMPLE' }),
    );
  });

  test.each([
    ['no trial', { trials: 0, variance: 1 }],
    ['half a trial', { trials: 1.5, variance: 1 }],
    ['a negative variance', { trials: 3, variance: -1 }],
    ['a variance that is none', { trials: 3, variance: NaN }],
  ])('is refused: %s', (_, spread) => {
    expect(() => expectedMaximumSharpe(spread)).toThrow(
      expect.objectContaining({ code: 'BAD_SAMPLE' }),
    );
  });

  test('is refused: moments without a positive variance, confidences outside 0 to 1', () => {
    const wild = { count: 10, sharpe: 1, skewness: 9, kurtosis: 3 };
    expect(() => probabilisticSharpe(wild, 0)).toThrow(/no positive variance/);
    const tame = { count: 10, sharpe: 1, skewness: 0, kurtosis: 3 };
    for (const confidence of [0, 1, NaN]) {
      expect(() => minimumTrackRecord(tame, 0, confidence)).toThrow(/not between 0 and 1/);
    }
    expect(minimumTrackRecord(tame, 1, 0.95)).toBe(Infinity);
  });
});
