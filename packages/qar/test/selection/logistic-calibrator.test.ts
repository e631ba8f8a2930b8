import { readFileSync } from 'node:fs';
import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { evidenceOf, LEAST_EVIDENCE, MOST_EVIDENCE } from '../../src/selection/evidence.ts';
import { LogisticCalibrator } from '../../src/selection/logistic-calibrator.ts';

const ENDLESS = { memory: 1e6, overlap: 1 };

interface Golden {
  readonly posterior: {
    readonly evidence: readonly number[];
    readonly happened: readonly number[];
    readonly intercept: number;
    readonly slope: number;
  };
}

const { posterior } = JSON.parse(
  readFileSync(new URL('vectors/reliability.json', import.meta.url), 'utf8'),
) as Golden;

/** A forecaster whose evidence has this much to do with what happens, and is known to. */
function truth(evidence: number): number {
  return 1 / (1 + Math.exp(0.4 - 0.6 * (evidence - 1)));
}

function draw(random: { next(): number }): { evidence: number; happened: boolean } {
  const evidence = -0.5 + 4 * random.next();
  return { evidence, happened: random.next() < truth(evidence) };
}

describe('evidence', () => {
  test('is the log-odds of the preference, within what is told apart', () => {
    expect(evidenceOf(0.5)).toBe(0);
    // ln 3, from its series.
    expect(evidenceOf(0.75)).toBeCloseTo(1.0986122886681098, 14);
    expect(evidenceOf(1)).toBe(MOST_EVIDENCE);
    expect(evidenceOf(1 + 1e-15)).toBe(MOST_EVIDENCE);
    expect(evidenceOf(0)).toBe(LEAST_EVIDENCE);
    expect(evidenceOf(1 / 3)).toBeGreaterThanOrEqual(LEAST_EVIDENCE);
  });
});

