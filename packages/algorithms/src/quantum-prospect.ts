import { AncillaCircuit } from './ancilla-circuit.ts';
import type { CircuitOptions, QubitRegister, TraceMemory } from './ancilla-circuit.ts';
import { explainProspect } from './explain-prospect.ts';
import type { ProspectExplanation } from './explain-prospect.ts';
import { subjectiveMemory, writeSubjectiveLottery } from './prospect.ts';
import type { Lottery, ProspectParameters, SubjectiveMemory } from './prospect.ts';

/**
 * Cumulative prospect theory as a circuit. Decision weights π, with sum Π, are prepared as
 * Σ √(πᵢ/Π) |i⟩, and each outcome gives an ancilla's 1 the probability (v − v_min)/(v_max − v_min).
 * Reading the ancilla gives the value Π·(v_min + (v_max − v_min)·P(1)).
 *
 * The classical twin is `prospectValue`.
 */
export class QuantumProspect implements Disposable {
  readonly #circuit: AncillaCircuit;
  readonly #subjective: SubjectiveMemory;

  /**
   * @param outcomeQubits - k, 1 … 14, for lotteries of 2^k outcomes (pad with probability 0). One
   * qubit more is needed as ancilla.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(outcomeQubits: number, options?: CircuitOptions) {
    this.#circuit = new AncillaCircuit(outcomeQubits, options);
    this.#subjective = subjectiveMemory(this.#circuit.outcomes);
  }

  get requiredQubits(): number {
    return this.#circuit.requiredQubits;
  }

  /** Memory for a valuation. */
  valuation(): QuantumValuation {
    // In this order, because an object that begins with `value` is one with iterator results to an
    // engine, and would have its number anew on the heap.
    return { trace: this.#circuit.meanTrace(), value: 0.5 };
  }

  /**
   * The value of a lottery, read from the circuit.
   *
   * @param register - lends at least `requiredQubits`.
   * @param into - receives the result; given again on each call, no object is made.
   * @returns the value, within 1e-14 × (v_max − v_min + max |v|) of the twin.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  value(
    lottery: Lottery,
    parameters: ProspectParameters,
    register: QubitRegister,
    into: QuantumValuation = this.valuation(),
  ): QuantumValuation {
    const { weights, values } = this.#subjective;
    writeSubjectiveLottery(lottery, parameters, this.#subjective);
    let sum = 0;
    let worst = Infinity;
    let best = -Infinity;
    for (let i = 0; i < values.length; i += 1) {
      sum += weights[i];
      worst = Math.min(worst, values[i]);
      best = Math.max(best, values[i]);
    }
    const spread = best - worst;
    const { factors } = this.#circuit;
    for (let i = 0; i < values.length; i += 1) {
      factors[i] = spread > 0 ? Math.sqrt((values[i] - worst) / spread) : 0;
    }
    this.#circuit.mean(weights, register, into.trace);
    into.value = sum * (worst + spread * into.trace.measurements[1]);
    return into;
  }

  /** Why a lottery is worth what it is; errors as {@link value}. */
  explain(lottery: Lottery, parameters: ProspectParameters): ProspectExplanation {
    return explainProspect(lottery, parameters);
  }

  [Symbol.dispose](): void {
    this.#circuit[Symbol.dispose]();
  }
}

/** The value of a lottery, in memory that may be filled again. */
export interface QuantumValuation {
  value: number;
  readonly trace: TraceMemory;
}
