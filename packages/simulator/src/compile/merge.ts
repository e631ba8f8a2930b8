import { isFixed, type Linear, plus } from './linear.ts';
import { type Step, touchedQubits } from './step.ts';

/** Fixed angles this near to a multiple of the period do nothing: rounding alone is as large. */
const NOTHING = 1e-14;

/** Whether e^(i·angle) is 1 whatever the parameters. */
export function isWholeTurn(angle: Linear): boolean {
  if (!isFixed(angle)) return false;
  const turns = angle.constant / (2 * Math.PI);
  return Math.abs(turns - Math.round(turns)) < NOTHING;
}

function isNoRotation(angle: Linear): boolean {
  return isFixed(angle) && Math.abs(angle.constant) < NOTHING;
}

/**
 * Adds up rotations of one qubit that have nothing of that qubit between them, cancels equal flips,
 * and drops what does nothing.
 */
export function merge(steps: readonly Step[]): Step[] {
  const merged: (Step | undefined)[] = [];
  /** Per qubit, where in `merged` the last step that touches it is. */
  const last = new Int32Array(32).fill(-1);
  for (const step of steps) {
    const place = lastOf(touchedQubits(step), last);
    const before = place < 0 ? undefined : merged[place];
    const combined = before === undefined ? undefined : combine(before, step);
    if (combined === undefined) {
      if (isNothing(step)) continue;
      setLast(touchedQubits(step), last, merged.push(step) - 1);
    } else {
      merged[place] = combined === 'nothing' || isNothing(combined) ? undefined : combined;
    }
  }
  return merged.filter((step) => step !== undefined);
}

/** The place of the step that touched all of these qubits last, or −1 when they differ. */
function lastOf(mask: number, last: Int32Array): number {
  let place = -2;
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const at = last[31 - Math.clz32(rest & -rest)];
    if (place !== -2 && at !== place) return -1;
    place = at;
  }
  return place === -2 ? -1 : place;
}

function setLast(mask: number, last: Int32Array, place: number): void {
  for (let rest = mask; rest !== 0; rest &= rest - 1) last[31 - Math.clz32(rest & -rest)] = place;
}

function combine(a: Step, b: Step): Step | 'nothing' | undefined {
  if (a.kind === 'rotation' && b.kind === 'rotation' && a.target === b.target) {
    return { ...a, angle: plus(a.angle, b.angle) };
  }
  if (a.kind === 'phase' && b.kind === 'phase' && a.mask === b.mask) {
    return { ...a, angle: plus(a.angle, b.angle) };
  }
  const isInverse =
    a.kind === 'flip' && b.kind === 'flip' && a.target === b.target && a.control === b.control;
  return isInverse ? 'nothing' : undefined;
}

function isNothing(step: Step): boolean {
  if (step.kind === 'rotation') return isNoRotation(step.angle);
  return step.kind === 'phase' && isWholeTurn(step.angle);
}
