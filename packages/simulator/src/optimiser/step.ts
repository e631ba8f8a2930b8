import type { Phase } from './phase.ts';

/**
 * The gates that passes work on, exact up to a global phase: any unitary circuit becomes these.
 * `rz` is diag(1, e^(i·phase)).
 */
export type Step =
  | { readonly kind: 'h' | 'x'; readonly qubit: number }
  | {
      readonly kind: 'rz';
      readonly qubit: number;
      readonly phase: Phase;
      /** Which doubly controlled Z it is of: all of one block may be negated together. */
      readonly block?: number;
    }
  | { readonly kind: 'cx'; readonly control: number; readonly target: number };

export function qubitsOf(step: Step): readonly number[] {
  return step.kind === 'cx' ? [step.control, step.target] : [step.qubit];
}
