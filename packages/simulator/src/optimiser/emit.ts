import type { Circuit } from '../circuit.ts';
import type { GateName } from '../gates.ts';
import { anglesOf, type Phase } from './phase.ts';
import type { Step } from './step.ts';

/** Phases of even and odd multiples of π/4 that have a gate of their own. */
const NAMED: ReadonlyMap<number, GateName> = new Map([
  [1, 't'],
  [2, 's'],
  [4, 'z'],
  [6, 'sdg'],
  [7, 'tdg'],
]);

/** Adds steps as `h x z s sdg t tdg p cx`. */
export function emitNamed(steps: readonly Step[], circuit: Circuit): void {
  for (const step of steps) {
    if (step.kind === 'cx') circuit.cx(step.control, step.target);
    else if (step.kind === 'rz') emitPhase(step.phase, step.qubit, circuit);
    else circuit.gate(step.kind, [step.qubit]);
  }
}

function emitPhase(phase: Phase, qubit: number, circuit: Circuit): void {
  const { eighths, radians, parameters } = phase;
  const name = NAMED.get(eighths);
  if (name !== undefined && radians === 0) {
    circuit.gate(name, [qubit]);
    for (const angle of anglesOf({ eighths: 0, radians: 0, parameters })) circuit.p(angle, qubit);
    return;
  }
  for (const angle of anglesOf(phase)) circuit.p(angle, qubit);
}
