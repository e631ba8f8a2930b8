import { Circuit, postSelect, probabilities, run, StateVector } from '@sema/simulator';
import { acos } from '@sema/simulator/elementary';
import type { CircuitTrace, QubitRegister } from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import { ACTION_QUBITS, ACTIONS } from './actions.ts';
import { QarError } from './errors.ts';

const ANCILLA = ACTION_QUBITS;
const REGISTER = Array.from({ length: ACTION_QUBITS }, (_, qubit) => qubit);
const STATES = 1 << ACTION_QUBITS;

/**
 * Fusion on an action register of two qubits and an ancilla.
 *
 * The register starts in the uniform superposition of the three actions. Each filter f turns the
 * ancilla by 2·arccos √(f/max f), controlled on the action, and keeps the outcome 0, which
 * multiplies the amplitudes by √f. The regime's feedback then rotates the register, and its Born
 * marginal is the decision probability.
 */
export class FusionCircuit implements Disposable {
  readonly requiredQubits = ACTION_QUBITS + 1;
  readonly #state = new StateVector(ACTION_QUBITS + 1);
  readonly #prepare = uniformActions();
  readonly #filter = new Circuit(ACTION_QUBITS + 1);
  readonly #angles = new Float64Array(STATES);

  constructor() {
    const angles = Array.from(this.#angles, (_, k) => this.#filter.parameter(`filter${String(k)}`));
    this.#filter.multiplexedRy(angles, REGISTER, ANCILLA);
  }

  /** @param filters - positive numbers per action; only their ratios matter. */
  fuse(
    filters: readonly Float64Array[],
    feedback: FeedbackOperator,
    register: QubitRegister,
  ): FusionResult {
    const offered = register.qubits.length;
    if (offered < this.requiredQubits) {
      const message = `fusion needs ${this.requiredQubits} qubits, the register has ${offered}`;
      throw new QarError('REGISTER_TOO_SMALL', message);
    }
    const state = this.#state;
    state.reset();
    run(this.#prepare, state);
    let successProbability = 1;
    for (const filter of filters) successProbability *= this.#apply(filter);
    const fused = Float64Array.from(probabilities(state, REGISTER), Math.sqrt);
    const rotation = feedback.operator(fused);
    run(new Circuit(ACTION_QUBITS + 1).unitary(rotation, REGISTER), state);
    const measurements = probabilities(state, REGISTER);
    return {
      preferences: measurements.slice(0, ACTIONS.length),
      // The ancilla was projected, so the register is pure.
      trace: { measurements, coherence: 1, successProbability },
    };
  }

  #apply(filter: Float64Array): number {
    let largest = 0;
    for (const value of filter) largest = Math.max(largest, value);
    for (let action = 0; action < ACTIONS.length; action++) {
      this.#angles[action] = 2 * acos(Math.sqrt(filter[action] / largest));
    }
    run(this.#filter, this.#state, { parameters: this.#angles });
    return postSelect(this.#state, ANCILLA, 0);
  }

  [Symbol.dispose](): void {
    this.#state[Symbol.dispose]();
  }
}

export interface FusionResult {
  /** Probability per action, sum 1. */
  readonly preferences: Float64Array;
  readonly trace: CircuitTrace;
}

/** |00⟩ → (|00⟩ + |01⟩ + |10⟩)/√3, in the order of `ACTIONS`. */
function uniformActions(): Circuit {
  const third = 2 * acos(Math.sqrt(2 / 3));
  return new Circuit(ACTION_QUBITS + 1).ry(third, 1).multiplexedRy([Math.PI / 2, 0], [1], 0);
}
