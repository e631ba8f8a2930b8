import { exp, log } from '@sema/simulator/elementary';
import { AncillaCircuit } from './ancilla-circuit.ts';
import type { CircuitTrace, QubitRegister } from './ancilla-circuit.ts';
import { checkLength } from './argument-checks.ts';
import { checkTrade } from './lmsr.ts';
import type { MarketTrade, Settlement } from './lmsr.ts';

/**
 * The logarithmic market scoring rule as a circuit. Prices are the Born probabilities of Σ √pᵢ |i⟩,
 * so the state is e^{q/2b} normalised, and a trade is the diagonal filter e^{Δq/2b}, scaled by its
 * largest entry and realised with an ancilla. The filter succeeds with probability e^{(C(q') − C(q)
 * − max Δq)/b}: its success *is* the cost.
 *
 * The classical twin is `settleTrade`.
 */
export class QuantumLmsr implements Disposable {
  readonly requiredQubits: number;
  readonly #circuit: AncillaCircuit;
  readonly #factors: Float64Array;

  /**
   * @param outcomeQubits - k, 1 … 14, for markets of 2^k outcomes. One qubit more is needed as
   * ancilla.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(outcomeQubits: number) {
    this.#circuit = new AncillaCircuit(outcomeQubits);
    this.requiredQubits = this.#circuit.requiredQubits;
    this.#factors = new Float64Array(this.#circuit.outcomes);
  }

  /**
   * Prices and cost of a trade, read from the circuit.
   *
   * @param register - lends at least `requiredQubits`.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  settle(
    trade: MarketTrade,
    register: QubitRegister,
  ): Settlement & { readonly trace: CircuitTrace } {
    checkTrade(trade);
    checkLength('prior', trade.prior, this.#circuit.outcomes);
    const { prior, shares, liquidity } = trade;
    let largest = -Infinity;
    for (let i = 0; i < shares.length; i += 1) largest = Math.max(largest, shares[i]);
    for (let i = 0; i < shares.length; i += 1) {
      this.#factors[i] = exp((shares[i] - largest) / liquidity / 2);
    }
    const { distribution, trace } = this.#circuit.filter(prior, this.#factors, register);
    const cost = largest + liquidity * log(trace.successProbability);
    return { prices: distribution, cost, trace };
  }

  [Symbol.dispose](): void {
    this.#circuit[Symbol.dispose]();
  }
}
