import { expInto, logInto } from '@sema/simulator/elementary';
import { AncillaCircuit } from './ancilla-circuit.ts';
import type { CircuitOptions, QubitRegister, TraceMemory } from './ancilla-circuit.ts';
import { checkLength } from './argument-checks.ts';
import { explainTrade } from './explain-trade.ts';
import type { TradeExplanation } from './explain-trade.ts';
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
  readonly #circuit: AncillaCircuit;
  /** max Δq, and the logarithm of the success probability. */
  readonly #terms = new Float64Array(2);

  /**
   * @param outcomeQubits - k, 1 … 14, for markets of 2^k outcomes. One qubit more is needed as
   * ancilla.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(outcomeQubits: number, options?: CircuitOptions) {
    this.#circuit = new AncillaCircuit(outcomeQubits, options);
  }

  get requiredQubits(): number {
    return this.#circuit.requiredQubits;
  }

  /** Memory for a settlement. */
  settlement(): QuantumSettlement {
    const prices = new Float64Array(this.#circuit.outcomes);
    return { prices, cost: 0.5, trace: this.#circuit.filterTrace() };
  }

  /**
   * Prices and cost of a trade, read from the circuit.
   *
   * @param register - lends at least `requiredQubits`.
   * @param into - receives the result; given again on each call, no object is made.
   * @throws {AlgorithmError} `NOT_A_DISTRIBUTION`, `OUT_OF_RANGE`, `LENGTH_MISMATCH`, `EMPTY`,
   * `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  settle(
    trade: MarketTrade,
    register: QubitRegister,
    into: QuantumSettlement = this.settlement(),
  ): QuantumSettlement {
    checkTrade(trade);
    checkLength('prior', trade.prior, this.#circuit.outcomes);
    this.#writeFactors(trade);
    this.#circuit.filter(trade.prior, register, into.prices, into.trace);
    this.#terms[1] = into.trace.successProbability;
    logInto(this.#terms, this.#terms, 1, 2);
    into.cost = this.#terms[0] + trade.liquidity * this.#terms[1];
    return into;
  }

  /** e^{(Δqᵢ − max Δq)/2b}. */
  #writeFactors({ shares, liquidity }: MarketTrade): void {
    const { factors } = this.#circuit;
    let largest = -Infinity;
    for (let i = 0; i < shares.length; i += 1) largest = Math.max(largest, shares[i]);
    for (let i = 0; i < shares.length; i += 1) factors[i] = (shares[i] - largest) / liquidity / 2;
    expInto(factors, factors);
    this.#terms[0] = largest;
  }

  /** Why a trade costs what it does and moves each price; errors as {@link settle}. */
  explain(trade: MarketTrade): TradeExplanation {
    return explainTrade(trade);
  }

  [Symbol.dispose](): void {
    this.#circuit[Symbol.dispose]();
  }
}

/** What a trade is settled at, in memory that may be filled again. */
export interface QuantumSettlement extends Settlement {
  cost: number;
  readonly trace: TraceMemory;
}
