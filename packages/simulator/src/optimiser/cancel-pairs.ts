import type { Step } from './step.ts';
import { Wires } from './wires.ts';

/**
 * Removes CX gates that undo each other, with anything between them that one of the two can be
 * moved past: rotations and controls on its control, X and targets on its target, and the blocks
 * of Nam et al. (2018), figure 5. Each gate walks until something stops it.
 */
export function cancelPairs(steps: readonly Step[], qubits: number): Step[] {
  const wires = new Wires(steps, qubits);
  for (const at of wires.all()) {
    if (!wires.has(at)) continue;
    const step = wires.step(at);
    const partner =
      step.kind === 'cx'
        ? partnerOfCx(wires, at, step.control, step.target)
        : step.kind === 'x'
          ? partnerOfX(wires, at, step.qubit)
          : undefined;
    if (partner === undefined) continue;
    wires.remove(at);
    wires.remove(partner);
  }
  return wires.toSteps();
}

function partnerOfCx(
  wires: Wires,
  at: number,
  control: number,
  target: number,
): number | undefined {
  const reached = new Set<number>();
  for (const next of reachable(wires, at, control, pastControl)) reached.add(next);
  for (const next of reachable(wires, at, target, pastTarget)) {
    const step = wires.step(next);
    if (step.kind !== 'cx' || step.control !== control || step.target !== target) continue;
    if (reached.has(next)) return next;
  }
  return undefined;
}

function partnerOfX(wires: Wires, at: number, qubit: number): number | undefined {
  for (const next of reachable(wires, at, qubit, pastTarget)) {
    if (wires.step(next).kind === 'x') return next;
  }
  return undefined;
}

/** How a gate gets past the step `at` on a wire: the last step passed, undefined if it cannot. */
type Passage = (wires: Wires, at: number, qubit: number) => number | undefined;

/** The steps on a wire that a gate meets on its way, up to and with the first that stops it. */
function* reachable(wires: Wires, from: number, qubit: number, passage: Passage) {
  let at = wires.next(from, qubit);
  while (at !== undefined) {
    yield at;
    const passed = passage(wires, at, qubit);
    if (passed === undefined) return;
    at = wires.next(passed, qubit);
  }
}

/** Whatever is diagonal on the wire. */
function pastControl(wires: Wires, at: number, qubit: number): number | undefined {
  const step = wires.step(at);
  if (step.kind === 'rz') return at;
  if (step.kind !== 'cx') return undefined;
  if (step.control === qubit) return at;
  // CX rz CX with the same control is a rotation of the parity.
  const middle = wires.next(at, qubit);
  if (middle === undefined || wires.step(middle).kind !== 'rz') return undefined;
  return sameCx(wires, step, wires.next(middle, qubit));
}

function sameCx(wires: Wires, first: Step, at: number | undefined): number | undefined {
  if (at === undefined || first.kind !== 'cx') return undefined;
  const step = wires.step(at);
  const isSame =
    step.kind === 'cx' && step.control === first.control && step.target === first.target;
  return isSame ? at : undefined;
}

/** Whatever commutes with X on the wire. */
function pastTarget(wires: Wires, at: number, qubit: number): number | undefined {
  const step = wires.step(at);
  if (step.kind === 'x') return at;
  if (step.kind === 'cx') return step.target === qubit ? at : undefined;
  if (step.kind !== 'h') return undefined;
  // H, then what is diagonal, then H.
  let last = wires.next(at, qubit);
  while (last !== undefined) {
    const inner = wires.step(last);
    if (inner.kind === 'h') return last;
    if (inner.kind !== 'rz' && !(inner.kind === 'cx' && inner.control === qubit)) return undefined;
    last = wires.next(last, qubit);
  }
  return undefined;
}
