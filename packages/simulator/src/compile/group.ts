import type { Progress } from './progress.ts';

/** Consecutive work on a tile. */
export type Item =
  | {
      /** Steps done one after another on vectors held in registers. */
      readonly kind: 'group';
      /** The at most three qubits, lanes aside, whose index bits tell the registers apart. */
      readonly qubits: number;
      readonly steps: readonly number[];
    }
  | {
      /** Phases, all multiplied in at once. */
      readonly kind: 'sweep';
      readonly steps: readonly number[];
    };

const MAX_QUBITS = 3;

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/**
 * Orders what can be done with these qubits active. Phases wait until a step needs them, so that
 * one sweep takes many; those that nothing here needs are left for later.
 *
 * @param lanes - the qubits within a vector, which every group has.
 */
export function arrange(progress: Progress, active: number, lanes: number): Item[] {
  const items: Item[] = [];
  for (;;) {
    const seed = firstMove(progress, active);
    if (seed !== undefined) {
      items.push(buildGroup(progress, seed, active, lanes));
      continue;
    }
    const phases = [...progress.ready].filter((index) => progress.isPhase(index));
    const isLast = phases.length === progress.left;
    if (phases.length === 0 || !(isLast || progress.reach(active) > 0)) return items;
    for (const index of phases) progress.do(index);
    items.push({ kind: 'sweep', steps: phases });
  }
}

function firstMove(progress: Progress, active: number): number | undefined {
  for (const index of progress.ready) {
    if (!progress.isPhase(index) && progress.fits(index, active)) return index;
  }
  return undefined;
}

function buildGroup(progress: Progress, seed: number, active: number, lanes: number): Item {
  const done: number[] = [];
  let qubits = progress.touched[seed] & ~lanes;
  for (;;) {
    doWithin(progress, qubits | lanes, done);
    if (doPairs(progress, qubits | lanes, done)) continue;
    const more = extension(progress, qubits, active, lanes);
    if (more === undefined) return { kind: 'group', qubits, steps: done };
    qubits = more;
  }
}

function doWithin(progress: Progress, qubits: number, done: number[]): void {
  for (;;) {
    const next = firstMove(progress, qubits);
    if (next === undefined) return;
    progress.do(next);
    done.push(next);
  }
}

/** The phases on two of these qubits that are ready. */
function readyPairs(progress: Progress, qubits: number): number[] {
  return [...progress.ready].filter(
    (index) =>
      progress.isPhase(index) &&
      progress.fits(index, qubits) &&
      countBits(progress.touched[index]) === 2,
  );
}

/** A step on these qubits that waits for nothing but some of these phases. */
function freedBy(progress: Progress, pairs: readonly number[], qubits: number): number | undefined {
  for (const pair of pairs) {
    for (const next of progress.after[pair]) {
      if (!progress.fits(next, qubits)) continue;
      const before = pairs.filter((other) => progress.after[other].includes(next));
      if (before.length === progress.waits[next]) return next;
    }
  }
  return undefined;
}

/** Does phases in registers when that alone lets another step of the group follow. */
function doPairs(progress: Progress, qubits: number, done: number[]): boolean {
  const pairs = readyPairs(progress, qubits);
  const next = freedBy(progress, pairs, qubits);
  if (next === undefined) return false;
  for (const pair of pairs) {
    if (!progress.after[pair].includes(next)) continue;
    progress.do(pair);
    done.push(pair);
  }
  return true;
}

/** The group's qubits with room made for one more step. */
function extension(
  progress: Progress,
  qubits: number,
  active: number,
  lanes: number,
): number | undefined {
  for (const index of progress.ready) {
    if (progress.isPhase(index) || !progress.fits(index, active)) continue;
    const more = qubits | (progress.touched[index] & ~lanes);
    if (countBits(more) <= MAX_QUBITS) return more;
  }
  if (countBits(qubits) === MAX_QUBITS) return undefined;
  for (let rest = active & ~qubits & ~lanes; rest !== 0;) {
    const bit = 1 << (31 - Math.clz32(rest));
    rest &= ~bit;
    const more = qubits | bit | lanes;
    if (freedBy(progress, readyPairs(progress, more), more) !== undefined) {
      return qubits | bit;
    }
  }
  return undefined;
}
