import { expInto } from '@sema/simulator/elementary';
import { AncillaCircuit } from './ancilla-circuit.ts';
import type { CircuitOptions, QubitRegister, TraceMemory } from './ancilla-circuit.ts';
import { checkLength } from './argument-checks.ts';
import { explainRound } from './explain-round.ts';
import type { RoundExplanation } from './explain-round.ts';
import { checkHedgeRound, checkMixture } from './hedge.ts';

/**
 * Hedge as a circuit. Weights are the Born probabilities of Σ √wᵢ |i⟩. A round of losses is the
 * imaginary-time filter e^{−ηℓ/2}, realised with an ancilla; it succeeds with probability
 * Σ wᵢ e^{−ηℓᵢ} = e^{−η × mix loss}. The experts' opinions mix in an ancilla whose 1 has
 * probability Σ wᵢpᵢ.
 *
 * The classical twins are `hedgeUpdate` and `mixtureProbability`.
 */
export class QuantumHedge implements Disposable {
  readonly #circuit: AncillaCircuit;

  /**
   * @param expertQubits - k, 1 … 14, for 2^k experts (pad with weight 0). One qubit more is needed
   * as ancilla.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(expertQubits: number, options?: CircuitOptions) {
    this.#circuit = new AncillaCircuit(expertQubits, options);
  }

  get requiredQubits(): number {
    return this.#circuit.requiredQubits;
  }

  /** Memory for a filtered round. */
  round(): QuantumRound {
    return {
      weights: new Float64Array(this.#circuit.outcomes),
      trace: this.#circuit.filterTrace(),
    };
  }

  /** Memory for a mixture. */
  mixed(): QuantumMixture {
    return { probability: 0.5, trace: this.#circuit.meanTrace() };
  }

  /**
   * One round of Hedge from given weights.
   *
   * @param weights - 2^k, ≥ 0, sum 1.
   * @param losses - 2^k in [0, 1].
   * @param learningRate - η in [1e-9, 500].
   * @param register - lends at least `requiredQubits`.
   * @param into - receives the result; given again on each call, no object is made.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  filter(
    weights: ArrayLike<number>,
    losses: ArrayLike<number>,
    learningRate: number,
    register: QubitRegister,
    into: QuantumRound = this.round(),
  ): QuantumRound {
    checkHedgeRound(weights, losses, learningRate);
    checkLength('weights', weights, this.#circuit.outcomes);
    const { factors } = this.#circuit;
    for (let i = 0; i < losses.length; i += 1) factors[i] = (-learningRate * losses[i]) / 2;
    expInto(factors, factors);
    this.#circuit.filter(weights, register, into.weights, into.trace);
    return into;
  }

  /**
   * Σ wᵢpᵢ.
   *
   * @param weights - 2^k, ≥ 0, sum 1.
   * @param probabilities - 2^k in [0, 1].
   * @param register - lends at least `requiredQubits`.
   * @param into - receives the result; given again on each call, no object is made.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  mixture(
    weights: ArrayLike<number>,
    probabilities: ArrayLike<number>,
    register: QubitRegister,
    into: QuantumMixture = this.mixed(),
  ): QuantumMixture {
    checkMixture(weights, probabilities);
    checkLength('weights', weights, this.#circuit.outcomes);
    const { factors } = this.#circuit;
    for (let i = 0; i < probabilities.length; i += 1) factors[i] = Math.sqrt(probabilities[i]);
    this.#circuit.mean(weights, register, into.trace);
    into.probability = into.trace.measurements[1];
    return into;
  }

  /** Why a round of losses moves each weight; arguments and errors as {@link filter}. */
  explain(
    weights: ArrayLike<number>,
    losses: ArrayLike<number>,
    learningRate: number,
  ): RoundExplanation {
    return explainRound(weights, losses, learningRate);
  }

  [Symbol.dispose](): void {
    this.#circuit[Symbol.dispose]();
  }
}

/** Weights after a round, in memory that may be filled again. */
export interface QuantumRound {
  readonly weights: Float64Array;
  readonly trace: TraceMemory;
}

/** A mixture of opinions, in memory that may be filled again. */
export interface QuantumMixture {
  probability: number;
  readonly trace: TraceMemory;
}
