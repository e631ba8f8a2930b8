import { eighths, negated } from './phase.ts';
import type { Step } from './step.ts';

/** Moves every X to the end, where at most one is left on each qubit; behind an H it is a Z. */
export function pushFlips(steps: readonly Step[], qubits: number): Step[] {
  const flipped = new Array<boolean>(qubits).fill(false);
  const result: Step[] = [];
  for (const step of steps) {
    if (step.kind === 'x') {
      flipped[step.qubit] = !flipped[step.qubit];
      continue;
    }
    if (step.kind === 'rz' && flipped[step.qubit]) {
      result.push({ ...step, phase: negated(step.phase) });
      continue;
    }
    result.push(step);
    if (step.kind === 'cx' && flipped[step.control]) {
      flipped[step.target] = !flipped[step.target];
    } else if (step.kind === 'h' && flipped[step.qubit]) {
      flipped[step.qubit] = false;
      result.push({ kind: 'rz', qubit: step.qubit, phase: eighths(4) });
    }
  }
  for (const [qubit, isFlipped] of flipped.entries()) {
    if (isFlipped) result.push({ kind: 'x', qubit });
  }
  return result;
}
