import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { mulberry32, probabilities, StateVector } from '@sema/simulator';
import {
  regimeAmplitudes,
  regimeMemberships,
  thresholdsFor,
  REGIMES,
  STOCK_INDEX_THRESHOLDS,
} from '../src/index.ts';
import { codeOf, largestDifference, sum } from './expert-games.ts';
import { efficiencyRatio } from './market-features.ts';

const LARGEST = Number.MAX_VALUE;

/** Tiny, huge, on every threshold and beside it. */
const extremes = [
  0, -0, Number.MIN_VALUE, 1e-300, 1e-16, 0.1, 0.2, 0.20000000000000004, 0.3, 0.4, 0.5, 0.7, 0.9,
  1, 2, 1e6, 1e300, LARGEST,
]; // prettier-ignore

const amount = fc.oneof(
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: LARGEST, noNaN: true }),
  fc.constantFrom(...extremes),
);
const fraction = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(...extremes.filter((value) => value <= 1)),
);
const features = fc.record({
  volatility: amount,
  trendClarity: fraction,
  normalizedVolume: amount,
});

function expectPartition(memberships: Float64Array): void {
  expect(memberships.length).toBe(4);
  for (const membership of memberships) {
    expect(membership).toBeGreaterThanOrEqual(0);
    expect(membership).toBeLessThanOrEqual(1);
  }
  expect(sum(memberships)).toBe(1);
}

function named(memberships: Float64Array) {
  const [stable, trending, volatile, crisis] = memberships;
  return { stable, trending, volatile, crisis };
}

