import { QuantumHedge, QuantumLmsr, QuantumProspect } from '@sema/algorithms';
import type { CircuitCompiler, CircuitTrace, QuantumSettlement } from '@sema/algorithms';
import { EXPERT_QUBITS } from '../board.ts';
import { LEAST_EXPERT_QUBITS } from './qubit-plan.ts';
import { ALGORITHM_LIMITS } from './qubit-shares.ts';

/**
 * The algorithms' circuits by qubits of their data registers, from the fewest that they may hold to
 * the most that a decision can use, all compiled beforehand so that no decision waits for one.
 */
export class AlgorithmCircuits implements Disposable {
  readonly #lmsr: readonly QuantumLmsr[];
  readonly #prospect: readonly QuantumProspect[];
  readonly #hedge: readonly QuantumHedge[];

  constructor(returnQubits: number, compiler: CircuitCompiler) {
    const { lmsr, prospect } = ALGORITHM_LIMITS;
    const options = { compiler };
    this.#lmsr = each(lmsr.min - 1, returnQubits, (k) => new QuantumLmsr(k, options));
    this.#prospect = each(prospect.min - 1, returnQubits, (k) => new QuantumProspect(k, options));
    this.#hedge = each(LEAST_EXPERT_QUBITS, EXPERT_QUBITS, (k) => new QuantumHedge(k, options));
  }

  lmsr(dataQubits: number): QuantumLmsr {
    return this.#lmsr[dataQubits - ALGORITHM_LIMITS.lmsr.min + 1];
  }

  prospect(dataQubits: number): QuantumProspect {
    return this.#prospect[dataQubits - ALGORITHM_LIMITS.prospect.min + 1];
  }

  hedge(dataQubits: number): QuantumHedge {
    return this.#hedge[dataQubits - LEAST_EXPERT_QUBITS];
  }

  [Symbol.dispose](): void {
    for (const circuit of [...this.#lmsr, ...this.#prospect, ...this.#hedge]) {
      circuit[Symbol.dispose]();
    }
  }
}

/**
 * A settlement whose trace reads four groups of bins, as many as the smallest register has, so that
 * runs on registers of any size can be compared.
 */
export function readInQuarters({ prices, trace }: QuantumSettlement): {
  readonly prices: Float64Array;
  readonly trace: CircuitTrace;
} {
  const measurements = new Float64Array(4);
  const { length } = prices;
  for (let bin = 0; bin < length; bin++) {
    measurements[Math.floor((4 * bin) / length)] += prices[bin];
  }
  const { coherence, successProbability } = trace;
  return { prices, trace: { measurements, coherence, successProbability } };
}

function each<Circuit>(from: number, to: number, make: (qubits: number) => Circuit): Circuit[] {
  return Array.from({ length: to - from + 1 }, (_, index) => make(from + index));
}
