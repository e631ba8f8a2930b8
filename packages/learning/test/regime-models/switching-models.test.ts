import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { exp } from '@sema/simulator/elementary';
import { mulberry32 } from '@sema/simulator';
import {
  filterAutoregression,
  filterHmm,
  filterRegression,
  fitHmm,
  hamiltonFilter,
  kimSmoother,
  presentRegimes,
  QuantumRegimeFilter,
  stationaryDistribution,
} from '../../src/regime-models.ts';
import { codeOf, largestDifference, sum } from '../expert-games.ts';
import { columnOf, HAS_REGIME_DATA, seriesOf, SKIPPED } from './regime-data.ts';

const twoStates = (stay0: number, go1: number) => Float64Array.of(stay0, 1 - stay0, go1, 1 - go1);
const firstOf = (values: Float64Array) => values.filter((_, at) => at % 2 === 0);
const secondOf = (values: Float64Array) => values.filter((_, at) => at % 2 === 1);

describe.skipIf(!HAS_REGIME_DATA)(`reference likelihoods${SKIPPED}`, () => {
  test('of US output, Hamilton (1989): −181.26339, and both series of probabilities', () => {
    const data = seriesOf('hamilton_rgnp.json');
    const { regimes, chain } = filterAutoregression(data.rgnp, {
      transition: twoStates(0.754673, 0.095915),
      means: [-0.358811, 1.163516],
      lags: [0.013486, -0.057521, -0.246983, -0.212923],
      deviation: exp(-0.262658),
    });
    expect(regimes.logLikelihood).toBeCloseTo(-181.26339, 4);
    // The published series are those of growth, the second regime.
    const filtered = secondOf(presentRegimes(regimes.filtered, 32, 2));
    const smoothed = secondOf(presentRegimes(kimSmoother(regimes, chain), 32, 2));
    // Published to six digits at parameters of six digits.
    expect(largestDifference(filtered, data.hamilton_ar4_filtered)).toBeLessThan(1e-5);
    expect(largestDifference(smoothed, data.hamilton_ar4_smoothed)).toBeLessThan(1e-5);
  });

  test('of the federal funds rate with a switching mean: −508.63592, and its probabilities', () => {
    const { fedfunds } = seriesOf('markov_regression_series.json');
    const { regimes, chain } = filterRegression(fedfunds, [], {
      transition: twoStates(0.9820939, 0.0503587),
      intercepts: [3.70877, 9.556793],
      coefficients: [[], []],
      deviations: [2.107562, 2.107562],
    });
    expect(regimes.logLikelihood).toBeCloseTo(-508.63592, 4);
    const file = 'results_predict_fedfunds.csv';
    const [predicted, filtered] = [regimes.predicted, regimes.filtered].map(firstOf);
    const smoothed = firstOf(kimSmoother(regimes, chain));
    expect(largestDifference(predicted, columnOf(file, 'const_p1'))).toBeLessThan(1e-5);
    expect(largestDifference(filtered, columnOf(file, 'const_f1'))).toBeLessThan(1e-5);
    expect(largestDifference(smoothed, columnOf(file, 'const_sm1'))).toBeLessThan(1e-5);
  });

  test('of absolute weekly returns of the S&P 500 with a switching variance: −745.7977', () => {
    const { areturns } = seriesOf('markov_regression_series.json');
    const { regimes } = filterRegression(areturns.slice(1), [areturns.slice(0, -1)], {
      transition: twoStates(0.7530865, 0.6825357),
      intercepts: [0.7641424, 1.972771],
      coefficients: [[0.0790744], [0.527953]],
      deviations: [0.5895792, 1.605333],
    });
    expect(regimes.logLikelihood).toBeCloseTo(-745.7977, 3);
  });

  test('are reached by the Gaussian HMM with the same parameters, and passed by its EM', () => {
    const { fedfunds } = seriesOf('markov_regression_series.json');
    const transition = twoStates(0.9820939, 0.0503587);
    const start = {
      transition,
      initial: stationaryDistribution(transition),
      means: Float64Array.of(3.70877, 9.556793),
      deviations: Float64Array.of(2.107562, 2.107562),
    };
    expect(filterHmm(fedfunds, start).logLikelihood).toBeCloseTo(-508.63592, 4);
    const { logLikelihoods } = fitHmm(fedfunds, {
      states: 2,
      iterations: 30,
      tolerance: 1e-6,
      start,
    });
    // Each regime may now have a deviation of its own: a model that contains the one above.
    expect(logLikelihoods.at(-1)).toBeGreaterThan(-508.63);
  });
});