describe('regimeMemberships', () => {
  test('cover every combination of extreme features', () => {
    for (const volatility of extremes) {
      for (const normalizedVolume of extremes) {
        for (const trendClarity of extremes.filter((value) => value <= 1)) {
          expectPartition(regimeMemberships({ volatility, trendClarity, normalizedVolume }));
        }
      }
    }
  });

  test('are a partition of unity for all features', () => {
    fc.assert(
      fc.property(features, (point) => {
        expectPartition(regimeMemberships(point));
      }),
      { numRuns: 2000 },
    );
  });

  test('are whole far from the boundaries', () => {
    const at = (volatility: number, trendClarity: number) => [
      ...regimeMemberships({ volatility, trendClarity, normalizedVolume: 1 }),
    ];
    expect(at(0.1, 0.1)).toEqual([1, 0, 0, 0]);
    expect(at(0.1, 0.8)).toEqual([0, 1, 0, 0]);
    expect(at(0.45, 0.8)).toEqual([0, 0, 1, 0]);
    expect(at(1.2, 0.8)).toEqual([0, 0, 0, 1]);
  });

  test('are half in the middle of a boundary', () => {
    const at = (volatility: number, trendClarity: number) =>
      named(regimeMemberships({ volatility, trendClarity, normalizedVolume: 1 }));
    expect(at(0.1, 0.375).trending).toBeCloseTo(0.5, 15);
    expect(at(0.3, 0.1).volatile).toBeCloseTo(0.5, 15);
    expect(at(0.7, 0.1).crisis).toBeCloseTo(0.5, 15);
  });

  test('change continuously: nowhere faster than 16 per unit of a feature', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fraction,
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1e-3, noNaN: true }),
        (volatility, trendClarity, normalizedVolume, step) => {
          const here = regimeMemberships({ volatility, trendClarity, normalizedVolume });
          const near = regimeMemberships({
            volatility: volatility + step,
            trendClarity: Math.min(1, trendClarity + step),
            normalizedVolume: normalizedVolume + step,
          });
          // Stress moves by at most 1.25 + 0.5 times the step, the steepest boundary by 5 per unit
          // of it, the other two by 2.5 and 2.9.
          expect(largestDifference(here, near)).toBeLessThanOrEqual(16 * step + 1e-15);
        },
      ),
    );
  });

  test('end in crisis as volatility grows, whatever the rest', () => {
    fc.assert(
      fc.property(fraction, amount, (trendClarity, normalizedVolume) => {
        // 0.75 × 1.2 is the full boundary of 0.9 even without any volume.
        for (const volatility of [1.21, 10, LARGEST]) {
          const { crisis } = named(
            regimeMemberships({ volatility, trendClarity, normalizedVolume }),
          );
          expect(crisis).toBe(1);
        }
      }),
    );
  });

  test('are stable or trending in calm, by trend clarity alone', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.16, noNaN: true }),
        fraction,
        amount,
        (volatility, trendClarity, normalizedVolume) => {
          const { stable, trending } = named(
            regimeMemberships({ volatility, trendClarity, normalizedVolume }),
          );
          expect(stable + trending).toBe(1);
          if (trendClarity >= 0.55) expect(trending).toBe(1);
          if (trendClarity <= 0.2) expect(stable).toBe(1);
        },
      ),
    );
  });

  test('rise and fall with the features in one direction', () => {
    fc.assert(
      fc.property(features, amount, fraction, (point, otherAmount, otherFraction) => {
        const rounding = 1e-15;
        const at = (change: Partial<typeof point>) =>
          named(regimeMemberships({ ...point, ...change }));
        const [calm, wild] = [point.volatility, otherAmount].sort((a, b) => a - b);
        const calmer = at({ volatility: calm });
        const wilder = at({ volatility: wild });
        expect(wilder.crisis).toBeGreaterThanOrEqual(calmer.crisis - rounding);
        expect(wilder.crisis + wilder.volatile).toBeGreaterThanOrEqual(
          calmer.crisis + calmer.volatile - rounding,
        );
        expect(wilder.stable).toBeLessThanOrEqual(calmer.stable + rounding);

        const [thin, heavy] = [point.normalizedVolume, otherAmount].sort((a, b) => a - b);
        expect(at({ normalizedVolume: heavy }).crisis).toBeGreaterThanOrEqual(
          at({ normalizedVolume: thin }).crisis - rounding,
        );

        const [blurred, clear] = [point.trendClarity, otherFraction].sort((a, b) => a - b);
        expect(at({ trendClarity: clear }).trending).toBeGreaterThanOrEqual(
          at({ trendClarity: blurred }).trending - rounding,
        );
      }),
    );
  });

  test('take the thresholds of another market', () => {
    const bitcoin = {
      trending: STOCK_INDEX_THRESHOLDS.trending,
      volatile: { start: 0.7, full: 1.1 },
      crisis: { start: 1.3, full: 2 },
    };
    const usual = { volatility: 0.6, trendClarity: 0.1, normalizedVolume: 1 };
    expect([...regimeMemberships(usual, bitcoin)]).toEqual([1, 0, 0, 0]);
    expect(named(regimeMemberships(usual)).volatile).toBe(0.75);
  });

  test('are a partition of unity whatever the boundaries', () => {
    const boundary = fc
      .uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 })
      .map((ends) => ({ start: Math.min(...ends), full: Math.max(...ends) }))
      .filter(({ start, full }) => start < full);
    const thresholds = fc.record({ trending: boundary, volatile: boundary, crisis: boundary });
    fc.assert(
      fc.property(features, thresholds, (point, given) => {
        const memberships = regimeMemberships(point, given);
        for (const membership of memberships) expect(membership).toBeGreaterThanOrEqual(0);
        expect(Math.abs(sum(memberships) - 1)).toBeLessThanOrEqual(Number.EPSILON);
      }),
    );
  });

  test('are not negative one rounding beyond where volatile and crisis begin together', () => {
    const memberships = regimeMemberships(
      { volatility: 0.25 + Number.EPSILON / 2, trendClarity: 0.0096, normalizedVolume: 1 },
      {
        trending: { start: 0, full: 1 },
        volatile: { start: 0.25, full: 1 },
        crisis: { start: 0.25, full: 4 },
      },
    );
    expect(memberships[3]).toBe(0);
    expect(sum(memberships)).toBe(1 + Number.EPSILON);
  });

  test('are refused for features that are none and boundaries without width', () => {
    const good = { volatility: 0.2, trendClarity: 0.5, normalizedVolume: 1 };
    for (const name of ['volatility', 'trendClarity', 'normalizedVolume'] as const) {
      for (const bad of [NaN, Infinity, -Infinity, -Number.MIN_VALUE, -1, undefined]) {
        const point = { ...good, [name]: bad };
        expect(
          codeOf(() => regimeMemberships(point)),
          `${name} ${bad}`,
        ).toBe('INVALID_FEATURE');
      }
    }
    const tooClear = { ...good, trendClarity: 1 + Number.EPSILON };
    expect(codeOf(() => regimeMemberships(tooClear))).toBe('INVALID_FEATURE');
    for (const crisis of [
      { start: 0.5, full: 0.5 },
      { start: 0.9, full: 0.5 },
      { start: -0.1, full: 0.5 },
      { start: NaN, full: 0.5 },
      { start: 0.5, full: Infinity },
    ]) {
      const code = codeOf(() => regimeMemberships(good, { ...STOCK_INDEX_THRESHOLDS, crisis }));
      expect(code).toBe('INVALID_OPTION');
    }
  });
});

