import { arrange, type Item } from './group.ts';
import { Progress } from './progress.ts';
import type { Step } from './step.ts';

/** One walk over the whole state. */
export type Pass =
  | {
      readonly kind: 'tiles';
      /** The qubits whose amplitudes are brought together in one tile. */
      readonly active: number;
      readonly items: readonly Item[];
    }
  | { readonly kind: 'opaque'; readonly step: number };

export interface TileShape {
  readonly qubits: number;
  /** How many qubits a tile has, at most `qubits`. */
  readonly tile: number;
  /** How many of the lowest qubits every tile has, so that memory is read in whole lines. */
  readonly low: number;
  /** How many of the lowest qubits lie within a vector. */
  readonly lanes: number;
}

/** Cuts a list of steps into passes: each does as much as one choice of active qubits can. */
export function tile(steps: readonly Step[], shape: TileShape): Pass[] {
  const progress = new Progress(steps);
  const passes: Pass[] = [];
  while (progress.left > 0) {
    const active = bestActive(progress, shape);
    const items = arrange(progress, active, (1 << shape.lanes) - 1);
    passes.push(items.length > 0 ? { kind: 'tiles', active, items } : rest(progress, active));
  }
  return passes;
}

/** What no tile can do: a step to be left whole, or the phases that it waits for. */
function rest(progress: Progress, active: number): Pass {
  for (const index of progress.ready) {
    const step = progress.steps[index];
    if (step.kind !== 'opaque') continue;
    progress.do(index);
    return { kind: 'opaque', step: index };
  }
  const steps = [...progress.ready].filter((index) => progress.isPhase(index));
  if (steps.length === 0) throw new Error('a step touches more qubits than a tile can hold');
  for (const index of steps) progress.do(index);
  return { kind: 'tiles', active, items: [{ kind: 'sweep', steps }] };
}

/** The active qubits, among the windows of neighbours and the first to be met, that do the most. */
function bestActive(progress: Progress, { qubits, tile: size, low }: TileShape): number {
  const lowest = (1 << low) - 1;
  if (size === qubits) return (1 << qubits) - 1;
  let best = firstMet(progress, lowest, size, qubits);
  let most = progress.reach(best);
  const window = (1 << (size - low)) - 1;
  for (let start = low; start + size - low <= qubits; start++) {
    const active = lowest | (window << start);
    const count = progress.reach(active);
    if (count > most) [best, most] = [active, count];
  }
  return best;
}

/**
 * Grows a set of active qubits by those of the steps in order, ready ones first so that one can be
 * done, while there is room.
 */
function firstMet(progress: Progress, lowest: number, size: number, qubits: number): number {
  let active = lowest;
  let room = size - (32 - Math.clz32(lowest));
  const add = (index: number) => {
    if (room === 0 || progress.isPhase(index) || progress.isDone(index)) return;
    let count = 0;
    const missing = progress.touched[index] & ~active;
    for (let rest = missing; rest !== 0; rest &= rest - 1) count++;
    if (count > room) return;
    active |= missing;
    room -= count;
  };
  for (const index of progress.ready) add(index);
  progress.steps.forEach((_, index) => {
    add(index);
  });
  for (let qubit = qubits - 1; room > 0; qubit--) {
    if ((active >> qubit) & 1) continue;
    active |= 1 << qubit;
    room--;
  }
  return active;
}
