import {
  choiceProbabilities,
  QuantumHedge,
  QuantumLmsr,
  QuantumProspect,
  TVERSKY_KAHNEMAN_1992,
} from '@sema/algorithms';
import type { CircuitTrace } from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import type { QubitLease, QubitPool } from '@sema/resource-pool';
import { Compiler } from '@sema/simulator';
import { ACTIONS } from './actions.ts';
import { EXPERT_QUBITS } from './board.ts';
import type { CircuitName, CircuitRecorder } from './circuit-recorder.ts';
import { QarError } from './errors.ts';
import { FusionCircuit } from './fusion-circuit.ts';
import { actionFilters } from './fusion.ts';
import type { PathQuestion } from './path-question.ts';
import { horizonPayoffs } from './path-question.ts';
import { BIN_QUBITS } from './return-bins.ts';
import type { PathAnswer } from './twin-path.ts';

/** Qubits the engine owns, and what each borrower may hold of them. */
export const POOL_QUBITS = 25;
export const POOL_OWNERS = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
  fusion: { min: 3, max: 3 },
} as const;

const [SHORT, LONG] = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

/**
 * The decision by circuits. Every circuit leases its qubits for the length of one decision and
 * gives them back, also when it throws.
 */
export class QuantumPath implements Disposable {
  readonly #pool: QubitPool;
  readonly recorder: CircuitRecorder;
  readonly #compiler = new Compiler();
  readonly #lmsr = new QuantumLmsr(BIN_QUBITS, { compiler: this.#compiler });
  readonly #prospect = new QuantumProspect(BIN_QUBITS, { compiler: this.#compiler });
  readonly #hedge = new QuantumHedge(EXPERT_QUBITS, { compiler: this.#compiler });
  readonly #fusion = new FusionCircuit({ compiler: this.#compiler });
  /** Of the decision that is being made, on the recorder's clock. */
  #deadlineNs = Infinity;

  constructor(pool: QubitPool, recorder: CircuitRecorder) {
    this.#pool = pool;
    this.recorder = recorder;
  }

  /**
   * @param limitMs - how long the circuits may take together; null for ever. A circuit is not
   *   broken off: the limit is looked at after each.
   * @throws {QarError} `DEADLINE_MISSED`
   */
  decide(question: PathQuestion, feedback: FeedbackOperator, limitMs: number | null): PathAnswer {
    this.#deadlineNs = limitMs === null ? Infinity : this.recorder.nowNs() + limitMs * 1e6;
    using lmsrQubits = this.#lease('lmsr', this.#lmsr.requiredQubits);
    using prospectQubits = this.#lease('prospect', this.#prospect.requiredQubits);
    using hedgeQubits = this.#lease('hedge', this.#hedge.requiredQubits);
    using fusionQubits = this.#lease('fusion', this.#fusion.requiredQubits);
    const { prices } = this.#run('lmsr', () => this.#lmsr.settle(question, lmsrQubits));
    const prospects = this.#prospects(question, prices, prospectQubits);
    const { probability: mixture } = this.#run('hedge', () =>
      this.#hedge.mixture(question.weights, question.probabilities, hedgeQubits),
    );
    const choices = choiceProbabilities(prospects, question.choiceSensitivity);
    const filters = actionFilters(prices, choices, mixture);
    const { preferences } = this.#run('fusion', () =>
      this.#fusion.fuse(filters, feedback, fusionQubits),
    );
    return { prices, prospects, mixture, preferences };
  }

  /**
   * For what else is done with the answer.
   *
   * @throws {QarError} `DEADLINE_MISSED` when the time of the last decision is over.
   */
  checkTime(): void {
    const lateNs = this.recorder.nowNs() - this.#deadlineNs;
    if (lateNs > 0) throw new QarError('DEADLINE_MISSED', `the answer is ${lateNs} ns too late`);
  }

  #prospects(question: PathQuestion, prices: Float64Array, qubits: QubitLease): Float64Array {
    const prospects = new Float64Array(ACTIONS.length);
    prospects[SHORT] = this.#prospectOf(-1, question, prices, qubits);
    prospects[LONG] = this.#prospectOf(1, question, prices, qubits);
    return prospects;
  }

  #prospectOf(
    side: 1 | -1,
    question: PathQuestion,
    prices: Float64Array,
    qubits: QubitLease,
  ): number {
    const lottery = { probabilities: prices, payoffs: horizonPayoffs(question, prices, side) };
    const { value } = this.#run('prospect', () =>
      this.#prospect.value(lottery, TVERSKY_KAHNEMAN_1992, qubits),
    );
    return value;
  }

  #run<Result extends { readonly trace: CircuitTrace }>(
    name: CircuitName,
    circuit: () => Result,
  ): Result {
    const result = this.recorder.time(name, circuit);
    const lateNs = this.recorder.lastReadNs - this.#deadlineNs;
    if (lateNs > 0) throw new QarError('DEADLINE_MISSED', `${name} ended ${lateNs} ns too late`);
    return result;
  }

  #lease(owner: CircuitName, qubits: number): QubitLease {
    return this.#pool.acquireNow({ owner, min: qubits, max: qubits });
  }

  [Symbol.dispose](): void {
    this.#lmsr[Symbol.dispose]();
    this.#prospect[Symbol.dispose]();
    this.#hedge[Symbol.dispose]();
    this.#fusion[Symbol.dispose]();
    this.#compiler[Symbol.dispose]();
  }
}
