import { choiceProbabilities, TVERSKY_KAHNEMAN_1992 } from '@sema/algorithms';
import type { CircuitTrace } from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import type { QubitLease, QubitPool } from '@sema/resource-pool';
import { ACTIONS } from './actions.ts';
import type { CircuitName, CircuitRecorder } from './circuit-recorder.ts';
import { QarError } from './errors.ts';
import { actionFilters } from './fusion.ts';
import type { Machine } from './machine.ts';
import type { PathQuestion } from './path-question.ts';
import { lotteryOf } from './path-question.ts';
import { readInQuarters } from './resources/algorithm-circuits.ts';
import { DecisionQubits } from './resources/decision-qubits.ts';
import type { QubitSettings } from './resources/qubit-shares.ts';
import type { PathAnswer } from './twin-path.ts';

const [SHORT, LONG] = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

/**
 * The decision by circuits, on qubits leased by the plan of the question and given back also when
 * one throws.
 */
export class QuantumPath implements Disposable {
  readonly #pool: QubitPool;
  readonly recorder: CircuitRecorder;
  readonly #settings: QubitSettings;
  readonly #machine: Machine;
  /** Of the decision that is being made, on the recorder's clock. */
  #deadlineNs = Infinity;

  /** @param machine - of these settings; disposed of with the path. */
  constructor(
    pool: QubitPool,
    recorder: CircuitRecorder,
    settings: QubitSettings,
    machine: Machine,
  ) {
    this.#pool = pool;
    this.recorder = recorder;
    this.#settings = settings;
    this.#machine = machine;
  }

  /**
   * @param limitMs - how long the circuits may take together; null for ever. A circuit is not
   *   broken off: the limit is looked at after each.
   * @throws {QarError} `DEADLINE_MISSED`
   */
  decide(question: PathQuestion, feedback: FeedbackOperator, limitMs: number | null): PathAnswer {
    this.#deadlineNs = limitMs === null ? Infinity : this.recorder.nowNs() + limitMs * 1e6;
    const { registers } = question.plan;
    const { algorithms } = this.#machine;
    using qubits = new DecisionQubits(this.#pool, this.#settings, question.plan);
    const { prices } = this.#run('lmsr', () =>
      readInQuarters(algorithms.lmsr(registers.lmsr).settle(question, qubits.of('lmsr'))),
    );
    const prospects = this.#prospects(question, prices, qubits.of('prospect'));
    const { probability: mixture } = this.#run('hedge', () =>
      algorithms
        .hedge(registers.hedge)
        .mixture(question.weights, question.probabilities, qubits.of('hedge')),
    );
    const choices = choiceProbabilities(prospects, question.choiceSensitivity);
    const filters = actionFilters(prices, choices, mixture);
    const core = qubits.beginFusion();
    const { preferences } = this.#run('fusion', () =>
      this.#machine.fuse(filters, question.pattern, feedback, core),
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
    const circuit = this.#machine.algorithms.prospect(question.plan.registers.prospect);
    const lottery = lotteryOf(question, prices, side);
    const { value } = this.#run('prospect', () =>
      circuit.value(lottery, TVERSKY_KAHNEMAN_1992, qubits),
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

  [Symbol.dispose](): void {
    this.#machine[Symbol.dispose]();
  }
}
