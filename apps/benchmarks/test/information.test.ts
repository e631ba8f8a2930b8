import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { binned, gainedBits, mutualInformationBits } from '../src/collective/information.ts';

const SAMPLES = 4000;

/** Uniform forecasts, and outcomes that come true with the forecast's probability. */
function honest(seed: number) {
  const random = mulberry32(seed);
  const forecast = Float64Array.from({ length: SAMPLES }, () => random.next());
  const outcomes = Uint8Array.from(forecast, (up) => Number(random.next() < up));
  const noise = Float64Array.from({ length: SAMPLES }, () => random.next());
  const moreNoise = Float64Array.from({ length: SAMPLES }, () => random.next());
  return { forecast, outcomes, noise, moreNoise };
}

describe('mutual information of a forecast and an outcome', () => {
  test('is the outcome’s own bit when the forecast is the outcome', () => {
    const outcomes = Uint8Array.from({ length: SAMPLES }, (_, t) => t % 2);
    // Two of four cells are occupied, so that all three corrections are the same but one.
    expect(mutualInformationBits(outcomes, outcomes)).toBeCloseTo(1, 3);
  });

  test('is what an honest uniform forecast tells, less what binning loses', () => {
    const { forecast, outcomes } = honest(1);
    // 1 − 1/(2 ln 2) = 0.279 bits; over eight bins 0.275; standard error about 0.01.
    expect(mutualInformationBits(binned(forecast), outcomes)).toBeGreaterThan(0.24);
    expect(mutualInformationBits(binned(forecast), outcomes)).toBeLessThan(0.31);
  });

  test('has no bias to speak of for noise, which the plain estimate would overrate', () => {
    // Plain: 7 degrees of freedom, 7/(2n ln 2) = 1.26 millibits at n = 4000.
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const estimates = seeds.map((seed) => {
      const { noise, outcomes } = honest(seed);
      return mutualInformationBits(binned(noise), outcomes);
    });
    const mean = estimates.reduce((sum, bits) => sum + bits, 0) / estimates.length;
    // Four standard errors of the mean of 60: each has √14/(2n ln 2) = 0.67 millibits.
    expect(Math.abs(mean)).toBeLessThan(4 * (0.00067 / Math.sqrt(60)));
  });
});

describe('bits gained', () => {
  const options = () => ({ exchanges: 200, random: mulberry32(9) });

  test('are beyond chance for a forecast that knows, against one that does not', () => {
    const { forecast, noise, outcomes } = honest(2);
    const { bits, chance } = gainedBits(forecast, noise, outcomes, options());
    expect(bits).toBeGreaterThan(0.2);
    expect(bits).toBeGreaterThan(chance[1]);
    const other = gainedBits(noise, forecast, outcomes, options());
    expect(other.bits).toBe(-bits);
    expect(other.bits).toBeLessThan(other.chance[0]);
  });

  test('are within chance about nineteen times in twenty when neither knows', () => {
    const outside = Array.from({ length: 60 }, (_, seed) => {
      const { noise, moreNoise, outcomes } = honest(100 + seed);
      const { bits, chance } = gainedBits(noise, moreNoise, outcomes, options());
      return bits < chance[0] || bits > chance[1] ? 1 : 0;
    }).reduce<number>((sum, one) => sum + one, 0);
    // Binomial(60, 0.05): 9 or more has probability 0.003.
    expect(outside).toBeLessThan(9);
  });
});

test('bins are octiles, and equal values share one', () => {
  const values = Float64Array.from({ length: 80 }, (_, k) => k);
  const counts = new Array<number>(8).fill(0);
  for (const bin of binned(values)) counts[bin]++;
  expect(counts).toEqual(new Array<number>(8).fill(10));
  expect(new Set(binned(new Float64Array(50).fill(0.5))).size).toBe(1);
});
