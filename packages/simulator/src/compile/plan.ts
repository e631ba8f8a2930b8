import { assemble, type Plan } from './assemble.ts';
import { commutePhases, renameSwaps } from './commute.ts';
import { isReal } from './entries.ts';
import { merge } from './merge.ts';
import type { Numbers, Precision } from './precision.ts';
import { formOf } from './rotation.ts';
import { isVariable, type Step } from './step.ts';
import { tile } from './tile.ts';

/** The largest tiles, 512 KiB: half of a second-level cache of 1 MiB. */
const TILE_QUBITS = { f64: 15, f32: 16 } as const;
/** Smaller states have smaller tiles, so that there are 2^4 of them to share among threads, … */
const SHARED_QUBITS = 4;
/** … but none smaller than these, 128 KiB: every pass has its price. */
const LEAST_TILE_QUBITS = { f64: 13, f32: 14 } as const;

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
  const wanted = tileQubits ?? tileQubitsFor(qubits, precision);
  const size = Math.min(Math.max(wanted, low + STEP_QUBITS), qubits);
  const passes = tile(steps, { qubits, tile: size, low, lanes });
  return assemble(steps, passes, qubits, numbers);
}

/** Whatever the number of threads: the bits of results must not depend on it. */
function tileQubitsFor(qubits: number, precision: Precision): number {
  const shared = Math.max(qubits - SHARED_QUBITS, LEAST_TILE_QUBITS[precision]);
  return Math.min(TILE_QUBITS[precision], shared);
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
