import { assemble, type Plan } from './assemble.ts';
import { commutePhases, renameSwaps } from './commute.ts';
import { isReal } from './entries.ts';
import { merge } from './merge.ts';
import type { Numbers } from './precision.ts';
import { formOf } from './rotation.ts';
import { isVariable, type Step } from './step.ts';
import { tile } from './tile.ts';

/** Tiles of this many qubits fit the second-level cache: 128 KiB. */
const TILE_QUBITS = { f64: 13, f32: 14 } as const;

/** Whole lines of memory: 128 bytes. */
const LOW_QUBITS = { f64: 4, f32: 5 } as const;

/** The most qubits that a step other than a phase touches: a tile must be able to hold them. */
const STEP_QUBITS = 3;

/** The passes before tiling: they change the list of steps and not what it does. */
export function simplify(steps: readonly Step[]): Step[] {
  return merge(commutePhases(merge(renameSwaps(steps))));
}

/**
 * @param tileQubits - how many qubits a tile has, at least 7; what suits most machines if absent.
 */
export function planSteps(
  steps: readonly Step[],
  qubits: number,
  numbers: Numbers,
  tileQubits?: number,
): Plan {
  const { precision, laneBits: lanes } = numbers;
  const low = LOW_QUBITS[precision];
  const size = Math.min(Math.max(tileQubits ?? TILE_QUBITS[precision], low + STEP_QUBITS), qubits);
  const passes = tile(steps, { qubits, tile: size, low, lanes });
  return assemble(steps, passes, qubits, numbers);
}

/** A text equal for lists of steps that lead to the same plan. */
export function structureOf(steps: readonly Step[]): string {
  return steps
    .map((step) => {
      switch (step.kind) {
        case 'rotation':
          return `r${step.target}${formOf(step.angle)}`;
        case 'phase':
          return `${isVariable(step) ? 'v' : 'p'}${step.mask}`;
        case 'flip':
          return `x${step.target},${step.control}`;
        case 'swap':
          return `s${step.first},${step.second}`;
        case 'matrix':
          return `${isReal(step.matrix) ? 'm' : 'c'}${step.mask}`;
        case 'table':
          return `${isVariable(step) ? 'w' : 't'}${step.mask}`;
        case 'opaque':
          return `o${step.mask}`;
      }
    })
    .join(';');
}
