import type { BenchDocument } from '../document.ts';
import { meets, type Row, type Target } from '../harness.ts';
import { GOALS, TARGETS, targetOf, type Goal, type TargetName } from '../targets.ts';

/** A row that shows a goal, and the suite that made it. */
export interface Shown {
  readonly suite: string;
  readonly row: Row;
  readonly target: Target;
  /** How many times better than its bound: 1 just meets it; undefined where the bound is zero. */
  readonly margin: number | undefined;
}

export interface GoalResult {
  readonly goal: Goal;
  readonly target: TargetName;
  /** From the worst to the best; none where nothing measured it. */
  readonly shown: readonly Shown[];
  /** Whether every row met it; null where there is none. */
  readonly met: boolean | null;
}

/** What a document shows of every goal, in the order of the targets. */
export function goalResults({ suites }: BenchDocument): GoalResult[] {
  // Object.keys forgets what the keys are.
  const goals = Object.keys(GOALS) as Goal[];
  return goals.map((goal) => {
    const shown = suites
      .flatMap(({ name, rows }) =>
        rows.filter((row) => row.goal === goal).flatMap((row) => shownBy(name, row)),
      )
      .sort((a, b) => rank(a) - rank(b));
    const met =
      shown.length === 0 ? null : shown.every(({ row, target }) => meets(row.value, target));
    return { goal, target: targetOf(goal), shown, met };
  });
}

/** Targets of which not one row was measured. */
export function targetsWithoutRows(results: readonly GoalResult[]): TargetName[] {
  const seen = new Set(results.filter(({ met }) => met !== null).map(({ target }) => target));
  return (Object.keys(TARGETS) as TargetName[]).filter((name) => !seen.has(name));
}

function shownBy(suite: string, row: Row): Shown[] {
  const { target } = row;
  return target === null ? [] : [{ suite, row, target, margin: marginOf(row.value, target) }];
}

function marginOf(value: number, target: Target): number | undefined {
  if ('atLeast' in target) return value / target.atLeast;
  return target.atMost === 0 ? undefined : target.atMost / value;
}

/** A missed one comes first, whatever its margin. */
function rank({ row, target, margin }: Shown): number {
  return meets(row.value, target) ? (margin ?? Infinity) : Math.min(margin ?? 0, 0.999_999);
}
