import {
  AdaHedge,
  AnytimeHedge,
  ExponentiatedGradient,
  FixedShare,
  Hedge,
  NormalHedge,
  Squint,
} from '@sema/algorithms';
import { mulberry32 } from '@sema/simulator';
import { row, type Row, type SuiteOptions } from '../harness.ts';

const EXPERTS = 10;
const LOG_EXPERTS = Math.log(EXPERTS);
/** Rounds between changes of the best expert of the shifting sequence. */
const PERIOD = 200;

interface Player {
  readonly name: string;
  weights(): Float64Array;
  update(losses: ArrayLike<number>): unknown;
  /** What the regret may be after so many rounds. */
  bound(rounds: number): number;
  /** Whether the regret is to the expert that is best just then, and not to the best of all. */
  readonly tracks?: boolean;
}

/** The largest regret over its bound, on every prefix of sequences of losses. */
export function regretRows({ quick }: Pick<SuiteOptions, 'quick'>): Row[] {
  const rounds = quick ? 400 : 5000;
  return playersFor(rounds).map((make) => {
    const { name, tracks } = make();
    const sequences = tracks === true ? [shifting] : [adversarial, random, shifting];
    const ratios = sequences.map((sequence) => largestRatio(make(), sequence, rounds));
    return row({
      name: `${name}: regret / bound, the largest of all prefixes`,
      value: Math.max(...ratios),
      unit: '',
      target: { atMost: 1 },
    });
  });
}

function playersFor(rounds: number): readonly (() => Player)[] {
  const experts = EXPERTS;
  const learningRate = Math.sqrt((8 * LOG_EXPERTS) / rounds);
  const switching = 1 / PERIOD;
  return [
    () =>
      player('Hedge', new Hedge({ experts, learningRate }), {
        bound: (t) => LOG_EXPERTS / learningRate + (learningRate * t) / 8,
      }),
    () => {
      const learner = new AnytimeHedge(experts);
      const bound = (t: number) => 1.061 * Math.sqrt(t * LOG_EXPERTS);
      return player('anytime Hedge', learner, { bound });
    },
    () =>
      player('AdaHedge', new AdaHedge(experts), {
        bound: (t) => Math.sqrt(t * LOG_EXPERTS) + 2,
      }),
    () => {
      const learner = new NormalHedge(experts);
      const bound = () => Math.sqrt(2 * learner.scale * (1 + LOG_EXPERTS)) + 1e-9;
      return player('NormalHedge, by its own scale', learner, { bound });
    },
    () => {
      const learner = new Squint(experts);
      const bound = () =>
        Math.max(...Array.from({ length: experts }, (_, i) => learner.regretBound(i)));
      return player('Squint', learner, { bound });
    },
    () => {
      // Losses are their own gradients, and within 1.
      const rate = Math.sqrt((2 * LOG_EXPERTS) / rounds);
      const options = { experts, learningRate: rate, gradientBound: 1 };
      return player('exponentiated gradient', new ExponentiatedGradient(options), {
        bound: (t) => LOG_EXPERTS / rate + (rate * t) / 2,
      });
    },
    () =>
      player('fixed share, shifting', new FixedShare({ experts, learningRate: 0.3, switching }), {
        bound: (t) => {
          const changes = Math.floor((t - 1) / PERIOD);
          const code =
            LOG_EXPERTS +
            changes * Math.log((experts - 1) / switching) -
            (t - 1 - changes) * Math.log(1 - switching);
          return code / 0.3 + (0.3 * t) / 8;
        },
        tracks: true,
      }),
  ];
}

function player(
  name: string,
  learner: Pick<Player, 'weights' | 'update'>,
  rest: Pick<Player, 'bound' | 'tracks'>,
): Player {
  return {
    ...rest,
    name,
    weights: () => learner.weights(),
    update: (losses) => learner.update(losses),
  };
}

type Sequence = (round: number, weights: Float64Array, chance: () => number) => Float64Array;

function losses(loss: (expert: number) => number): Float64Array {
  return Float64Array.from({ length: EXPERTS }, (_, expert) => loss(expert));
}

const adversarial: Sequence = (_, weights) => {
  const heaviest = weights.indexOf(Math.max(...weights));
  return losses((expert) => (expert === heaviest ? 1 : 0));
};
const random: Sequence = (_, __, chance) => losses(chance);
const shifting: Sequence = (round, _, chance) =>
  losses((expert) => (expert === bestAt(round) ? 0.2 * chance() : 0.3 + 0.7 * chance()));

function bestAt(round: number): number {
  return Math.floor(round / PERIOD) % EXPERTS;
}

function largestRatio(learner: Player, sequence: Sequence, rounds: number): number {
  const source = mulberry32(EXPERTS);
  const totals = new Float64Array(EXPERTS);
  let [own, tracked, largest] = [0, 0, -Infinity];
  for (let round = 0; round < rounds; round++) {
    const weights = learner.weights();
    const now = sequence(round, weights, () => source.next());
    now.forEach((loss, expert) => {
      own += weights[expert] * loss;
      totals[expert] += loss;
    });
    tracked += now[bestAt(round)];
    learner.update(now);
    const best = learner.tracks === true ? tracked : Math.min(...totals);
    largest = Math.max(largest, (own - best) / learner.bound(round + 1));
  }
  return largest;
}
