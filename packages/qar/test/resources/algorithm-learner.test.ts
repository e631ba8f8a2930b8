import { Hedge } from '@sema/algorithms';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AlgorithmLearner } from '../../src/resources/algorithm-learner.ts';

const YEAR = 252;

const round = fc.record({
  forecasts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
  wentUp: fc.boolean(),
});
const rounds = fc.array(round, { maxLength: 60 });

test('weights are those of Hedge under Brier losses, with 1/252 shared after each round', () => {
  fc.assert(
    fc.property(rounds, (all) => {
      const learner = AlgorithmLearner.create(YEAR);
      const learningRate = Math.sqrt((8 * Math.log(3)) / YEAR);
      let expected = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
      for (const { forecasts, wentUp } of all) {
        learner.learn(forecasts, wentUp);
        const hedge = new Hedge({ experts: 3, learningRate });
        hedge.update(forecasts.map((p) => (p - Number(wentUp)) ** 2));
        const moved = hedge.weights().map((w, i) => 3 * w * expected[i]);
        const sum = moved.reduce((total, w) => total + w, 0);
        expected = moved.map((w) => (1 - 1 / YEAR) * (w / sum) + 1 / YEAR / 3);
      }
      learner.weights.forEach((weight, i) => {
        expect(weight).toBeCloseTo(expected[i], 12);
      });
    }),
  );
});

test('trusts the one whose word is good, and forgives in time', () => {
  const learner = AlgorithmLearner.create(YEAR);
  for (let k = 0; k < 200; k++) learner.learn([0.9, 0.1, 0.5], true);
  const [good, bad, neutral] = learner.weights;
  expect(good).toBeGreaterThan(0.95);
  expect(neutral).toBeGreaterThan(bad);
  for (let k = 0; k < 200; k++) learner.learn([0.1, 0.9, 0.5], true);
  expect(learner.weights[1]).toBeGreaterThan(0.95);
});

test('goes on from a snapshot bit for bit', () => {
  fc.assert(
    fc.property(rounds, rounds, (before, after) => {
      const whole = AlgorithmLearner.create(YEAR);
      for (const { forecasts, wentUp } of before) whole.learn(forecasts, wentUp);
      const restored = AlgorithmLearner.restore(whole.snapshot(), YEAR);
      for (const { forecasts, wentUp } of after) {
        whole.learn(forecasts, wentUp);
        restored.learn(forecasts, wentUp);
      }
      expect(restored.snapshot()).toEqual(whole.snapshot());
    }),
    { numRuns: 20 },
  );
});

test('what is no probability teaches nothing, and another learner is not restored', () => {
  const learner = AlgorithmLearner.create(YEAR);
  const before = learner.snapshot();
  for (const bad of [NaN, Infinity, -0.5, 2.5]) {
    expect(() => {
      learner.learn([0.5, bad, 0.5], true);
    }).toThrow(expect.objectContaining({ code: 'INVALID_LOSS' }));
  }
  expect(learner.snapshot()).toEqual(before);
  const refused = expect.objectContaining({ code: 'INVALID_SNAPSHOT' }) as Error;
  expect(() => AlgorithmLearner.restore(before, YEAR + 1)).toThrow(refused);
  expect(() => AlgorithmLearner.restore({ ...before, experts: 4 }, YEAR)).toThrow(refused);
});
