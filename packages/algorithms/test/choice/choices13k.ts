import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ObservedChoice } from '../../src/choice.ts';
import type { Lottery } from '../../src/index.ts';

const folder = resolve(
  process.env['SEMA_DATA_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'choices',
);

const table = resolve(folder, 'choices13k.csv');

/** Goes into the names of tests that cannot run; empty when they can. */
export const ABSENT = existsSync(table) ? '' : ` (SKIPPED: there is no ${table})`;

type Outcomes = readonly (readonly [number, number])[];

/** A row per problem and condition: with feedback or without. */
export function choices13k(): ObservedChoice[] {
  // The file's form is [probability, payoff] pairs by row; a lottery's checks refuse another.
  const problems = JSON.parse(
    readFileSync(resolve(folder, 'choices13k-problems.json'), 'utf8'),
  ) as Readonly<Record<string, { readonly A: Outcomes; readonly B: Outcomes }>>;
  const [header, ...lines] = readFileSync(table, 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  const [row, problem, share] = ['row', 'Problem', 'bRate'].map((name) => columns.indexOf(name));
  return lines.map((line) => {
    const cells = line.split(',');
    const { A, B } = problems[cells[row]];
    return {
      a: lottery(A),
      b: lottery(B),
      shareB: Number(cells[share]),
      group: Number(cells[problem]),
    };
  });
}

function lottery(outcomes: Outcomes): Lottery {
  const possible = outcomes.filter(([probability]) => probability > 0);
  return {
    probabilities: Float64Array.from(possible, ([probability]) => probability),
    payoffs: Float64Array.from(possible, ([, payoff]) => payoff),
  };
}
