import type { Angle } from '../angle.ts';
import { atan2 } from '../elementary.ts';
import type { Operation } from '../operation.ts';
import { type Phase, phaseOf, sum } from './phase.ts';
import type { StepList } from './step-list.ts';

type Multiplexed = Extract<Operation, { readonly kind: 'multiplexed' }>;

/** A multiplexed rotation: 2^k rotations about z and as many CX between changes of basis. */
export function lowerMultiplexed(
  { axis, angles, controls, target }: Multiplexed,
  steps: StepList,
): void {
  if (axis === 'y') steps.turn(-2, target);
  if (axis !== 'z') steps.h(target);
  multiplexedZ(angles, controls, target, steps);
  if (axis !== 'z') steps.h(target);
  if (axis === 'y') steps.turn(2, target);
}

/**
 * A diagonal of phases: where the last qubit is 1 and where it is 0 differ by a multiplexed
 * rotation, and their mean is a diagonal on the other qubits.
 *
 * @param entries - interleaved re/im.
 */
export function lowerDiagonal(
  entries: ArrayLike<number>,
  qubits: readonly number[],
  steps: StepList,
): void {
  const size = 1 << qubits.length;
  let phases = Array.from({ length: size }, (_, m) => atan2(entries[2 * m + 1], entries[2 * m]));
  for (let k = qubits.length - 1; k >= 0; k--) {
    const half = 1 << k;
    const low = phases.slice(0, half);
    const high = phases.slice(half);
    const differences = low.map((phase, m) => high[m] - phase);
    multiplexedZ(differences, qubits.slice(0, k), qubits[k], steps);
    phases = low.map((phase, m) => (phase + high[m]) / 2);
  }
}

/** Rotations by the Walsh–Hadamard transform of the angles, the controls in the order of Gray. */
function multiplexedZ(
  angles: readonly Angle[],
  controls: readonly number[],
  target: number,
  steps: StepList,
): void {
  const count = angles.length;
  const spectrum = walshPhases(angles);
  for (let k = 0; k < count; k++) {
    steps.rz(spectrum[k ^ (k >> 1)], target);
    if (controls.length === 0) continue;
    // The control that flips next: the lowest 0 of k, or the last when the sequence closes.
    const lowest = 31 - Math.clz32(~k & (k + 1));
    steps.cx(controls[Math.min(lowest, controls.length - 1)], target);
  }
}

/** The transform, taken before angles are reduced: halves of an angle are not known modulo 2π. */
function walshPhases(angles: readonly Angle[]): Phase[] {
  const numbers = walsh(angles.map((angle) => (typeof angle === 'number' ? angle : 0)));
  const phases = numbers.map(phaseOf);
  const parameters = new Map<string, Exclude<Angle, number>>();
  for (const angle of angles) if (typeof angle !== 'number') parameters.set(angle.name, angle);
  for (const [name, parameter] of parameters) {
    const factors = walsh(
      angles.map((angle) => (typeof angle !== 'number' && angle.name === name ? angle.factor : 0)),
    );
    for (const [k, factor] of factors.entries()) {
      if (factor !== 0) phases[k] = sum(phases[k], phaseOf({ ...parameter, factor }));
    }
  }
  return phases;
}

/** result[g] = 2^−n Σ_j (−1)^popcount(j & g) values[j] */
function walsh(values: readonly number[]): number[] {
  const result = values.slice();
  for (let half = 1; half < result.length; half *= 2) {
    for (let j = 0; j < result.length; j++) {
      if ((j & half) !== 0) continue;
      const [a, b] = [result[j], result[j | half]];
      result[j] = (a + b) / 2;
      result[j | half] = (a - b) / 2;
    }
  }
  return result;
}
