import { SimulatorError } from '../errors.ts';
import { type CanonicalForm, canonicalForm } from './canonical-form.ts';
import type { Matrix } from './complex-matrix.ts';
import { eulerAngles } from './euler-angles.ts';
import { phaseOf } from './phase.ts';
import type { StepList } from './step-list.ts';

/**
 * A matrix on one or two qubits, row-major interleaved, as steps up to a global phase: on two
 * qubits with as few CX as it can be done, at most three.
 *
 * @throws {SimulatorError} `NOT_EXPRESSIBLE` when there are more
 */
export function lowerMatrix(matrix: Matrix, qubits: readonly number[], steps: StepList): void {
  const [a, b] = qubits;
  if (qubits.length === 1) {
    lowerOne(matrix, a, steps);
    return;
  }
  if (qubits.length !== 2) {
    throw new SimulatorError(
      'NOT_EXPRESSIBLE',
      `a matrix on ${qubits.length} qubits is not broken down into gates, only one on 1 or 2`,
    );
  }
  const form = canonicalForm(matrix);
  lowerOne(form.right.low, a, steps);
  lowerOne(form.right.high, b, steps);
  lowerInteraction(form, a, b, steps);
  lowerOne(form.left.low, a, steps);
  lowerOne(form.left.high, b, steps);
}

/** Rotations about z, y and z. */
function lowerOne(matrix: Matrix, qubit: number, steps: StepList): void {
  const { theta, phi, lambda } = eulerAngles(matrix);
  steps.rz(phaseOf(lambda), qubit);
  rotateY(theta, qubit, steps);
  steps.rz(phaseOf(phi), qubit);
}

function rotateX(angle: number, qubit: number, steps: StepList): void {
  if (angle === 0) return;
  steps.h(qubit);
  steps.rz(phaseOf(angle), qubit);
  steps.h(qubit);
}

function rotateY(angle: number, qubit: number, steps: StepList): void {
  if (angle === 0) return;
  steps.turn(-2, qubit);
  rotateX(angle, qubit, steps);
  steps.turn(2, qubit);
}

const QUARTER = Math.PI / 4;

/** What is closer to a special angle than this came from rounding. */
const NEGLIGIBLE = 1e-9;

/** exp(i (x XX + y YY + z ZZ)). */
function lowerInteraction(form: CanonicalForm, a: number, b: number, steps: StepList): void {
  const x = nearest(form.x);
  const y = nearest(form.y);
  const z = nearest(form.z);
  // exp(iπ/2 XX) = i XX is local, and so for the other two.
  if ((x.turns + y.turns) % 2 !== 0) for (const qubit of [a, b]) steps.flip([], qubit);
  if ((y.turns + z.turns) % 2 !== 0) for (const qubit of [a, b]) steps.turn(4, qubit);
  const rest = [x.rest, y.rest, z.rest];
  const zeros = rest.filter((angle) => angle === 0).length;
  if (zeros === 3) return;
  if (zeros === 0) {
    threeCx(x.rest, y.rest, z.rest, a, b, steps);
    return;
  }
  // Turns the axes so that what is 0 belongs to YY, and the only other with one to ZZ.
  const undo = y.rest === 0 ? undefined : z.rest === 0 ? exchangeYZ : exchangeXY;
  undo?.(a, b, steps, -1);
  const alongX = y.rest !== 0 && z.rest !== 0 ? y.rest : x.rest;
  const alongZ = y.rest !== 0 && z.rest === 0 ? y.rest : z.rest;
  if (isQuarter(alongX) && alongZ === 0) oneCx(alongX, true, a, b, steps);
  else if (isQuarter(alongZ) && alongX === 0) oneCx(alongZ, false, a, b, steps);
  else twoCx(alongX, alongZ, a, b, steps);
  undo?.(a, b, steps, 1);
}

/** angle = turns · π/2 + rest with |rest| ≤ π/4 */
function nearest(angle: number): { turns: number; rest: number } {
  const turns = Math.round(angle / (2 * QUARTER));
  const rest = angle - turns * 2 * QUARTER;
  return { turns: Math.abs(turns), rest: Math.abs(rest) < NEGLIGIBLE ? 0 : rest };
}

function isQuarter(angle: number): boolean {
  return Math.abs(Math.abs(angle) - QUARTER) < NEGLIGIBLE;
}

/** √X on both qubits takes YY to ZZ; −1 undoes it. */
function exchangeYZ(a: number, b: number, steps: StepList, sign: 1 | -1): void {
  for (const qubit of [a, b]) {
    steps.h(qubit);
    steps.turn(2 * sign, qubit);
    steps.h(qubit);
  }
}

/** S on both qubits takes XX to YY; −1 undoes it. */
function exchangeXY(a: number, b: number, steps: StepList, sign: 1 | -1): void {
  for (const qubit of [a, b]) steps.turn(2 * sign, qubit);
}

/** exp(i·angle XX) or exp(i·angle ZZ) for angle = ±π/4, which is a CZ up to S gates. */
function oneCx(angle: number, isX: boolean, a: number, b: number, steps: StepList): void {
  const both = isX ? [a, b] : [];
  for (const qubit of both) steps.h(qubit);
  for (const qubit of [a, b]) steps.turn(angle > 0 ? -2 : 2, qubit);
  steps.h(b);
  steps.cx(a, b);
  steps.h(b);
  for (const qubit of both) steps.h(qubit);
}

/** exp(i (x XX + z ZZ)): a CX takes XX to X on its control and ZZ to Z on its target. */
function twoCx(x: number, z: number, a: number, b: number, steps: StepList): void {
  steps.cx(a, b);
  rotateX(-2 * x, a, steps);
  steps.rz(phaseOf(-2 * z), b);
  steps.cx(a, b);
}

/** The circuit of Vatan & Williams (2004), with the signs of our axes. */
function threeCx(x: number, y: number, z: number, a: number, b: number, steps: StepList): void {
  steps.turn(2, b);
  steps.cx(b, a);
  steps.rz(phaseOf(-2 * (QUARTER + z)), a);
  rotateY(-2 * (QUARTER + x), b, steps);
  steps.cx(a, b);
  rotateY(2 * (QUARTER + y), b, steps);
  steps.cx(b, a);
  steps.turn(-2, a);
}