describe('Hamilton’s filter', () => {
  test('is Bayes’ rule: a worked example of two regimes', () => {
    const transition = twoStates(0.9, 0.2);
    const densities = Float64Array.of(Math.log(0.5), Math.log(0.1), Math.log(0.4), Math.log(0.8));
    const { filtered, predicted, logLikelihood } = hamiltonFilter(densities, {
      transition,
      initial: Float64Array.of(0.5, 0.5),
    });
    // 0.25 : 0.05, then 5/6 · 0.9 + 1/6 · 0.2 of the first regime.
    expect(filtered[0]).toBeCloseTo(5 / 6, 14);
    expect(predicted[2]).toBeCloseTo(4.7 / 6, 14);
    expect(logLikelihood).toBeCloseTo(
      Math.log(0.3) + Math.log((4.7 / 6) * 0.4 + (1.3 / 6) * 0.8),
      13,
    );
  });

  test('never looks ahead: what comes later changes nothing before it', () => {
    const random = mulberry32(2);
    const densities = Float64Array.from({ length: 60 }, () => -3 * random.next());
    const chain = { transition: twoStates(0.95, 0.1), initial: Float64Array.of(0.5, 0.5) };
    const whole = hamiltonFilter(densities, chain);
    const part = hamiltonFilter(densities.slice(0, 40), chain);
    expect(whole.filtered.slice(0, 40)).toEqual(part.filtered);
  });

  test('survives densities that would underflow, and refuses what no regime explains', () => {
    const chain = { transition: twoStates(0.9, 0.2), initial: Float64Array.of(0.5, 0.5) };
    const { filtered } = hamiltonFilter(Float64Array.of(-5000, -5001), chain);
    expect(filtered[0]).toBeCloseTo(1 / (1 + exp(-1)), 14);
    for (const bad of [NaN, Infinity]) {
      const call = () => hamiltonFilter(Float64Array.of(bad, 0), chain);
      expect(codeOf(call)).toBe('INVALID_SERIES');
    }
    const nothing = () => hamiltonFilter(Float64Array.of(-Infinity, -Infinity), chain);
    expect(codeOf(nothing)).toBe('INVALID_SERIES');
    const broken = { ...chain, transition: Float64Array.of(0.5, 0.6, 0.5, 0.5) };
    expect(codeOf(() => hamiltonFilter(Float64Array.of(0, 0), broken))).toBe('INVALID_MEMBERSHIPS');
  });
});

describe('the stationary distribution', () => {
  test('is kept by the chain', () => {
    const entry = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 9, maxLength: 9 }), (raw) => {
        const rows = [0, 3, 6].map((at) => raw.slice(at, at + 3));
        const transition = Float64Array.from(rows.flatMap((row) => row.map((x) => x / sum(row))));
        const kept = stationaryDistribution(transition);
        const next = [0, 1, 2].map((j) =>
          sum([0, 1, 2].map((i) => kept[i] * transition[3 * i + j])),
        );
        expect(largestDifference(next, kept)).toBeLessThan(1e-14);
      }),
    );
  });

  test('is refused when a regime is never left', () => {
    expect(codeOf(() => stationaryDistribution(Float64Array.of(1, 0, 0, 1)))).toBe(
      'INVALID_MEMBERSHIPS',
    );
  });
});

