import { type Linear, plus, times } from './linear.ts';
import { isWholeTurn } from './merge.ts';
import { movedQubits, type Step, touchedQubits } from './step.ts';

/**
 * Takes every swap out by renaming the qubits after it. What the renaming comes to stands as swaps
 * at the end.
 */
export function renameSwaps(steps: readonly Step[]): Step[] {
  /** places[q]: the mask of the qubit that now holds what is called qubit q. */
  const places = Int32Array.from({ length: 32 }, (_, qubit) => 1 << qubit);
  const renamed: Step[] = [];
  for (const step of steps) {
    if (step.kind === 'swap') {
      const [a, b] = [numberOf(step.first), numberOf(step.second)];
      [places[a], places[b]] = [places[b], places[a]];
    } else {
      renamed.push(moved(step, places));
    }
  }
  for (let qubit = 0; qubit < 32; qubit++) {
    const other = places.indexOf(1 << qubit);
    if (other === qubit) continue;
    renamed.push({ kind: 'swap', first: 1 << qubit, second: places[qubit] });
    places[other] = places[qubit];
    places[qubit] = 1 << qubit;
  }
  return renamed;
}

function numberOf(bit: number): number {
  return 31 - Math.clz32(bit);
}

function movedMask(mask: number, places: Int32Array): number {
  let result = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) result |= places[numberOf(rest & -rest)];
  return result;
}

function moved(step: Exclude<Step, { kind: 'swap' }>, places: Int32Array): Step {
  switch (step.kind) {
    case 'rotation':
      return { ...step, target: movedMask(step.target, places) };
    case 'flip': {
      const { target, control } = step;
      return { ...step, target: movedMask(target, places), control: movedMask(control, places) };
    }
    case 'phase':
      return { ...step, mask: movedMask(step.mask, places) };
    case 'matrix':
    case 'table': {
      const qubits = step.qubits.map((qubit) => numberOf(places[qubit]));
      return { ...step, qubits, mask: movedMask(step.mask, places) };
    }
    case 'opaque': {
      const to = (qubit: number) => numberOf(places[qubit]);
      const { operation } = step;
      const renamed =
        operation.kind === 'multiplexed'
          ? { ...operation, controls: operation.controls.map(to), target: to(operation.target) }
          : { ...operation, qubits: operation.qubits.map(to) };
      return { ...step, operation: renamed, mask: movedMask(step.mask, places) };
    }
  }
}

/**
 * Moves every phase as late as it commutes and adds up those on the same qubits. Through an X a
 * phase changes its sign and leaves a phase on its other qubits.
 */
export function commutePhases(steps: readonly Step[]): Step[] {
  const pending = new Map<number, Linear>();
  const result: Step[] = [];
  const emit = (mask: number) => {
    for (const [key, angle] of pending) {
      if ((key & mask) === 0 && mask !== -1) continue;
      if (!isWholeTurn(angle)) result.push({ kind: 'phase', mask: key, angle });
      pending.delete(key);
    }
  };
  const add = (mask: number, angle: Linear) => {
    const known = pending.get(mask);
    pending.set(mask, known === undefined ? angle : plus(known, angle));
  };
  for (const step of steps) {
    if (step.kind === 'phase') {
      add(step.mask, step.angle);
      continue;
    }
    if (step.kind === 'flip' && step.control === 0) {
      for (const [mask, angle] of [...pending]) {
        if ((mask & step.target) === 0) continue;
        pending.set(mask, times(angle, -1));
        add(mask & ~step.target, angle);
      }
    } else {
      emit(movedQubits(step));
    }
    result.push(step);
  }
  emit(-1);
  return result;
}

/** For each step the later steps that must wait for it: those it does not commute with. */
export function followers(steps: readonly Step[]): { after: number[][]; waits: Int32Array } {
  const after: number[][] = steps.map(() => []);
  const waits = new Int32Array(steps.length);
  const lastMove = new Int32Array(32).fill(-1);
  const sinceMove: number[][] = Array.from({ length: 32 }, () => []);
  const edge = (from: number, to: number) => {
    if (from < 0 || after[from].at(-1) === to) return;
    after[from].push(to);
    waits[to]++;
  };
  steps.forEach((step, index) => {
    const moves = movedQubits(step);
    for (let rest = touchedQubits(step); rest !== 0; rest &= rest - 1) {
      const qubit = numberOf(rest & -rest);
      if ((moves >> qubit) & 1) {
        edge(lastMove[qubit], index);
        for (const diagonal of sinceMove[qubit]) edge(diagonal, index);
        lastMove[qubit] = index;
        sinceMove[qubit] = [];
      } else {
        edge(lastMove[qubit], index);
        sinceMove[qubit].push(index);
      }
    }
  });
  return { after, waits };
}
