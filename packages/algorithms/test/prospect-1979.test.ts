import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { prospectValue, TVERSKY_KAHNEMAN_1992 } from '../src/index.ts';

/**
 * A choice problem of Kahneman & Tversky (1979): [payoff, probability] pairs, and how many chose A.
 */
interface ChoiceProblem {
  readonly problem: string;
  readonly A: readonly (readonly [number, number])[];
  readonly B: readonly (readonly [number, number])[];
  readonly percentA: number;
}

const folder =
  process.env['SEMA_DATA_DIR'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = join(folder, 'choices', 'kt1979_choice_problems.json');
const absent = existsSync(file) ? '' : ` (SKIPPED: there is no ${file})`;

function value(outcomes: ChoiceProblem['A']): number {
  const probabilities = Float64Array.from(outcomes, ([, probability]) => probability);
  const payoffs = Float64Array.from(outcomes, ([payoff]) => payoff);
  return prospectValue({ probabilities, payoffs }, TVERSKY_KAHNEMAN_1992);
}

test.skipIf(absent !== '')(
  `of the 1979 problems the 1992 medians miss exactly 7, 7′, 13 and 13′${absent}`,
  () => {
    // The file's form is written down in ChoiceProblem; a wrong one fails the expectations.
    const problems = JSON.parse(readFileSync(file, 'utf8')) as readonly ChoiceProblem[];
    expect(problems).toHaveLength(14);
    const missed = problems.filter(({ A, B, percentA }) => value(A) > value(B) !== percentA > 50);
    expect(missed.map(({ problem }) => problem)).toEqual(['7', "7'", '13', "13'"]);
  },
);
