import {
  Circuit,
  probabilityOfOne,
  purity,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import type { CircuitTrace, QubitRegister } from '../ancilla-circuit.ts';
import { AlgorithmError } from '../errors.ts';
import { checkDilemma } from './dilemma.ts';
import type { Belief, DilemmaParameters } from './dilemma.ts';
import { appendPairEvolution, INNER, OUTER, PAIR_ANGLES, writePairAngles } from './pair-circuit.ts';

const ACTION = INNER;
const BELIEF = OUTER;

/**
 * The dynamics of Pothos & Busemeyer as an exact circuit of two qubits: action (0 = defect) and
 * belief (0 = the other defects). The classical twin is `defectionProbability`.
 */
export class DilemmaCircuit implements Disposable {
  readonly requiredQubits = 2;
  readonly #circuits: Readonly<Record<Belief, Circuit>>;
  readonly #state = new StateVector(2);
  readonly #angles = new Float64Array(PAIR_ANGLES);
  #disposed = false;

  constructor() {
    this.#circuits = {
      defects: evolution((circuit) => circuit.h(ACTION)),
      cooperates: evolution((circuit) => circuit.h(ACTION).x(BELIEF)),
      unknown: evolution((circuit) => circuit.h(ACTION).h(BELIEF)),
    };
  }

  /**
   * Probability of defecting, read from the circuit.
   *
   * @param register - lends at least 2 qubits.
   * @returns the probability, within 1e-12 × (1 + time × (1 + |dissonance|)) of the twin.
   * @throws {AlgorithmError} `OUT_OF_RANGE`, `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  defection(
    belief: Belief,
    parameters: DilemmaParameters,
    register: QubitRegister,
  ): { readonly probability: number; readonly trace: CircuitTrace } {
    if (this.#disposed) throw new AlgorithmError('DISPOSED', 'the circuit has been disposed');
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    checkDilemma(parameters);
    writePairAngles(parameters, this.#angles);
    this.#state.reset();
    run(this.#circuits[belief], this.#state, { parameters: this.#angles });
    const cooperation = Math.min(1, probabilityOfOne(this.#state, ACTION));
    const coherence = Math.min(1, purity(reducedDensityMatrix(this.#state, [ACTION])));
    return {
      probability: 1 - cooperation,
      trace: {
        measurements: Float64Array.of(1 - cooperation, cooperation),
        coherence,
        successProbability: 1,
      },
    };
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#state[Symbol.dispose]();
  }
}

function evolution(prepare: (circuit: Circuit) => void): Circuit {
  const circuit = new Circuit(2);
  prepare(circuit);
  appendPairEvolution(circuit);
  return circuit;
}
