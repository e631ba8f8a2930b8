import type { Item } from './group.ts';
import type { Precision } from './precision.ts';
import { FIXED_BITS, formOf, MOST_BITS } from './rotation.ts';
import type { Step } from './step.ts';

type Group = Extract<Item, { kind: 'group' }>;

/** A group, and the rotations whose left-out factors are made good at its end. */
export interface ScaledGroup extends Group {
  readonly scales: readonly number[];
}

export interface ScaledItems {
  readonly items: readonly (ScaledGroup | Exclude<Item, Group>)[];
  /** The rotations whose factors are left to be made good after all items. */
  readonly left: readonly number[];
}

/**
 * Lets groups make good the factors that rotations before their end leave out, wherever amplitudes
 * would otherwise grow beyond a safe range. Groups with too many rotations are cut.
 */
export function scaleGroups(
  items: readonly Item[],
  all: readonly Step[],
  precision: Precision,
): ScaledItems {
  const most = Math.floor(MOST_BITS[precision] / FIXED_BITS);
  const result: ScaledItems['items'][number][] = [];
  let left: number[] = [];
  let last: { scales: readonly number[] } | undefined;
  for (const item of items) {
    if (item.kind !== 'group') {
      result.push(item);
      continue;
    }
    for (const { steps, leaving } of cut(item.steps, all, most)) {
      if (last !== undefined && left.length + leaving.length > most) {
        last.scales = left;
        left = [];
      }
      const group = { ...item, steps, scales: [] };
      result.push(group);
      last = group;
      left.push(...leaving);
    }
  }
  return { items: result, left };
}

/** Runs of steps in which at most so many rotations leave a factor out, and which these are. */
function cut(
  steps: readonly number[],
  all: readonly Step[],
  most: number,
): { steps: number[]; leaving: number[] }[] {
  let run = { steps: [] as number[], leaving: [] as number[] };
  const runs = [run];
  for (const index of steps) {
    const step = all[index];
    const isLeaving = step.kind === 'rotation' && formOf(step.angle) !== 'full';
    if (isLeaving && run.leaving.length === most) {
      run = { steps: [], leaving: [] };
      runs.push(run);
    }
    run.steps.push(index);
    if (isLeaving) run.leaving.push(index);
  }
  return runs;
}
