import { Circuit, postSelect, probabilityOfOne, run, StateVector } from '@sema/simulator';
import { acos } from '@sema/simulator/elementary';
import type { QubitRegister } from '../ancilla-circuit.ts';
import { AlgorithmError } from '../errors.ts';
import { checkEvidence, checkPossible, PERSPECTIVE } from './evidence-order.ts';
import type { Evidence } from './evidence-order.ts';
import { appendPairEvolution, INNER, OUTER, PAIR_ANGLES, writePairAngles } from './pair-circuit.ts';

const EVIDENCE = INNER;
const HYPOTHESIS = OUTER;

/**
 * Judgment by evidence in its order, on two qubits: evidence (0 = favours) and hypothesis (0 =
 * true). Each piece turns both into the perspective of its source, and the qubit of evidence is
 * post-selected on what it says. The classical twin is `judgeInOrder`.
 */
export class EvidenceCircuit implements Disposable {
  readonly requiredQubits = 2;
  readonly #prepare = new Circuit(2);
  readonly #turn = new Circuit(2);
  readonly #state = new StateVector(2);
  readonly #prior = new Float64Array(1);
  readonly #angles = new Float64Array(PAIR_ANGLES);
  #disposed = false;

  constructor() {
    this.#prepare.h(EVIDENCE).ry(this.#prepare.parameter('prior'), HYPOTHESIS);
    appendPairEvolution(this.#turn);
  }

  /**
   * Judged probabilities, read from the circuit.
   *
   * @param register - lends at least 2 qubits.
   * @returns one more than there are pieces; within 1e-13 of the twin over the probability of the
   * least likely piece.
   * @throws {AlgorithmError} `OUT_OF_RANGE`, `NOT_A_DISTRIBUTION`, `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  judge(prior: number, evidence: readonly Evidence[], register: QubitRegister): Float64Array {
    if (this.#disposed) throw new AlgorithmError('DISPOSED', 'the circuit has been disposed');
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    checkEvidence(prior, evidence);
    this.#state.reset();
    this.#prior[0] = 2 * acos(Math.sqrt(prior));
    run(this.#prepare, this.#state, { parameters: this.#prior });
    const judged = new Float64Array(evidence.length + 1);
    judged[0] = 1 - probabilityOfOne(this.#state, HYPOTHESIS);
    let turned = 0;
    evidence.forEach(({ favours, turn }, i) => {
      writePairAngles({ ...PERSPECTIVE, time: turn - turned }, this.#angles);
      run(this.#turn, this.#state, { parameters: this.#angles });
      const against = probabilityOfOne(this.#state, EVIDENCE);
      checkPossible(i, favours ? 1 - against : against);
      postSelect(this.#state, EVIDENCE, favours ? 0 : 1);
      judged[i + 1] = 1 - probabilityOfOne(this.#state, HYPOTHESIS);
      turned = turn;
    });
    return judged;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#state[Symbol.dispose]();
  }
}
