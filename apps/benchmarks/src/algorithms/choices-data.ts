import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import type { Lottery } from '@sema/algorithms';
import type { ObservedChoice } from '@sema/algorithms/choice';

export const CHOICES_FOLDER = resolve(
  process.env['SEMA_DATA_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'choices',
);

export function hasChoiceData(): boolean {
  return existsSync(CHOICES_FOLDER);
}

/** What people chose, and how much of the spread is that few were asked. */
export interface PolledChoice extends ObservedChoice {
  /** Variance of the share, from the spread between people. */
  readonly samplingVariance: number;
}

type Pairs = readonly (readonly [number, number])[];

/** A row per problem and condition, with feedback or without. */
export function choices13k(): PolledChoice[] {
  // The file's form is [probability, payoff] pairs by row; a lottery's checks refuse another.
  const problems = JSON.parse(read('choices13k-problems.json')) as Readonly<
    Record<string, { readonly A: Pairs; readonly B: Pairs }>
  >;
  const [header, ...lines] = read('choices13k.csv').trim().split(/\r?\n/);
  const columns = header.split(',');
  const names = ['row', 'Problem', 'bRate', 'bRate_std', 'n'];
  const [row, problem, share, deviation, people] = names.map((name) => columns.indexOf(name));
  return lines.map((line) => {
    const cells = line.split(',');
    const { A, B } = problems[cells[row]];
    return {
      a: lottery(A),
      b: lottery(B),
      shareB: Number(cells[share]),
      group: Number(cells[problem]),
      samplingVariance: Number(cells[deviation]) ** 2 / Number(cells[people]),
    };
  });
}

/** The 14 problems of Kahneman & Tversky (1979). */
export function choices1979(): ObservedChoice[] {
  // The file's form is [payoff, probability] pairs; a lottery's checks refuse another.
  const problems = JSON.parse(read('kt1979_choice_problems.json')) as readonly {
    readonly A: Pairs;
    readonly B: Pairs;
    readonly percentA: number;
  }[];
  const turned = (pairs: Pairs): Pairs =>
    pairs.map(([payoff, probability]) => [probability, payoff]);
  return problems.map(({ A, B, percentA }, group) => ({
    a: lottery(turned(A)),
    b: lottery(turned(B)),
    shareB: 1 - percentA / 100,
    group,
  }));
}

function lottery(outcomes: Pairs): Lottery {
  const possible = outcomes.filter(([probability]) => probability > 0);
  return {
    probabilities: Float64Array.from(possible, ([probability]) => probability),
    payoffs: Float64Array.from(possible, ([, payoff]) => payoff),
  };
}

function read(name: string): string {
  return readFileSync(resolve(CHOICES_FOLDER, name), 'utf8');
}
