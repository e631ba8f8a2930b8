import { isZero, negated, type Phase, sum, ZERO } from './phase.ts';
import { Parities } from './parities.ts';
import type { Step } from './step.ts';

/**
 * Merges rotations about z that turn the same parity of the same variables: each into the first
 * of them, wherever it stands. A variable is the value of a qubit at the start or after an H; CX
 * adds values, X complements one. Cost: one parity per step.
 *
 * @see Amy, Maslov & Mosca (2014), arXiv:1303.2042; Nam et al. (2018), §4.4
 */
export function foldPhases(steps: readonly Step[], qubits: number): Step[] {
  const found = new Map<string, { phase: Phase; first: number; flipped: boolean }>();
  const parities = new Parities(qubits);
  for (const [position, step] of steps.entries()) {
    if (step.kind !== 'rz') {
      parities.follow(step);
      continue;
    }
    const { key, flipped } = parities.of(step.qubit);
    const known = found.get(key) ?? { phase: ZERO, first: position, flipped };
    // e^(iθ(1−p)) is e^(−iθp) up to a global phase.
    const phase = flipped === known.flipped ? step.phase : negated(step.phase);
    found.set(key, { ...known, phase: sum(known.phase, phase) });
  }
  const merged = new Map<number, Phase>();
  for (const { phase, first } of found.values()) merged.set(first, phase);
  return steps.flatMap((step, position): Step[] => {
    if (step.kind !== 'rz') return [step];
    const phase = merged.get(position);
    if (phase === undefined || isZero(phase)) return [];
    return [{ kind: 'rz', qubit: step.qubit, phase }];
  });
}
