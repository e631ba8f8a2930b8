import {
  Circuit,
  fidelity,
  norm,
  postSelect,
  purity,
  reducedDensityMatrix,
  run,
} from '@sema/simulator';
import { probabilityOfOne, StateVector } from '@sema/simulator';

/** The definition a system of registers is held against: one dense vector of all qubits. */
export class DenseModel {
  #state: StateVector;

  constructor(qubits: number) {
    this.#state = new StateVector(qubits);
  }

  get qubits(): number {
    return this.#state.qubits;
  }

  run(circuit: Circuit, qubits: readonly number[]): void {
    run(new Circuit(this.qubits).append(circuit, qubits), this.#state);
  }

  /** Projects onto what was measured and leaves the qubit |0⟩. */
  resetFrom(qubit: number, outcome: number): void {
    postSelect(this.#state, qubit, outcome === 1 ? 1 : 0);
    if (outcome === 1) this.run(new Circuit(1).x(0), [qubit]);
  }

  /** Whether measuring the qubit gives 1 with a probability that can be told from 0. */
  mayBeOne(qubit: number): boolean {
    return probabilityOfOne(this.#state, qubit) > 1e-12;
  }

  probabilityOfOne(qubit: number): number {
    return probabilityOfOne(this.#state, qubit);
  }

  isEntangled(qubit: number): boolean {
    return purity(reducedDensityMatrix(this.#state, [qubit])) < 1 - 1e-9;
  }

  relabel(destination: readonly number[]): void {
    const moved = new StateVector(this.qubits);
    for (let i = 0; i < moved.dimension; i++) {
      let to = 0;
      for (let q = 0; q < this.qubits; q++) to |= ((i >> q) & 1) << destination[q];
      moved.real[to] = this.#state.real[i];
      moved.imaginary[to] = this.#state.imaginary[i];
    }
    this.#state = moved;
  }

  /** |⟨a|b⟩|² of the two as unit vectors. */
  agreement(state: StateVector): number {
    const length = norm(this.#state) * norm(state);
    return fidelity(this.#state, state) / (length * length);
  }

  /**
   * ⟨ψ|ρ|ψ⟩ with the model's state ρ of some qubits and a unit vector ψ: 1 only for a pure state.
   */
  agreementOn(qubits: readonly number[], state: StateVector): number {
    const rho = reducedDensityMatrix(this.#state, qubits);
    const { real, imaginary, dimension } = state;
    let sum = 0;
    for (let row = 0; row < dimension; row++) {
      for (let column = 0; column < dimension; column++) {
        const at = row * dimension + column;
        const re = real[row] * real[column] + imaginary[row] * imaginary[column];
        const im = real[row] * imaginary[column] - imaginary[row] * real[column];
        sum += re * rho.real[at] - im * rho.imaginary[at];
      }
    }
    const length = norm(this.#state) * norm(state);
    return sum / (length * length);
  }
}
