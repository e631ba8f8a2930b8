import { mulberry32 } from '@sema/simulator';

interface Learner {
  weights(): Float64Array;
  update(losses: ArrayLike<number>): unknown;
}

/** What a sequence of losses may depend on. */
interface Situation {
  readonly round: number;
  readonly weights: Float64Array;
  readonly random: { next(): number };
}

/** Losses in [0, 1] of one round, for each expert. */
export type LossSequence = (experts: number, situation: Situation) => Float64Array;

function each(experts: number, loss: (expert: number) => number): Float64Array {
  return Float64Array.from({ length: experts }, (_, expert) => loss(expert));
}

export const SEQUENCES: readonly (readonly [string, LossSequence])[] = [
  ['alternating', (experts, { round }) => each(experts, (i) => (round + i) % 2)],
  [
    'against the heaviest expert',
    (experts, { weights }) => {
      const heaviest = weights.indexOf(Math.max(...weights));
      return each(experts, (i) => (i === heaviest ? 1 : 0));
    },
  ],
  [
    'against everyone above average',
    (experts, { weights }) => each(experts, (i) => (weights[i] > 1 / experts - 1e-12 ? 1 : 0)),
  ],
  ['random', (experts, { random }) => each(experts, () => random.next())],
  [
    'random with one better expert',
    (experts, { random }) => each(experts, (i) => (random.next() < (i === 0 ? 0.3 : 0.5) ? 1 : 0)),
  ],
  [
    'shifting',
    (experts, { round, random }) =>
      each(experts, (i) => {
        const isBest = i === Math.floor(round / 100) % experts;
        return isBest ? 0.2 * random.next() : 0.3 + 0.7 * random.next();
      }),
  ],
  ['all alike', (experts, { round }) => each(experts, () => (round % 3) / 2)],
];

/** Totals after a round: of the learner, and of each expert. */
export interface Standing {
  readonly rounds: number;
  readonly loss: number;
  readonly losses: Float64Array;
  readonly bestLoss: number;
  /** How much more the learner lost than the best expert. */
  readonly regret: number;
}

/** Plays so many rounds, and shows the standing after each of them. */
export function play(
  learner: Learner,
  [experts, rounds]: readonly [number, number],
  sequence: LossSequence,
  look: (standing: Standing) => void,
): void {
  const random = mulberry32(experts * 1000 + rounds);
  const losses = new Float64Array(experts);
  let loss = 0;
  for (let round = 0; round < rounds; round += 1) {
    const weights = learner.weights();
    const own = sequence(experts, { round, weights, random });
    own.forEach((value, i) => {
      loss += weights[i] * value;
      losses[i] += value;
    });
    learner.update(own);
    const bestLoss = Math.min(...losses);
    look({ rounds: round + 1, loss, losses, bestLoss, regret: loss - bestLoss });
  }
}
