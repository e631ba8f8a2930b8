import {
  Circuit,
  probabilityOfOne,
  purity,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import { atan2 } from '@sema/simulator/elementary';
import type { CircuitTrace, QubitRegister } from '../ancilla-circuit.ts';
import { AlgorithmError } from '../errors.ts';
import { checkDilemma, squaredEnergies, utilityAxis } from './dilemma.ts';
import type { Belief, DilemmaParameters } from './dilemma.ts';

const ACTION = 0;
const BELIEF = 1;

/**
 * The dynamics of Pothos & Busemeyer as an exact circuit of two qubits, action (0 = defect) and
 * belief (0 = the other defects): a rotation of the action, and one of the belief that depends on
 * it, make H block-diagonal; in each block e^{−itH} is one rotation; then both are undone. No step
 * of time is cut into pieces.
 *
 * The classical twin is `defectionProbability`.
 */
export class DilemmaCircuit implements Disposable {
  readonly requiredQubits = 2;
  readonly #circuits: Readonly<Record<Belief, Circuit>>;
  readonly #state = new StateVector(2);
  readonly #angles = new Float64Array(12);
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
    writeAngles(parameters, this.#angles);
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

/** The preparation, then the frames of A and K, the blocks' rotations, and the way back. */
function evolution(prepare: (circuit: Circuit) => void): Circuit {
  const circuit = new Circuit(2);
  const angles = Array.from({ length: 12 }, (_, k) => circuit.parameter(`angle ${k}`));
  prepare(circuit);
  return circuit
    .ry(angles[0], ACTION)
    .multiplexedRy(angles.slice(1, 3), [ACTION], BELIEF)
    .multiplexedRy(angles.slice(3, 5), [BELIEF], ACTION)
    .multiplexedRz(angles.slice(5, 7), [BELIEF], ACTION)
    .multiplexedRy(angles.slice(7, 9), [BELIEF], ACTION)
    .multiplexedRy(angles.slice(9, 11), [ACTION], BELIEF)
    .ry(angles[11], ACTION);
}

/**
 * In the frame where A is Z and K is √(1 + n_z²)·Z, H has the blocks z·Z + x·X, one for each value
 * of the belief.
 */
function writeAngles(parameters: DilemmaParameters, angles: Float64Array): void {
  const { dissonance, time } = parameters;
  const { nx, nz } = utilityAxis(parameters.utility);
  const k = Math.sqrt(1 + nz * nz);
  const action = atan2(nx, nz);
  const belief = atan2(1, nz);
  angles.set([-action, -belief, belief], 0);
  const energies = squaredEnergies(parameters);
  for (const block of [0, 1]) {
    const sign = block === 0 ? 1 : -1;
    const z = 1 - sign * dissonance * k * Math.SQRT1_2;
    const x = sign * dissonance * nx * Math.SQRT1_2;
    const axis = atan2(x, z);
    angles[3 + block] = -axis;
    angles[5 + block] = 2 * time * Math.sqrt(energies[block]);
    angles[7 + block] = axis;
  }
  angles.set([belief, -belief, action], 9);
}
