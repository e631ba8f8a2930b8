import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logRatio } from '../../src/experts/indicators/log-ratio.ts';
import {
  localLinearTrend,
  SmoothTrend,
  smoothTrendGains,
} from '../../src/experts/local-linear-trend.ts';
import { windowAt } from '../../src/market-data/candles.ts';
import { readCandles, SP500_FILE } from '../market-data/real-files.ts';
import { closesFrom, windowOf } from './windows.ts';

function logPrices(prices: ArrayLike<number>): number[] {
  const logs = [0];
  for (let i = 1; i < prices.length; i++) {
    logs.push(logs[i - 1] + logRatio(prices[i - 1], prices[i]));
  }
  return logs;
}

function trendOf(series: readonly number[], gains: ReturnType<typeof smoothTrendGains>) {
  const trend = new SmoothTrend(gains);
  trend.start();
  for (let i = 1; i < series.length; i++) trend.step(series[i] - series[i - 1]);
  return trend;
}

/**
 * The Hodrick–Prescott trend: the minimiser of Σ(y − τ)² + λ Σ(second differences of τ)², solved
 * densely. Harvey & Jaeger (1993): it is the smoothed level of a local linear trend whose slope has
 * steps of variance 1/λ, so their ends agree with the filter.
 */
function hodrickPrescott(series: readonly number[], lambda: number): number[] {
  const n = series.length;
  const matrix = Array.from({ length: n }, (_, row) =>
    Array.from({ length: n + 1 }, (_, column) =>
      column === n ? series[row] : row === column ? 1 : 0,
    ),
  );
  for (let t = 2; t < n; t++) {
    const difference = [1, -2, 1];
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        matrix[t - 2 + a][t - 2 + b] += lambda * difference[a] * difference[b];
      }
    }
  }
  // Gauss without pivoting: the matrix is symmetric and positive definite.
  for (let pivot = 0; pivot < n; pivot++) {
    for (let row = pivot + 1; row < n; row++) {
      const factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (let column = pivot; column <= n; column++) {
        matrix[row][column] -= factor * matrix[pivot][column];
      }
    }
  }
  const trend = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let rest = matrix[row][n];
    for (let column = row + 1; column < n; column++) rest -= matrix[row][column] * trend[column];
    trend[row] = rest / matrix[row][row];
  }
  return trend;
}

test('the end of the filter is the end of the Hodrick–Prescott trend', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 60 }),
      fc.constantFrom(1, 6.25, 100, 1600),
      (series, lambda) => {
        const gains = smoothTrendGains(series.length, 1 / lambda);
        const { level, slope } = trendOf(series, gains);
        const trend = hodrickPrescott(series, lambda);
        const [before, last] = trend.slice(-2);
        // The condition of the dense system is about 16 λ = 26 000.
        expect(series[0] + level).toBeCloseTo(last, 9);
        expect(slope).toBeCloseTo(last - before, 9);
      },
    ),
  );
});

// statsmodels 0.15.0, UnobservedComponents(log close, 'strend', use_exact_diffuse=True) with
// variances 1 and 1/1600, scaled by the variance of its standardised forecast errors: index of the
// last of 128 closes of the S&P 500, level (less the first log close), slope, deviation of the
// slope, deviation of the noise.
test.each([
  [255, -0.10646427950869325, -0.0007673531347368028, 0.0012636164173752858, 0.01687423803629228],
  [2225, -0.4139135517039981, -0.0005569237834661781, 0.002349627726414084, 0.03137675089291614],
  [5104, -0.06734008201822154, 0.008971315177707773, 0.0026086909894296943, 0.03483626210729576],
])('the filter up to day %d is that of statsmodels', (end, level, slope, ofSlope, ofNoise) => {
  const { close } = windowAt(readCandles(SP500_FILE), end, 128);
  const trend = trendOf(logPrices(close), smoothTrendGains(128, 1 / 1600));
  // Their filter and their own Hodrick–Prescott solution agree to 2e-10.
  expect(trend.level).toBeCloseTo(level, 8);
  expect(trend.slope).toBeCloseTo(slope, 8);
  expect(trend.slopeDeviation).toBeCloseTo(ofSlope, 8);
  expect(trend.noiseDeviation).toBeCloseTo(ofNoise, 8);
});

test('a slope of more than 1.96 of its deviations is followed', () => {
  const candles = readCandles(SP500_FILE);
  const gains = smoothTrendGains(192, 1 / 1600);
  let followed = 0;
  for (let end = 191; end < candles.length; end += 23) {
    const window = windowAt(candles, end, 192);
    const opinion = localLinearTrend.opine(window);
    // The expert starts at one of the first 64 candles, of which the slope soon knows nothing, but
    // the noise does.
    const sizes = Array.from({ length: 64 }, (_, first) => {
      const { slope, slopeDeviation } = trendOf(logPrices(window.close.subarray(first)), gains);
      return slope / slopeDeviation;
    });
    if (opinion.kind === 'abstention') {
      expect(Math.min(...sizes.map(Math.abs))).toBeLessThanOrEqual(1.959963984540054);
    } else {
      const score = (opinion.direction * 1.959963984540054) / (1 - opinion.strength);
      expect(Math.min(...sizes.map((size) => Math.abs(size - score)))).toBeLessThan(1e-9);
      followed++;
    }
  }
  expect(followed).toBeGreaterThan(30);
});

test('a line through noise is followed, noise without a line is not', () => {
  const noisy = (drift: number): unknown => {
    const returns = Array.from({ length: 191 }, (_, index) => drift + [0.01, -0.01][index % 2]);
    return localLinearTrend.opine(windowOf({ close: closesFrom(100, returns) }));
  };
  expect(noisy(0.003)).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(noisy(-0.003)).toMatchObject({ kind: 'opinion', direction: -1 });
  expect(noisy(0)).toMatchObject({ reason: 'NOT_SIGNIFICANT' });
});

test('a line without noise has no deviation to measure by', () => {
  const close = closesFrom(100, new Array<number>(191).fill(0.003));
  expect(localLinearTrend.opine(windowOf({ close }))).toMatchObject({
    reason: 'DEGENERATE_WINDOW',
  });
});

test('the series of the logarithm is as good as the logarithm', () => {
  const price = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  const move = fc.oneof(
    fc.double({ min: -0.07, max: 0.07, noNaN: true }),
    fc.double({ min: -0.9, max: 10, noNaN: true }),
  );
  fc.assert(
    fc.property(price, move, (before, by) => {
      const after = before * (1 + by);
      const expected = Math.log1p((after - before) / before);
      // Two units in the last place for the quotients on either side; of large moves the logarithm
      // is that of a rounded ratio, exact to an epsilon whatever its size.
      const relative = 4 * Number.EPSILON * Math.abs(expected);
      const tolerance = relative + (Math.abs(by) > 0.06 ? Number.EPSILON : 0);
      expect(Math.abs(logRatio(before, after) - expected)).toBeLessThanOrEqual(tolerance);
    }),
    { numRuns: 1000 },
  );
});
