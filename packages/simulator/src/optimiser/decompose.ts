import type { Angle } from '../angle.ts';
import type { Circuit } from '../circuit.ts';
import { gateMatrix } from '../gates.ts';
import { identity, type Matrix, multiply } from './complex-matrix.ts';
import { type EulerAngles, eulerAngles } from './euler-angles.ts';
import { anglesOf, phaseOf } from './phase.ts';
import { resynthesizePairs } from './resynthesize-pairs.ts';
import { rewritten } from './rewrite.ts';
import type { Step } from './step.ts';

/** The gates that a decomposition may use. */
export type Basis = 'rz-sx-cx' | 'u-cx';

/**
 * A circuit that does the same, up to a global phase, in two gates on one qubit and CX, or one and
 * CX: {RZ, SX, CX} as superconducting machines have, or {U, CX}. Runs of gates on two qubits are
 * resynthesised where that saves a CX; gates on one qubit between CX become one U, or at most
 * three RZ and two SX. Parameters stay symbolic and end such runs.
 *
 * @throws {SimulatorError} `NOT_EXPRESSIBLE` for a matrix on more than two qubits,
 *   `TOO_MANY_OPERATIONS`
 * @see Barenco et al. (1995), arXiv:quant-ph/9503016; Vatan & Williams (2004),
 *   arXiv:quant-ph/0308006
 */
export function decompose(circuit: Circuit, basis: Basis): Circuit {
  return rewritten(circuit, resynthesizePairs, (steps, result) => {
    new SingleQubitRuns(result, basis).add(steps);
  });
}

/** Collects the gates on each qubit until something else touches it. */
class SingleQubitRuns {
  readonly #circuit: Circuit;
  readonly #basis: Basis;
  readonly #pending: (Matrix | undefined)[] = [];

  constructor(circuit: Circuit, basis: Basis) {
    this.#circuit = circuit;
    this.#basis = basis;
  }

  add(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === 'cx') {
        this.#flush(step.control);
        this.#flush(step.target);
        this.#circuit.cx(step.control, step.target);
      } else if (step.kind === 'rz') {
        for (const angle of anglesOf(step.phase)) this.#turn(angle, step.qubit);
      } else {
        this.#collect(gateMatrix(step.kind), step.qubit);
      }
    }
    for (let qubit = 0; qubit < this.#circuit.qubits; qubit++) this.#flush(qubit);
  }

  #turn(angle: Angle, qubit: number): void {
    if (typeof angle === 'number') {
      this.#collect(gateMatrix('p', [angle]), qubit);
      return;
    }
    this.#flush(qubit);
    this.#emitZ(angle, qubit);
  }

  #collect(matrix: Matrix, qubit: number): void {
    this.#pending[qubit] = multiply(matrix, this.#pending[qubit] ?? identity(2));
  }

  #flush(qubit: number): void {
    const matrix = this.#pending[qubit];
    if (matrix === undefined) return;
    this.#pending[qubit] = undefined;
    const angles = eulerAngles(matrix);
    if (this.#basis === 'rz-sx-cx') this.#emitRootsOfX(angles, qubit);
    else if (angles.theta !== 0) this.#circuit.u(angles.theta, angles.phi, angles.lambda, qubit);
    else this.#emitZ(angles.lambda, qubit);
  }

  /** Nothing, RZ, RZ SX RZ, or RZ SX RZ SX RZ. */
  #emitRootsOfX({ theta, phi, lambda }: EulerAngles, qubit: number): void {
    const half = Math.PI / 2;
    if (theta === 0) {
      this.#emitZ(lambda, qubit);
      return;
    }
    const isSingle = Math.abs(theta - half) < 1e-12;
    this.#emitZ(isSingle ? lambda - half : lambda, qubit);
    this.#circuit.sx(qubit);
    if (!isSingle) {
      this.#emitZ(theta + Math.PI, qubit);
      this.#circuit.sx(qubit);
    }
    this.#emitZ(isSingle ? phi + half : phi + Math.PI, qubit);
  }

  /** A rotation about z, unless it is by nothing. */
  #emitZ(angle: Angle, qubit: number): void {
    const [reduced = 0] = typeof angle === 'number' ? anglesOf(phaseOf(angle)) : [angle];
    if (typeof reduced === 'number' && Math.abs(reduced) < 1e-12) return;
    if (this.#basis === 'rz-sx-cx') this.#circuit.rz(reduced, qubit);
    else this.#circuit.u(0, 0, reduced, qubit);
  }
}
