import { Circuit, compile, postSelect, referenceKernels, run, StateVector } from '@sema/simulator';
import type { CompiledState, Compiler, Program } from '@sema/simulator';
import { acos } from '@sema/simulator/elementary';
import type { CircuitTrace, QubitRegister } from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import { ACTION_QUBITS, ACTIONS } from './actions.ts';
import { QarError } from './errors.ts';

const ANCILLA = ACTION_QUBITS;
const REGISTER = Array.from({ length: ACTION_QUBITS }, (_, qubit) => qubit);
const STATES = 1 << ACTION_QUBITS;
/** Basis states of the register with the ancilla at 0, as a kernel takes them. */
const OFFSETS = Int32Array.from({ length: STATES }, (_, state) => state);

/**
 * Fusion on an action register of two qubits and an ancilla.
 *
 * The register starts in the uniform superposition of the three actions. Each filter f turns the
 * ancilla by 2·arccos √(f/max f), controlled on the action, and keeps the outcome 0, which
 * multiplies the amplitudes by √f. The regime's feedback then rotates the register, and its Born
 * marginal is the decision probability. The filter is compiled once.
 */
export class FusionCircuit implements Disposable {
  readonly requiredQubits = ACTION_QUBITS + 1;
  readonly #filter: Program<'f64'>;
  readonly #state: CompiledState<'f64'>;
  /** Where every fusion starts. */
  readonly #uniform = new StateVector(ACTION_QUBITS + 1);
  readonly #angles = new Float64Array(STATES);
  readonly #scratch = new Float64Array(2 * STATES);

  /** @param options.compiler - disposed of after the circuit; one of its own when absent. */
  constructor({ compiler }: { readonly compiler?: Compiler } = {}) {
    this.#filter = compiler?.compile(filterCircuit(), 'f64') ?? compile(filterCircuit());
    this.#state = this.#filter.state();
    run(uniformActions(), this.#uniform);
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
    state.copyFrom(this.#uniform);
    let successProbability = 1;
    for (const filter of filters) successProbability *= this.#apply(filter);
    const fused = this.#read();
    for (let k = 0; k < STATES; k++) fused[k] = Math.sqrt(fused[k]);
    // The operator is another at each decision, so it goes to a kernel and not into a circuit. It
    // is unitary by its construction, which `Circuit.unitary` would check once more.
    const { real, imaginary } = state;
    const rotation = feedback.operator(fused);
    referenceKernels.matrix(real, imaginary, OFFSETS, STATES, 0, rotation, this.#scratch);
    const measurements = this.#read();
    return {
      preferences: measurements.slice(0, ACTIONS.length),
      // The ancilla was projected, so the register is pure.
      trace: { measurements, coherence: 1, successProbability },
    };
  }

  #apply(filter: Float64Array): number {
    let largest = 0;
    for (let action = 0; action < ACTIONS.length; action++) {
      largest = Math.max(largest, filter[action]);
    }
    for (let action = 0; action < ACTIONS.length; action++) {
      this.#angles[action] = 2 * acos(Math.sqrt(filter[action] / largest));
    }
    this.#filter.run(this.#state, this.#angles);
    return postSelect(this.#state, ANCILLA, 0);
  }

  /** Born probabilities of the register while the ancilla, its highest qubit, is 0. */
  #read(): Float64Array {
    const { real, imaginary } = this.#state;
    const born = new Float64Array(STATES);
    for (let k = 0; k < STATES; k++) born[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    return born;
  }

  [Symbol.dispose](): void {
    this.#state[Symbol.dispose]();
    this.#filter[Symbol.dispose]();
    this.#uniform[Symbol.dispose]();
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

/** The ancilla turned by an angle for each state of the register. */
function filterCircuit(): Circuit {
  const circuit = new Circuit(ACTION_QUBITS + 1);
  const parameters = Array.from({ length: STATES }, (_, k) => circuit.parameter(`filter${k}`));
  return circuit.multiplexedRy(parameters, REGISTER, ANCILLA);
}