describe('the calibrator', () => {
  test('has no number before ten independent outcomes, and then one', () => {
    const calibrator = new LogisticCalibrator({ memory: 250, overlap: 4 });
    expect(calibrator.probability(1)).toBeUndefined();
    for (let i = 0; i < 40; i++) {
      expect(calibrator.probability(1)).toBeUndefined();
      calibrator.learn(1, true);
    }
    // Forgetting takes a little of forty quarters.
    calibrator.learn(1, true);
    expect(calibrator.probability(1)).toBeGreaterThan(0.85);
    expect(calibrator.probability(1)).toBeLessThan(0.97);
  });

  test('comes to the most probable coefficients that scikit-learn finds', () => {
    const calibrator = new LogisticCalibrator(ENDLESS);
    posterior.evidence.forEach((evidence, i) => {
      calibrator.learn(evidence, posterior.happened[i] === 1);
    });
    const [intercept, slope] = calibrator.snapshot();
    // One Newton step an outcome ends within a fifth of a standard error, 0.055 here.
    expect(Math.abs(intercept - posterior.intercept)).toBeLessThan(0.011);
    expect(Math.abs(slope - posterior.slope)).toBeLessThan(0.011);
  });

  test.each([400, 6400, 102_400])('errs by about 1/√n after n = %i outcomes', (outcomes) => {
    const random = mulberry32(7);
    let squares = 0;
    const repeats = outcomes > 10_000 ? 2 : 20;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const calibrator = new LogisticCalibrator(ENDLESS);
      for (let i = 0; i < outcomes; i++) {
        const { evidence, happened } = draw(random);
        calibrator.learn(evidence, happened);
      }
      for (let evidence = 0; evidence <= 3; evidence += 0.5) {
        squares += (Number(calibrator.probability(evidence)) - truth(evidence)) ** 2 / 7;
      }
    }
    const error = Math.sqrt((squares / repeats) * outcomes);
    // Two coefficients of variance about 4/n each give an error of about 0.7/√n in the middle.
    expect(error).toBeGreaterThan(0.2);
    expect(error).toBeLessThan(1.4);
  });

  test('its 90 % intervals hold the truth nine times in ten', () => {
    const random = mulberry32(21);
    let covered = 0;
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const calibrator = new LogisticCalibrator(ENDLESS);
      for (let i = 0; i < 300; i++) {
        const { evidence, happened } = draw(random);
        calibrator.learn(evidence, happened);
      }
      const { mean, variance } = calibrator.logOdds(1.8);
      const known = -0.4 + 0.6 * 0.8;
      if (Math.abs(mean - known) <= 1.645 * Math.sqrt(variance)) covered++;
    }
    // 270 expected, 5.2 the standard deviation, four of them: a false alarm in 15 000. The prior
    // on the slope makes the intervals a little wide, so the upper bound is the whole.
    expect(covered).toBeGreaterThan(249);
  });

  test('outcomes that share their candles do not make it surer than they warrant', () => {
    // Whether a walk is higher ten steps on, asked at every step: the truth is 1/2.
    const random = mulberry32(5);
    const overlap = 10;
    let covered = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const calibrator = new LogisticCalibrator({ memory: 1e5, overlap });
      const naive = new LogisticCalibrator(ENDLESS);
      const walk = [0];
      for (let i = 0; i < 600; i++) walk.push(walk[i] + random.next() + random.next() - 1);
      for (let i = 0; i + overlap < walk.length; i++) {
        calibrator.learn(1, walk[i + overlap] > walk[i]);
        naive.learn(1, walk[i + overlap] > walk[i]);
      }
      const { mean, variance } = calibrator.logOdds(1);
      if (Math.abs(mean) <= 1.645 * Math.sqrt(variance)) covered++;
      expect(variance).toBeGreaterThan(5 * naive.logOdds(1).variance);
    }
    // At least 90 % of 200, less four standard deviations of 4.2.
    expect(covered).toBeGreaterThan(163);
  });

  test('forgets: after a change of the market it follows the new one', () => {
    const calibrator = new LogisticCalibrator({ memory: 100, overlap: 1 });
    for (let i = 0; i < 1000; i++) calibrator.learn(1, i % 10 < 8);
    expect(calibrator.probability(1)).toBeCloseTo(0.8, 1);
    for (let i = 0; i < 500; i++) calibrator.learn(1, i % 10 < 3);
    expect(calibrator.probability(1)).toBeCloseTo(0.3, 1);
  });

  test('stays a probability whatever comes', () => {
    const calibrator = new LogisticCalibrator({ memory: 20, overlap: 1 });
    for (let i = 0; i < 5000; i++) calibrator.learn(i % 2 ? MOST_EVIDENCE : LEAST_EVIDENCE, true);
    expect(calibrator.probability(MOST_EVIDENCE)).toBeLessThan(1);
    expect(calibrator.probability(LEAST_EVIDENCE)).toBeGreaterThan(0.5);
    for (let i = 0; i < 5000; i++) calibrator.learn(MOST_EVIDENCE, false);
    expect(calibrator.probability(MOST_EVIDENCE)).toBeGreaterThan(0);
  });

  test('goes on bit for bit where it was restored, and refuses what no run leaves', () => {
    const options = { memory: 250, overlap: 3 };
    const random = mulberry32(3);
    const calibrator = new LogisticCalibrator(options);
    for (let i = 0; i < 100; i++) calibrator.learn(draw(random).evidence, random.next() < 0.5);
    const restored = LogisticCalibrator.restore(options, calibrator.snapshot());
    for (let i = 0; i < 100; i++) {
      const { evidence, happened } = draw(random);
      calibrator.learn(evidence, happened);
      restored.learn(evidence, happened);
    }
    expect(restored.snapshot()).toEqual(calibrator.snapshot());
    const bad = [undefined, [], new Float64Array(5), new Float64Array(6).fill(NaN)];
    bad.push(Float64Array.of(0, 0, 1, 2, 1, 5), Float64Array.of(0, 0, 0, 0, 0, 251));
    for (const state of bad) {
      expect(() => LogisticCalibrator.restore(options, state)).toThrow(/calibrator/);
    }
  });
});