describe('the trending boundary', () => {
  test('leaves a random walk of 20 steps below the start on average, one in twenty beyond', () => {
    const random = mulberry32(20);
    const walks = 20_000;
    let mean = 0;
    let beyond = 0;
    for (let walk = 0; walk < walks; walk += 1) {
      const path = [0];
      for (let step = 0; step < 20; step += 1) {
        // The sum of twelve uniforms is normal enough, with variance 1.
        let increment = -6;
        for (let k = 0; k < 12; k += 1) increment += random.next();
        path.push(path[step] + increment);
      }
      const ratio = efficiencyRatio(path);
      mean += ratio / walks;
      beyond += ratio >= STOCK_INDEX_THRESHOLDS.trending.full ? 1 / walks : 0;
    }
    // Standard errors 0.0012 and 0.0015; 1/√20 = 0.2236 holds for the ratio of the means.
    expect(mean).toBeGreaterThan(0.215);
    expect(mean).toBeLessThan(0.235);
    expect(beyond).toBeGreaterThan(0.04);
    expect(beyond).toBeLessThan(0.06);
  });
});

describe('regimeAmplitudes', () => {
  test('show each regime with its membership as the Born probability', () => {
    fc.assert(
      fc.property(features, (point) => {
        const memberships = regimeMemberships(point);
        using state = StateVector.from(regimeAmplitudes(memberships));
        expect(largestDifference(probabilities(state), memberships)).toBeLessThan(1e-15);
      }),
    );
  });

  test('are refused for what is no distribution over the four regimes', () => {
    for (const bad of [
      [NaN, 1, 0, 0],
      [0.5, 0.5, 0.5, -0.5],
      [0.5, 0.5, 0.1, 0],
      [0, 0, 0, 0],
    ]) {
      expect(codeOf(() => regimeAmplitudes(bad))).toBe('INVALID_MEMBERSHIPS');
    }
    expect(codeOf(() => regimeAmplitudes([]))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => regimeAmplitudes([1, 0, 0]))).toBe('LENGTH_MISMATCH');
    expect(REGIMES).toEqual(['stable', 'trending', 'volatile', 'crisis']);
  });
});

describe('the thresholds of another market', () => {
  test('give it the memberships of a stock index at the same multiple of its volatility', () => {
    for (const multiple of [0.3, 1, 1.7, 3, 5]) {
      const features = { trendClarity: 0.4, normalizedVolume: 1.3 };
      const stocks = regimeMemberships({ ...features, volatility: 0.2 * multiple });
      const bitcoin = regimeMemberships(
        { ...features, volatility: 0.6 * multiple },
        thresholdsFor(0.6),
      );
      expect(largestDifference(stocks, bitcoin)).toBeLessThan(1e-14);
    }
    for (const bad of [0, -1, NaN, Infinity]) {
      expect(codeOf(() => thresholdsFor(bad))).toBe('INVALID_OPTION');
    }
  });
});
