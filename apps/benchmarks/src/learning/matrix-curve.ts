import { ExperienceOperator, MatrixLearner } from '@sema/learning';
import { mulberry32 } from '@sema/simulator';
import type { RegretCurve } from './regret-curves.ts';

const DIMENSION = 8;

/** Seeded operators that do not commute: losses, and a gain or cost for every pair. */
export function matrixCurve(seed: number, rounds: number): RegretCurve {
  const random = mulberry32(seed);
  const learningRate = Math.sqrt(Math.log(DIMENSION) / rounds);
  const learner = new MatrixLearner({ dimension: DIMENSION, learningRate });
  const regret = new Float64Array(rounds);
  const bound = new Float64Array(rounds);
  let suffered = 0;
  for (let round = 0; round < rounds; round++) {
    const operator = randomOperator(random);
    suffered += learner.expectedLoss(operator);
    learner.update(operator);
    regret[round] = suffered - learner.bestLoss();
    bound[round] = learningRate * (round + 1) + Math.log(DIMENSION) / learningRate;
  }
  return { name: 'experience that does not commute', regret, bound };
}

function randomOperator(random: { next(): number }): ExperienceOperator {
  const losses = Float64Array.from({ length: DIMENSION }, () => 0.8 * (random.next() - 0.5));
  const couplings = [];
  for (let i = 1; i < DIMENSION; i++) {
    for (let j = 0; j < i; j++) {
      // One pair gains throughout, so that the best state is none of the experts.
      const mean = i === 1 ? 0.05 : 0;
      couplings.push({ i, j, gain: mean + (0.8 * (random.next() - 0.5)) / DIMENSION });
    }
  }
  return new ExperienceOperator(losses, couplings);
}
