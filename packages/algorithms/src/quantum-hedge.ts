import { exp } from '@sema/simulator/elementary';
import { AncillaCircuit } from './ancilla-circuit.ts';
import type { CircuitTrace, QubitRegister } from './ancilla-circuit.ts';
import { checkLength } from './argument-checks.ts';
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
  readonly requiredQubits: number;
  readonly #circuit: AncillaCircuit;
  readonly #factors: Float64Array;

  /**
   * @param expertQubits - k, 1 … 14, for 2^k experts (pad with weight 0). One qubit more is needed
   * as ancilla.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(expertQubits: number) {
    this.#circuit = new AncillaCircuit(expertQubits);
    this.requiredQubits = this.#circuit.requiredQubits;
    this.#factors = new Float64Array(this.#circuit.outcomes);
  }

  /**
   * One round of Hedge from given weights.
   *
   * @param weights - 2^k, ≥ 0, sum 1.
   * @param losses - 2^k in [0, 1].
   * @param learningRate - η in [1e-9, 500].
   * @param register - lends at least `requiredQubits`.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  filter(
    weights: ArrayLike<number>,
    losses: ArrayLike<number>,
    learningRate: number,
    register: QubitRegister,
  ): { readonly weights: Float64Array; readonly trace: CircuitTrace } {
    checkHedgeRound(weights, losses, learningRate);
    checkLength('weights', weights, this.#factors.length);
    for (let i = 0; i < losses.length; i += 1) {
      this.#factors[i] = exp((-learningRate * losses[i]) / 2);
    }
    const { distribution, trace } = this.#circuit.filter(weights, this.#factors, register);
    return { weights: distribution, trace };
  }

  /**
   * Σ wᵢpᵢ.
   *
   * @param weights - 2^k, ≥ 0, sum 1.
   * @param probabilities - 2^k in [0, 1].
   * @param register - lends at least `requiredQubits`.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  mixture(
    weights: ArrayLike<number>,
    probabilities: ArrayLike<number>,
    register: QubitRegister,
  ): { readonly probability: number; readonly trace: CircuitTrace } {
    checkMixture(weights, probabilities);
    checkLength('weights', weights, this.#factors.length);
    for (let i = 0; i < probabilities.length; i += 1) {
      this.#factors[i] = Math.sqrt(probabilities[i]);
    }
    const { mean, trace } = this.#circuit.mean(weights, this.#factors, register);
    return { probability: mean, trace };
  }

  [Symbol.dispose](): void {
    this.#circuit[Symbol.dispose]();
  }
}
