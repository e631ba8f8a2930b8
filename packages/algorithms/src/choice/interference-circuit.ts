import {
  Circuit,
  postSelect,
  probabilities,
  probabilityOfOne,
  run,
  StateVector,
} from '@sema/simulator';
import type { CircuitTrace, QubitRegister } from '../ancilla-circuit.ts';
import { checkInteger, checkLength } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { groverRudolphAngles, prepareDistribution } from '../state-preparation.ts';
import { checkProspects, checkRemaining } from './interference.ts';
import type { InterferingProspects } from './interference.ts';

const QUBITS = { from: 1, to: 7 };
const MOST_MEASUREMENTS = 16;

/**
 * Interference of unresolved modes as a circuit: modes and options are prepared as
 * Σ √p(option, mode) |mode⟩|option⟩, a multiplexed RZ on an idle ancilla gives each path its phase,
 * and the mode qubits are found in |+⟩: undecided. What the option qubits then read is p = f + q.
 * Reading the modes instead of undoing them would leave the classical f.
 *
 * The classical twin is `interferingDecision`.
 */
export class InterferenceCircuit implements Disposable {
  readonly requiredQubits: number;
  readonly #options: number;
  readonly #modes: number;
  readonly #modeQubits: readonly number[];
  readonly #optionQubits: readonly number[];
  readonly #circuit: Circuit;
  readonly #state: StateVector;
  readonly #angles: Float64Array;
  #disposed = false;

  /**
   * @param optionQubits - 1 … 7, for 2^k options.
   * @param modeQubits - 1 … 7, for 2^k modes. One qubit more is needed as ancilla.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(optionQubits: number, modeQubits: number) {
    checkInteger('option qubits', optionQubits, QUBITS);
    checkInteger('mode qubits', modeQubits, QUBITS);
    const dataQubits = optionQubits + modeQubits;
    this.requiredQubits = dataQubits + 1;
    this.#options = 1 << optionQubits;
    this.#modes = 1 << modeQubits;
    this.#modeQubits = Array.from({ length: modeQubits }, (_, k) => k);
    this.#optionQubits = Array.from({ length: optionQubits }, (_, k) => modeQubits + k);
    const circuit = new Circuit(this.requiredQubits);
    const paths = this.#options * this.#modes;
    const data = [...this.#modeQubits, ...this.#optionQubits];
    const nodes = Array.from({ length: paths - 1 }, (_, k) => circuit.parameter(`node ${k}`));
    const phases = Array.from({ length: paths }, (_, k) => circuit.parameter(`phase ${k}`));
    prepareDistribution(circuit, data, nodes);
    circuit.multiplexedRz(phases, data, dataQubits);
    for (const qubit of this.#modeQubits) circuit.h(qubit);
    this.#circuit = circuit;
    this.#state = new StateVector(this.requiredQubits);
    this.#angles = new Float64Array(nodes.length + phases.length);
  }

  /**
   * The probability of each option, read from the circuit.
   *
   * @param prospects - of 2^k options and modes, as many as the circuit has.
   * @param register - lends at least `requiredQubits`.
   * @returns within 1e-10 of the twin unless less than 1e-4 of the paths is left; the success
   * probability is that of finding the modes undecided.
   * @throws {AlgorithmError} `OUT_OF_RANGE`, `EMPTY`, `LENGTH_MISMATCH`, `NOT_A_DISTRIBUTION`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  decide(
    prospects: InterferingProspects,
    register: QubitRegister,
  ): { readonly probabilities: Float64Array; readonly trace: CircuitTrace } {
    this.#check(prospects, register);
    const nodes = groverRudolphAngles(Float64Array.from(prospects.joint));
    this.#angles.set(nodes);
    for (let k = 0; k < prospects.phases.length; k += 1) {
      // RZ(θ) turns an ancilla in |0⟩ by −θ/2.
      this.#angles[nodes.length + k] = -2 * prospects.phases[k];
    }
    this.#state.reset();
    run(this.#circuit, this.#state, { parameters: this.#angles });
    let successProbability = 1;
    for (const qubit of this.#modeQubits) {
      const undecided = 1 - probabilityOfOne(this.#state, qubit);
      checkRemaining(successProbability * undecided * this.#modes);
      successProbability *= postSelect(this.#state, qubit, 0);
    }
    const read = probabilities(this.#state, this.#optionQubits);
    return {
      probabilities: read,
      trace: {
        measurements: read.slice(0, MOST_MEASUREMENTS),
        // Modes and ancilla are in |0…0⟩ now, so the options are pure.
        coherence: 1,
        successProbability,
      },
    };
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#state[Symbol.dispose]();
  }

  #check(prospects: InterferingProspects, register: QubitRegister): void {
    if (this.#disposed) throw new AlgorithmError('DISPOSED', 'the circuit has been disposed');
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    checkProspects(prospects);
    checkLength('joint', prospects.joint, this.#options * this.#modes);
    if (prospects.options !== this.#options) {
      throw new AlgorithmError(
        'LENGTH_MISMATCH',
        `there are ${prospects.options} options, not ${this.#options}`,
      );
    }
  }
}