describe('a Gaussian HMM', () => {
  /** Calm for long, wild for short. */
  function series(seed: number, length: number): number[] {
    const random = mulberry32(seed);
    let wild = false;
    const normal = () => {
      let total = -6;
      for (let k = 0; k < 12; k += 1) total += random.next();
      return total;
    };
    return Array.from({ length }, () => {
      wild = wild ? random.next() > 0.05 : random.next() < 0.02;
      return (wild ? 3 : 1) * normal();
    });
  }

  test('finds by EM the regimes that made a series, in the order of their deviation', () => {
    const { model } = fitHmm(series(1, 4000), { states: 2, iterations: 200, tolerance: 1e-4 });
    // Standard errors are below 0.05 and 0.15 for the deviations, 0.02 for the transitions.
    expect(model.deviations[0]).toBeCloseTo(1, 0);
    expect(Math.abs(model.deviations[0] - 1)).toBeLessThan(0.1);
    expect(Math.abs(model.deviations[1] - 3)).toBeLessThan(0.4);
    expect(Math.abs(model.transition[1] - 0.02)).toBeLessThan(0.02);
    expect(Math.abs(model.transition[2] - 0.05)).toBeLessThan(0.04);
  });

  test('never loses likelihood from one step of EM to the next', () => {
    for (const states of [1, 2, 3]) {
      const { logLikelihoods } = fitHmm(series(2, 500), { states, iterations: 40, tolerance: 0 });
      for (let k = 1; k < logLikelihoods.length; k += 1) {
        // Rounding in a sum of 500 terms of size 2.
        expect(logLikelihoods[k]).toBeGreaterThan(logLikelihoods[k - 1] - 1e-9);
      }
    }
  });

  test('refuses series that cannot be fitted', () => {
    const options = { states: 2, iterations: 5, tolerance: 0 };
    for (const bad of [[], [1, 2], [1, 1, 1, 1, 1], [1, NaN, 2, 3, 4], [1, Infinity, 2, 3, 4]]) {
      expect(codeOf(() => fitHmm(bad, options))).toBe('INVALID_SERIES');
    }
    for (const bad of [{ states: 0 }, { states: 9 }, { iterations: 0 }, { tolerance: NaN }]) {
      expect(codeOf(() => fitHmm([1, 2, 3, 4], { ...options, ...bad }))).toBe('INVALID_OPTION');
    }
  });
});

describe('the quantum regime filter', () => {
  const transition = Float64Array.of(0.8, 0.15, 0.05, 0.1, 0.8, 0.1, 0.02, 0.18, 0.8);
  const initial = Float64Array.of(0.5, 0.3, 0.2);
  const densities = (() => {
    const random = mulberry32(5);
    return Array.from({ length: 50 }, () => Float64Array.from({ length: 3 }, () => random.next()));
  })();

  function filtered(coherence: number, phases: readonly number[]) {
    const filter = new QuantumRegimeFilter({
      transition,
      initial,
      phases,
      coherence,
      angle: 0.8,
    });
    const shown = densities.map((density, t) => {
      if (t > 0) filter.advance();
      filter.observe(density);
      return filter.probabilities;
    });
    return { shown, logLikelihood: filter.logLikelihood };
  }

  test('is Hamilton’s filter without the mixer, whatever the phases', () => {
    const logs = Float64Array.from(
      densities.flatMap((density) => [...density]),
      Math.log,
    );
    const twin = hamiltonFilter(logs, { transition, initial });
    for (const phases of [
      [0, 0, 0],
      [0, 1, 2],
    ]) {
      const { shown, logLikelihood } = filtered(0, phases);
      expect(logLikelihood).toBeCloseTo(twin.logLikelihood, 11);
      shown.forEach((probabilities, t) => {
        const expected = twin.filtered.subarray(3 * t, 3 * t + 3);
        expect(largestDifference(probabilities, expected)).toBeLessThan(1e-12);
      });
    }
  });

  test('feels the phases as soon as the mixer acts', () => {
    const even = filtered(0.5, [0, 0, 0]).shown[1];
    const turned = filtered(0.5, [0, 2, -2]).shown[1];
    expect(largestDifference(even, turned)).toBeGreaterThan(0.01);
    expect(sum(turned)).toBeCloseTo(1, 13);
  });

  test('refuses what is no model and an observation nobody explains', () => {
    const good = { transition, initial, phases: [0, 0, 0], coherence: 0.5, angle: 1 };
    for (const [bad, code] of [
      [{ ...good, coherence: 1.5 }, 'INVALID_OPTION'],
      [{ ...good, angle: NaN }, 'INVALID_OPTION'],
      [{ ...good, initial: Float64Array.of(0.5, 0.5, 0.5) }, 'INVALID_MEMBERSHIPS'],
      [{ ...good, phases: [0] }, 'LENGTH_MISMATCH'],
    ] as const) {
      expect(codeOf(() => new QuantumRegimeFilter(bad))).toBe(code);
    }
    const filter = new QuantumRegimeFilter(good);
    for (const bad of [
      [0, 0, 0],
      [NaN, 1, 1],
      [-1, 1, 1],
    ]) {
      expect(
        codeOf(() => {
          filter.observe(bad);
        }),
      ).toBe('INVALID_SERIES');
    }
  });
});
