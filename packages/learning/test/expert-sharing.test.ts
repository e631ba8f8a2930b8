import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { log } from '@sema/simulator/elementary';
import { ExpertLearner } from '../src/index.ts';
import { allAwake, codeOf, dot, largestDifference } from './expert-games.ts';

describe('an ExpertLearner that shares', () => {
  const rounds = 1200;
  const share = 5 / (rounds - 1);
  const rate = 0.3;

  function play(seed: number, part: number): number {
    const random = mulberry32(seed);
    const learner = new ExpertLearner({ experts: 20, learningRate: rate });
    let regret = 0;
    let bound = log(20) / rate;
    for (let t = 0; t < rounds; t += 1) {
      const best = Math.floor(t / 200) * 3;
      const losses = Array.from({ length: 20 }, (_, e) => random.next() * (e === best ? 0.5 : 1));
      regret += dot(learner.weights, losses) - losses[best];
      if (t % 200 === 0 && t > 0) bound += log(20 / share) / rate;
      bound += rate / 8 - log(1 - share) / rate;
      learner.update(losses, allAwake(20), part);
      if (part > 0) expect(regret, `seed ${seed}, round ${t}`).toBeLessThan(bound);
    }
    return regret;
  }

  test('follows six experts in turn within its bound, and plain Hedge loses more', () => {
    for (let seed = 0; seed < 10; seed += 1) expect(play(seed, share)).toBeLessThan(play(seed, 0));
  });

  test('gives each expert its equal part of what is shared', () => {
    const learner = new ExpertLearner({ experts: 3, learningRate: 1 });
    learner.update([0, 1, 1], allAwake(3));
    const before = learner.weights;
    learner.update([0.5, 0.5, 0.5], allAwake(3), 0.3);
    const expected = before.map((w) => 0.7 * w + 0.1);
    expect(largestDifference(learner.weights, expected)).toBeLessThan(1e-15);
    for (const bad of [-0.1, 0.6, NaN]) {
      const code = codeOf(() => {
        learner.update([0, 0, 0], allAwake(3), bad);
      });
      expect(code).toBe('INVALID_OPTION');
    }
  });
});
