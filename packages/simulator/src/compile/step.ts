import type { Operation } from '../operation.ts';
import type { Linear } from './linear.ts';

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
      return 0;
    case 'opaque':
      return step.mask;
  }
}

export function touchedQubits(step: Step): number {
  switch (step.kind) {
    case 'flip':
      return step.target | step.control;
    case 'phase':
      return step.mask;
    default:
      return movedQubits(step);
  }
}
