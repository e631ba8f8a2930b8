import type { Operation } from '../operation.ts';
import { isFixed, type Linear } from './linear.ts';

/** A unitary that the compiler leaves whole. */
export type OpaqueOperation = Extract<Operation, { kind: 'unitary' | 'diagonal' | 'multiplexed' }>;

/**
 * What the compiler works on. Every gate becomes real rotations, phases and permutations, because
 * these are cheap: a rotation needs no complex arithmetic, phases commute and add up, permutations
 * rename. Qubits are given as masks of index bits.
 */
export type Step =
  | {
      /** [[cos a/2, −sin a/2], [sin a/2, cos a/2]] on the qubit of the mask: RY(a). */
      readonly kind: 'rotation';
      readonly target: number;
      readonly angle: Linear;
    }
  | {
      /** e^(i·angle) where all qubits of the mask are 1; everywhere for the mask 0. */
      readonly kind: 'phase';
      readonly mask: number;
      readonly angle: Linear;
    }
  | {
      /** X on the target where the control, if any, is 1. */
      readonly kind: 'flip';
      readonly target: number;
      readonly control: number;
    }
  | { readonly kind: 'swap'; readonly first: number; readonly second: number }
  | {
      /** A unitary on two or three qubits, row-major, interleaved, the first listed the lowest. */
      readonly kind: 'matrix';
      readonly qubits: readonly number[];
      readonly mask: number;
      readonly matrix: Float64Array;
    }
  | {
      /** A factor for each reading of the qubits: complex numbers, or the angles of phases. */
      readonly kind: 'table';
      readonly qubits: readonly number[];
      readonly mask: number;
      readonly entries: Float64Array | readonly Linear[];
    }
  | { readonly kind: 'opaque'; readonly operation: OpaqueOperation; readonly mask: number };

/** The qubits on which a step is not diagonal: the others commute with phases. */
export function movedQubits(step: Step): number {
  switch (step.kind) {
    case 'rotation':
    case 'flip':
      return step.target;
    case 'swap':
      return step.first | step.second;
    case 'phase':
    case 'table':
      return 0;
    case 'matrix':
    case 'opaque':
      return step.mask;
  }
}

export function touchedQubits(step: Step): number {
  switch (step.kind) {
    case 'flip':
      return step.target | step.control;
    case 'phase':
    case 'table':
      return step.mask;
    default:
      return movedQubits(step);
  }
}

/** Whether what a step does depends on parameters. */
export function isVariable(step: Step): boolean {
  if ('angle' in step) return !isFixed(step.angle);
  if (step.kind !== 'table' || step.entries instanceof Float64Array) return false;
  return step.entries.some((angle) => !isFixed(angle));
}
