import { eighths, isEighths, type Phase } from './phase.ts';
import type { Step } from './step.ts';
import { Wires } from './wires.ts';

/**
 * Removes Hadamard gates by the identities of Nam et al. (2018), figure 4, until none applies:
 * H S H = S† H S†, a CX between four of them turns round, and S or S† on both sides of a CX's
 * target takes up the H beside it.
 */
export function reduceHadamards(steps: readonly Step[], qubits: number): Step[] {
  const wires = new Wires(steps, qubits);
  const pending = wires.all().filter((at) => wires.step(at).kind === 'h');
  while (pending.length > 0) {
    const at = pending.pop();
    if (at === undefined || !wires.has(at) || wires.step(at).kind !== 'h') continue;
    if (cancelPair(wires, at) || throughPhase(wires, at) || throughTarget(wires, at)) {
      continue;
    }
    turnRound(wires, at);
  }
  return wires.toSteps();
}

function isKind(wires: Wires, at: number | undefined, kind: Step['kind']): at is number {
  return at !== undefined && wires.step(at).kind === kind;
}

/** The phase of an rz; undefined for other steps and no step. */
function phaseAt(wires: Wires, at: number | undefined): Phase | undefined {
  const step = at === undefined ? undefined : wires.step(at);
  return step?.kind === 'rz' ? step.phase : undefined;
}

/** ±1 for S and S†. */
function quarter(phase: Phase | undefined): 1 | -1 | undefined {
  if (phase === undefined) return undefined;
  if (isEighths(phase, 2)) return 1;
  return isEighths(phase, 6) ? -1 : undefined;
}

function qubitOf(wires: Wires, at: number): number {
  const step = wires.step(at);
  return step.kind === 'cx' ? step.target : step.qubit;
}

/** H H = 1 */
function cancelPair(wires: Wires, at: number): boolean {
  const next = wires.next(at, qubitOf(wires, at));
  if (!isKind(wires, next, 'h')) return false;
  wires.remove(at);
  wires.remove(next);
  return true;
}

/** H S H = S† H S†, and H S† H = S H S. */
function throughPhase(wires: Wires, at: number): boolean {
  const qubit = qubitOf(wires, at);
  const middle = wires.next(at, qubit);
  const sign = quarter(phaseAt(wires, middle));
  if (middle === undefined || sign === undefined) return false;
  const last = wires.next(middle, qubit);
  if (!isKind(wires, last, 'h')) return false;
  const turned: Step = { kind: 'rz', qubit, phase: eighths(-2 * sign) };
  wires.replace(at, turned);
  wires.replace(middle, { kind: 'h', qubit });
  wires.replace(last, turned);
  return true;
}

/** H S CX S† H = S† CX S on the target. */
function throughTarget(wires: Wires, at: number): boolean {
  const qubit = qubitOf(wires, at);
  const before = wires.next(at, qubit);
  const sign = quarter(phaseAt(wires, before));
  if (before === undefined || sign === undefined) return false;
  const middle = wires.next(before, qubit);
  if (!isKind(wires, middle, 'cx') || qubitOf(wires, middle) !== qubit) return false;
  const after = wires.next(middle, qubit);
  if (after === undefined || quarter(phaseAt(wires, after)) !== -sign) return false;
  const last = wires.next(after, qubit);
  if (!isKind(wires, last, 'h')) return false;
  wires.remove(at);
  wires.remove(last);
  wires.replace(before, { kind: 'rz', qubit, phase: eighths(-2 * sign) });
  wires.replace(after, { kind: 'rz', qubit, phase: eighths(2 * sign) });
  return true;
}

/** Four H around a CX exchange its control and target. */
function turnRound(wires: Wires, at: number): boolean {
  const middle = wires.next(at, qubitOf(wires, at));
  if (!isKind(wires, middle, 'cx')) return false;
  const step = wires.step(middle);
  if (step.kind !== 'cx') return false;
  const around = [step.control, step.target].flatMap((qubit) => [
    wires.previous(middle, qubit),
    wires.next(middle, qubit),
  ]);
  if (!around.every((each) => isKind(wires, each, 'h'))) return false;
  for (const each of around) if (each !== undefined) wires.remove(each);
  wires.replace(middle, { kind: 'cx', control: step.target, target: step.control });
  return true;
}
