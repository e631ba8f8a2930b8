import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { compareScores } from '../../src/regime-models.ts';
import { codeOf } from '../expert-games.ts';

describe('the Diebold–Mariano test', () => {
  test('is a t-test with Newey–West errors: a worked example', () => {
    // Differences 1, 2, 3, 2 have mean 2 and covariances ½ at lag 0 and 0 at lag 1, one lag of
    // four.
    const { mean, error, statistic, interval } = compareScores([1, 2, 3, 2], [0, 0, 0, 0]);
    expect(mean).toBe(2);
    expect(error).toBeCloseTo(Math.sqrt(0.5 / 4), 15);
    expect(statistic).toBeCloseTo(2 / Math.sqrt(0.125), 13);
    expect(interval[0]).toBeCloseTo(2 - 1.96 * Math.sqrt(0.125), 13);
  });

  test('rejects 5 % of equally good forecasters, within what 400 trials leave open', () => {
    const random = mulberry32(12);
    let rejected = 0;
    for (let trial = 0; trial < 400; trial += 1) {
      const scores = () => Float64Array.from({ length: 300 }, () => random.next());
      if (compareScores(scores(), scores()).pValue < 0.05) rejected += 1;
    }
    // Binomial with mean 20 and deviation 4.4; short samples reject a little too often.
    expect(rejected).toBeGreaterThan(4);
    expect(rejected).toBeLessThan(44);
  });

  test('has the p-values of the normal distribution', () => {
    // Two differences z/2 ± 1 have mean z/2 and error 1/2.
    for (const [z, tail] of [
      [0.5, 0.6170750774519738],
      [1, 0.31731050786291415],
      [2, 0.04550026389635842],
      [4, 6.334248366623973e-5],
    ]) {
      const { statistic, pValue } = compareScores([z / 2 + 1, z / 2 - 1], [0, 0]);
      expect(statistic).toBeCloseTo(z, 14);
      expect(pValue).toBeCloseTo(tail, 14);
    }
    expect(compareScores([1, 2, 1], [1, 2, 1])).toMatchObject({ statistic: 0, pValue: 1 });
  });

  test('refuses scores that are none', () => {
    expect(codeOf(() => compareScores([1], [1]))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => compareScores([1, 2], [1]))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => compareScores([1, NaN], [1, 2]))).toBe('INVALID_SERIES');
    expect(codeOf(() => compareScores([1, -Infinity], [1, 2]))).toBe('INVALID_SERIES');
  });
});
