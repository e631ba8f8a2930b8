import { type Angle, scaled } from '../angle.ts';
import type { Operation } from '../operation.ts';
import { lowerMatrix } from './lower-matrix.ts';
import { lowerDiagonal, lowerMultiplexed } from './lower-tables.ts';
import { eighths, negated, type Phase, phaseOf, sum } from './phase.ts';
import type { StepList } from './step-list.ts';

type Gate = Extract<Operation, { readonly kind: 'gate' }>;

/** Operations that have a matrix. */
export type UnitaryOperation = Extract<
  Operation,
  { readonly kind: 'gate' | 'unitary' | 'diagonal' | 'multiplexed' }
>;

export function isUnitary(operation: Operation): operation is UnitaryOperation {
  return /^(gate|unitary|diagonal|multiplexed)$/.test(operation.kind);
}

/**
 * Writes an operation as steps, equal up to a global phase. Gates under many controls borrow the
 * other qubits and give them back; a multiplexer of k controls takes 2^k rotations.
 *
 * @throws {SimulatorError} `NOT_EXPRESSIBLE` for a matrix on more than two qubits
 * @see Barenco et al. (1995), arXiv:quant-ph/9503016; Möttönen et al. (2004),
 *   arXiv:quant-ph/0407010
 */
export function lower(operation: UnitaryOperation, steps: StepList): void {
  switch (operation.kind) {
    case 'gate':
      lowerGate(operation, steps);
      break;
    case 'diagonal':
      lowerDiagonal(operation.entries, operation.qubits, steps);
      break;
    case 'multiplexed':
      lowerMultiplexed(operation, steps);
      break;
    case 'unitary':
      lowerMatrix(operation.matrix, operation.qubits, steps);
      break;
  }
}

/** Phases of fixed gates in multiples of π/4. */
const EIGHTHS = { z: 4, s: 2, sdg: -2, t: 1, tdg: -1 } as const;

function lowerGate({ gate, controls, targets, angles }: Gate, steps: StepList): void {
  const [a, b] = targets;
  switch (gate) {
    case 'id':
      return;
    case 'x':
      steps.flip(controls, a);
      return;
    case 'z':
    case 's':
    case 'sdg':
    case 't':
    case 'tdg':
      steps.phase(eighths(EIGHTHS[gate]), controls, a);
      return;
    case 'y':
      steps.turn(-2, a);
      steps.flip(controls, a);
      steps.turn(2, a);
      return;
    case 'h':
      lowerHadamard(controls, a, steps);
      return;
    case 'sx':
    case 'sxdg':
      steps.h(a);
      steps.phase(phaseOf(gate === 'sx' ? Math.PI / 2 : -Math.PI / 2), controls, a);
      steps.h(a);
      return;
    case 'p':
      steps.phase(phaseOf(angles[0]), controls, a);
      return;
    case 'rx':
    case 'ry':
    case 'rz':
      rotation(gate, angles[0], controls, a, steps);
      return;
    case 'u':
      lowerU(angles, controls, a, steps);
      return;
    case 'swap':
      swap(controls, a, b, steps);
      return;
    case 'iswap':
    case 'iswapdg':
      lowerIswap(gate === 'iswap' ? 1 : -1, controls, [a, b], steps);
      return;
    case 'rxx':
    case 'ryy':
    case 'rzz':
      lowerPair(gate, angles[0], controls, [a, b], steps);
      return;
  }
}

/** H = Ry(π/4) Z Ry(−π/4), and the outer two need no controls. */
function lowerHadamard(controls: readonly number[], target: number, steps: StepList): void {
  if (controls.length === 0) {
    steps.h(target);
    return;
  }
  rotation('ry', -Math.PI / 4, [], target, steps);
  steps.phase(phaseOf(Math.PI), controls, target);
  rotation('ry', Math.PI / 4, [], target, steps);
}

/** A rotation about an axis is one about z between changes of basis, which need no controls. */
function rotation(
  gate: 'rx' | 'ry' | 'rz',
  angle: Angle,
  controls: readonly number[],
  target: number,
  steps: StepList,
): void {
  if (gate === 'ry') steps.turn(-2, target);
  if (gate !== 'rz') steps.h(target);
  steps.rotateZ(phaseOf(angle), phaseOf(scaled(angle, 0.5)), controls, target);
  if (gate !== 'rz') steps.h(target);
  if (gate === 'ry') steps.turn(2, target);
}

/** U(θ, φ, λ) = e^(i(φ+λ)/2) Rz(φ) Ry(θ) Rz(λ) = P(φ) Ry(θ) P(λ). */
function lowerU(
  [theta, phi, lambda]: readonly Angle[],
  controls: readonly number[],
  target: number,
  steps: StepList,
): void {
  if (controls.length === 0) {
    steps.rz(phaseOf(lambda), target);
    if (theta !== 0) rotation('ry', theta, [], target, steps);
    steps.rz(phaseOf(phi), target);
    return;
  }
  // Barenco et al., Lemma 4.3: A X B X C with A B C = 1.
  const half = (angle: Angle): Phase => phaseOf(scaled(angle, 0.5));
  const mean = sum(half(phi), half(lambda));
  steps.rz(sum(half(lambda), negated(half(phi))), target);
  steps.flip(controls, target);
  steps.rz(negated(mean), target);
  rotation('ry', scaled(theta, -0.5), [], target, steps);
  steps.flip(controls, target);
  rotation('ry', scaled(theta, 0.5), [], target, steps);
  steps.rz(phaseOf(phi), target);
  steps.phase(mean, controls.slice(0, -1), controls[controls.length - 1]);
}

function swap(controls: readonly number[], a: number, b: number, steps: StepList): void {
  steps.cx(b, a);
  steps.flip([...controls, a], b);
  steps.cx(b, a);
}

/** iSWAP = SWAP · CZ · (S ⊗ S); its factors commute. */
function lowerIswap(
  sign: 1 | -1,
  controls: readonly number[],
  [a, b]: readonly number[],
  steps: StepList,
): void {
  const turn = phaseOf((sign * Math.PI) / 2);
  steps.phase(turn, controls, a);
  steps.phase(turn, controls, b);
  steps.phase(phaseOf(Math.PI), [...controls, a], b);
  swap(controls, a, b, steps);
}

function lowerPair(
  gate: 'rxx' | 'ryy' | 'rzz',
  angle: Angle,
  controls: readonly number[],
  [a, b]: readonly number[],
  steps: StepList,
): void {
  for (const qubit of [a, b]) {
    if (gate === 'ryy') steps.turn(-2, qubit);
    if (gate !== 'rzz') steps.h(qubit);
  }
  steps.cx(a, b);
  rotation('rz', angle, controls, b, steps);
  steps.cx(a, b);
  for (const qubit of [a, b]) {
    if (gate !== 'rzz') steps.h(qubit);
    if (gate === 'ryy') steps.turn(2, qubit);
  }
}
