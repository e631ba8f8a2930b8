import { Circuit, postSelect, run, StateVector } from '@sema/simulator';
import { acos, exp } from '@sema/simulator/elementary';
import { LEARNING_RATE_RANGE } from './coherent-update.ts';
import {
  requireEntry,
  requireInteger,
  requireLength,
  requireNumber,
  requireUnitVector,
} from './validation.ts';
import type { Range } from './validation.ts';

const QUBITS_RANGE: Range = { min: 1, max: 14 };
const LOSS_RANGE: Range = { min: 0, max: 1 };

/**
 * One round of losses by measurement: an ancilla is turned by 2·arccos e^{−ηℓ/2}, controlled on the
 * basis state, and found in 0, which leaves e^{−ηL/2}ψ divided by its norm. It succeeds with
 * probability Σ w e^{−ηℓ}; over many rounds the product of these is the potential of Hedge.
 *
 * A simulator selects the outcome 0. A machine would have to start again after a 1.
 */
export class AncillaFilter implements Disposable {
  readonly qubits: number;
  readonly #state: StateVector;
  readonly #circuit: Circuit;
  readonly #angles: Float64Array;

  /**
   * @param qubits - k of the register, in [1, 14]; one more is the ancilla.
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor(qubits: number) {
    this.qubits = requireInteger(qubits, 'qubits', QUBITS_RANGE, 'INVALID_OPTION');
    this.#state = new StateVector(qubits + 1);
    this.#circuit = new Circuit(qubits + 1);
    this.#angles = new Float64Array(1 << qubits);
    const controls = Array.from({ length: qubits }, (_, qubit) => qubit);
    const angles = Array.from(this.#angles, (_, k) => this.#circuit.parameter(`loss${k}`));
    this.#circuit.multiplexedRy(angles, controls, qubits);
  }

  /**
   * @param amplitudes - 2^k real numbers with norm 1 ± 1e-9.
   * @param losses - 2^k numbers in [0, 1].
   * @param learningRate - η in [1e-9, 8].
   * @returns the filtered state as a new array, and how probable the outcome 0 was.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_LOSS`,
   *   `INVALID_OPTION`
   */
  apply(
    amplitudes: ArrayLike<number>,
    losses: ArrayLike<number>,
    learningRate: number,
  ): { readonly amplitudes: Float64Array; readonly successProbability: number } {
    const dimension = this.#angles.length;
    requireLength(losses, 'losses', dimension);
    requireUnitVector(amplitudes, dimension);
    requireNumber(learningRate, 'learningRate', LEARNING_RATE_RANGE, 'INVALID_OPTION');
    for (let i = 0; i < dimension; i += 1) {
      const loss = requireEntry(losses, i, 'losses', LOSS_RANGE, 'INVALID_LOSS');
      this.#angles[i] = 2 * acos(exp((-learningRate * loss) / 2));
    }
    const state = this.#state;
    state.real.fill(0, dimension);
    state.imaginary.fill(0);
    for (let i = 0; i < dimension; i += 1) state.real[i] = amplitudes[i];
    run(this.#circuit, state, { parameters: this.#angles });
    const successProbability = postSelect(state, this.qubits, 0);
    return { amplitudes: state.real.slice(0, dimension), successProbability };
  }

  [Symbol.dispose](): void {
    this.#state[Symbol.dispose]();
  }
}
