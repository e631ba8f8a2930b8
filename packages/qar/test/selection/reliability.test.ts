import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isotonicRegression } from '../../src/selection/isotonic.ts';
import { reliability, wilsonInterval } from '../../src/selection/reliability.ts';

interface Golden {
  readonly diagrams: readonly {
    readonly forecasts: readonly number[];
    readonly happened: readonly number[];
    readonly brierScore: number;
    readonly miscalibration: number;
    readonly discrimination: number;
    readonly uncertainty: number;
    readonly frequency: readonly number[];
    readonly meanForecast: readonly number[];
  }[];
  readonly regressions: readonly Record<'values' | 'weights' | 'fitted', readonly number[]>[];
  readonly intervals: readonly Record<'happened' | 'count' | 'low' | 'high', number>[];
}

/** Of scikit-learn 1.9.1 and statsmodels 0.15.0, by make_reliability.py beside it. */
const golden = JSON.parse(
  readFileSync(new URL('vectors/reliability.json', import.meta.url), 'utf8'),
) as Golden;

const OPTIONS = { bins: 10, overlap: 1 };
const forecastAndOutcome = fc.record({
  forecast: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
  outcome: fc.integer({ min: 0, max: 1 }),
});
const runs = fc.array(forecastAndOutcome, { minLength: 1, maxLength: 80 });

describe('isotonic regression', () => {
  test('pools the violators of the textbook example', () => {
    // Barlow, Bartholomew, Bremner & Brunk (1972), by hand: 4, 3 and 2 pool to 3.
    const fitted = isotonicRegression([1, 4, 3, 2, 5], [1, 1, 1, 1, 1]);
    expect(Array.from(fitted)).toEqual([1, 3, 3, 3, 5]);
  });

  test('is that of scikit-learn, weights included', () => {
    for (const { values, weights, fitted } of golden.regressions) {
      const ours = isotonicRegression(values, weights);
      // Sums of at most 75 numbers of size 1.
      fitted.forEach((value, i) => expect(ours[i]).toBeCloseTo(value, 12));
    }
  });

  test('never falls, keeps the weighted mean, and leaves alone what never falls', () => {
    const entry = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 0.1, max: 9, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 50 }), (entries) => {
        const weights = entries.map(([, weight]) => weight);
        const values = entries.map(([value]) => value);
        const fitted = isotonicRegression(values, weights);
        for (let i = 1; i < fitted.length; i++) {
          expect(fitted[i]).toBeGreaterThanOrEqual(fitted[i - 1]);
        }
        const mean = (of: ArrayLike<number>): number =>
          weights.reduce((sum, weight, i) => sum + weight * of[i], 0);
        expect(mean(fitted)).toBeCloseTo(mean(values), 9);
        values.sort((a, b) => a - b);
        const again = isotonicRegression(values, weights);
        values.forEach((value, i) => expect(again[i]).toBeCloseTo(value, 12));
      }),
    );
  });
});

describe('reliability', () => {
  test('has the scores, the parts and the bins of scikit-learn', () => {
    for (const diagram of golden.diagrams) {
      const ours = reliability(diagram.forecasts, diagram.happened, OPTIONS);
      expect(ours?.brierScore).toBeCloseTo(diagram.brierScore, 12);
      expect(ours?.miscalibration).toBeCloseTo(diagram.miscalibration, 12);
      expect(ours?.discrimination).toBeCloseTo(diagram.discrimination, 12);
      expect(ours?.uncertainty).toBeCloseTo(diagram.uncertainty, 12);
      ours?.bins.forEach(({ frequency, meanForecast }, i) => {
        expect(frequency).toBeCloseTo(diagram.frequency[i], 12);
        expect(meanForecast).toBeCloseTo(diagram.meanForecast[i], 12);
      });
      expect(ours?.bins).toHaveLength(diagram.frequency.length);
    }
  });

  test('is Murphy’s partition where frequencies rise with the forecasts', () => {
    // Ten forecasts of 0.2 of which 1 came true, ten of 0.8 of which 9 did, by hand: reliability
    // 0.1² = 0.01, resolution 0.4² = 0.16, uncertainty 0.5² = 0.25.
    const forecasts = [...Array<number>(10).fill(0.2), ...Array<number>(10).fill(0.8)];
    const happened = forecasts.map((p, i) => Number(p > 0.5 ? i > 10 : i === 0));
    const ours = reliability(forecasts, happened, OPTIONS);
    expect(ours?.miscalibration).toBeCloseTo(0.01, 12);
    expect(ours?.discrimination).toBeCloseTo(0.16, 12);
    expect(ours?.uncertainty).toBe(0.25);
    expect(ours?.calibrationError).toBeCloseTo(0.1, 12);
  });

  test('its parts add up to the Brier score and none is negative', () => {
    fc.assert(
      fc.property(runs, (pairs) => {
        const of = reliability(
          pairs.map(({ forecast }) => forecast),
          pairs.map(({ outcome }) => outcome),
          OPTIONS,
        );
        const { brierScore, miscalibration, discrimination, uncertainty } = of ?? raise();
        expect(miscalibration - discrimination + uncertainty).toBeCloseTo(brierScore, 12);
        expect(Math.min(miscalibration, discrimination, uncertainty)).toBeGreaterThanOrEqual(0);
        expect(discrimination).toBeLessThanOrEqual(uncertainty + 1e-12);
      }),
    );
  });

  test('every forecast is in one bin, 0 and 1 too, and there is none of nothing', () => {
    const of = reliability([0, 0.1, 1, 1], [0, 1, 1, 0], OPTIONS);
    expect(of?.bins.map(({ count }) => count)).toEqual([1, 1, 2]);
    expect(reliability([], [], OPTIONS)).toBeUndefined();
  });

  test('its intervals are as wide as the independent outcomes warrant', () => {
    const forecasts = Array<number>(400).fill(0.55);
    const happened = forecasts.map((_, i) => Number(i % 2 === 0));
    const [bin] = reliability(forecasts, happened, { bins: 10, overlap: 4 })?.bins ?? [];
    expect([bin.low, bin.high]).toEqual(wilsonInterval(0.5, 100));
  });
});

test('Wilson’s interval is that of statsmodels', () => {
  for (const { happened, count, low, high } of golden.intervals) {
    const [ourLow, ourHigh] = wilsonInterval(happened / count, count);
    expect(ourLow).toBeCloseTo(low, 12);
    expect(ourHigh).toBeCloseTo(high, 12);
  }
});

function raise(): never {
  throw new Error('there is no reliability');
}
