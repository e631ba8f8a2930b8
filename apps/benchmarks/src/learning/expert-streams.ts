import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mulberry32, type RandomSource } from '@sema/simulator';

/** A game of expert advice: losses in [0, 1], which may depend on the weights that were played. */
export interface ExpertStream {
  readonly name: string;
  readonly experts: number;
  readonly rounds: number;
  /** Rounds from which the best expert is another one; none where that is not known. */
  readonly shifts: readonly { readonly from: number; readonly best: number }[];
  /** The stream of one seed. A stream without chance has one seed only. */
  readonly seeds: number;
  readonly start: (seed: number) => (round: number, weights: Float64Array) => Float64Array;
}

const DATA = resolve(
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'portfolio',
);

/** Log returns beyond this size a day are cut to it before they become losses. */
const LARGEST_LOG_RETURN = 0.25;

/** Seeded streams of all kinds; fewer seeds and rounds when quick. */
export function syntheticStreams(quick: boolean): ExpertStream[] {
  const rounds = quick ? 200 : 2000;
  const seeds = quick ? 2 : 20;
  const experts = 14;
  return [
    {
      name: 'one expert better',
      experts,
      rounds,
      seeds,
      shifts: [{ from: 0, best: 3 }],
      start: (seed) => {
        const random = mulberry32(seed);
        return () => noisy(experts, random, (e) => (e === 3 ? 0.4 : 0.5));
      },
    },
    {
      name: 'no expert better',
      experts,
      rounds,
      seeds,
      shifts: [{ from: 0, best: 0 }],
      start: (seed) => {
        const random = mulberry32(seed);
        return () => noisy(experts, random, () => 0.5);
      },
    },
    {
      name: 'two right in turn',
      experts: 2,
      rounds,
      seeds: 1,
      shifts: [{ from: 0, best: 0 }],
      start: () => (round) => Float64Array.of(round % 2, 1 - (round % 2)),
    },
    {
      name: 'the heaviest punished',
      experts,
      rounds,
      seeds: 1,
      shifts: [{ from: 0, best: 0 }],
      start: () => (_, weights) => {
        let heaviest = 0;
        weights.forEach((weight, e) => {
          if (weight > weights[heaviest]) heaviest = e;
        });
        return weights.map((_weight, e) => (e === heaviest ? 1 : 0));
      },
    },
    shiftingStream(experts, rounds, seeds),
  ];
}

/** The best expert changes eight times, each time to one drawn by the seed of the stream's name. */
function shiftingStream(experts: number, rounds: number, seeds: number): ExpertStream {
  const choice = mulberry32(77);
  const shifts = Array.from({ length: 8 }, (_, k) => ({
    from: Math.floor((k * rounds) / 8),
    best: Math.floor(choice.next() * experts),
  })).filter(({ best }, k, all) => best !== all[k - 1]?.best);
  return {
    name: 'the best expert shifts',
    experts,
    rounds,
    seeds,
    shifts,
    start: (seed) => {
      const random = mulberry32(seed);
      return (round) => {
        const best = shifts.findLast(({ from }) => from <= round)?.best;
        return noisy(experts, random, (e) => (e === best ? 0.25 : 0.55));
      };
    },
  };
}

/**
 * Stocks as experts: the loss of a day is ½ − ln(price relative)/½, cut to [0, 1].
 *
 * @returns undefined when the data are not at hand.
 */
export function portfolioStream(file: string, quick: boolean): ExpertStream | undefined {
  const path = resolve(DATA, `${file}.csv`);
  if (!existsSync(path)) return undefined;
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const days = lines.map((line) =>
    Float64Array.from(line.split(','), (cell) => {
      const loss = 0.5 - Math.log(Number(cell)) / (2 * LARGEST_LOG_RETURN);
      return Math.min(1, Math.max(0, loss));
    }),
  );
  return {
    name: `${file} stocks`,
    experts: header.split(',').length,
    rounds: quick ? 200 : days.length,
    seeds: 1,
    shifts: [],
    start: () => (round) => days[round],
  };
}

function noisy(experts: number, random: RandomSource, mean: (e: number) => number): Float64Array {
  return Float64Array.from(
    { length: experts },
    (_, e) => mean(e) + 0.6 * (random.next() - 0.5),
  ).map((loss) => Math.min(1, Math.max(0, loss)));
}
