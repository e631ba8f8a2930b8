import { QarError } from '../errors.ts';
import { checkCount } from './sample-checks.ts';

/** Rows [from, to). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Rows to learn on and rows to be judged on, each in order and without a row in both. */
export interface Split {
  readonly train: readonly RowRange[];
  readonly test: readonly RowRange[];
}

export interface WalkForwardOptions {
  /** Rows to learn on; the least there are when expanding. */
  readonly train: number;
  readonly test: number;
  /**
   * Rows left out between the two: as many as a label reaches ahead, and as many again as what is
   * learned from depends on. An embargo would drop rows after a test, where this never trains.
   */
  readonly gap: number;
  /** Whether training begins at the first row throughout, rather than rolling on. */
  readonly expanding: boolean;
}

export interface CombinatorialOptions {
  /** Groups of neighbouring rows, in [2, 24]. */
  readonly groups: number;
  /** Of which so many are tested at a time, in [1, groups). */
  readonly testGroups: number;
  /** Rows dropped on either side of a test: as many as a label reaches ahead. */
  readonly purge: number;
  /** Rows dropped after a test besides. */
  readonly embargo: number;
}

export interface CombinatorialSplits {
  readonly groups: readonly RowRange[];
  /** One for each choice of groups to test, in lexicographic order. */
  readonly splits: readonly (Split & { readonly tested: readonly number[] })[];
  /** Ways through the whole span: for each path and group, the split whose test it takes. */
  readonly paths: readonly (readonly number[])[];
}

const MOST_ROWS = 100_000_000;
const MOST_SPLITS = 200_000;

/**
 * Tests that follow one another, each after what it was trained on. Rows at the end that fill no
 * test are left out.
 *
 * @throws {QarError} `BAD_SAMPLE`
 */
export function walkForward(rows: number, options: WalkForwardOptions): Split[] {
  const { train, test, gap, expanding } = options;
  checkCount('rows', rows, 1, MOST_ROWS);
  checkCount('train', train, 1, MOST_ROWS);
  checkCount('test', test, 1, MOST_ROWS);
  checkCount('gap', gap, 0, MOST_ROWS);
  const first = train + gap;
  const splits: Split[] = [];
  for (let from = first; from + test <= rows; from += test) {
    const end = from - gap;
    splits.push({
      train: [{ from: expanding ? 0 : end - train, to: end }],
      test: [{ from, to: from + test }],
    });
  }
  if (splits.length > 0) return splits;
  const needed = `${train} to train on, a gap of ${gap} and ${test} to test`;
  throw new QarError('BAD_SAMPLE', `${rows} rows are fewer than ${needed}`);
}

/**
 * Every choice of `testGroups` among the groups of rows, with what remains to train on, and how the
 * tests join to whole paths: C(N − 1, k − 1) of them.
 *
 * @throws {QarError} `BAD_SAMPLE`
 * @see López de Prado (2018), Advances in financial machine learning, chapter 12.
 */
export function combinatorialSplits(
  rows: number,
  options: CombinatorialOptions,
): CombinatorialSplits {
  const { groups: count, testGroups, purge, embargo } = options;
  checkCount('groups', count, 2, 24);
  checkCount('testGroups', testGroups, 1, count - 1);
  checkCount('rows', rows, count, MOST_ROWS);
  checkCount('purge', purge, 0, MOST_ROWS);
  checkCount('embargo', embargo, 0, MOST_ROWS);
  const groups = evenGroups(rows, count);
  const splits = combinations(count, testGroups).map((tested) => {
    const test = joined(tested.map((group) => groups[group]));
    return { tested, test, train: remaining(rows, test, purge, purge + embargo) };
  });
  const paths: number[][] = [];
  for (let group = 0; group < count; group++) {
    let path = 0;
    splits.forEach(({ tested }, split) => {
      if (!tested.includes(group)) return;
      (paths[path] ??= [])[group] = split;
      path++;
    });
  }
  return { groups, splits, paths };
}

/** Neighbouring groups of `rows` that differ by one row at most, the longer ones first. */
export function evenGroups(rows: number, count: number): RowRange[] {
  const least = Math.floor(rows / count);
  const longer = rows % count;
  return Array.from({ length: count }, (_, k) => {
    const from = k * least + Math.min(k, longer);
    return { from, to: from + least + (k < longer ? 1 : 0) };
  });
}

/** Every choice of k of 0 … n − 1, each ascending, in lexicographic order. */
export function combinations(n: number, k: number): number[][] {
  const choices: number[][] = [];
  const choice = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    if (choices.length === MOST_SPLITS) {
      throw new QarError('BAD_SAMPLE', `${k} of ${n} has over ${MOST_SPLITS} choices`);
    }
    choices.push([...choice]);
    let i = k - 1;
    while (i >= 0 && choice[i] === n - k + i) i--;
    if (i < 0) return choices;
    choice[i]++;
    for (let j = i + 1; j < k; j++) choice[j] = choice[j - 1] + 1;
  }
}

function joined(ranges: readonly RowRange[]): RowRange[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of ranges) {
    const last = result.at(-1);
    if (last?.to === from) last.to = to;
    else result.push({ from, to });
  }
  return result;
}

/** The rows outside the tests, less so many before each and after each. */
function remaining(
  rows: number,
  test: readonly RowRange[],
  before: number,
  after: number,
): RowRange[] {
  const result: RowRange[] = [];
  let from = 0;
  for (const range of test) {
    if (range.from - before > from) result.push({ from, to: range.from - before });
    from = range.to + after;
  }
  if (from < rows) result.push({ from, to: rows });
  return result;
}
