import { quotasOf } from '@sema/resource-pool';
import { EXPERT_QUBITS } from '../board.ts';
import { ALGORITHM_LIMITS } from './qubit-shares.ts';
import type { Algorithm, QubitShares } from './qubit-shares.ts';

/** Which qubits one decision may use, and which it uses. */
export interface QubitPlan {
  /** What each algorithm may hold: together the share of the algorithms and that of the core. */
  readonly quotas: Readonly<Record<Algorithm, number>>;
  /**
   * Qubits of each data register. The circuit leases one more, its ancilla; what its quota grants
   * above that stays in the pool.
   */
  readonly registers: Readonly<Record<Algorithm, number>>;
}

/**
 * Turns what was learned of the algorithms into quotas, and quotas into registers.
 *
 * - LMSR and prospect theory have 2^k bins of returns, k at most `returnQubits`.
 * - Hedge has a basis state for each voter, as far as they reach: the heaviest are heard.
 *
 * @param weights - of the algorithms, in the order of `ALGORITHMS`; ≥ 0, only ratios count.
 * @param voters - how many experts vote.
 */
export function planQubits(
  weights: ArrayLike<number>,
  voters: number,
  shares: QubitShares & { readonly returnQubits: number },
): QubitPlan {
  const [lmsr, prospect, hedge] = [weights[0], weights[1], weights[2]];
  const total = shares.core + shares.algorithms;
  const quotas = quotasOf(total, ALGORITHM_LIMITS, { lmsr, prospect, hedge });
  const { returnQubits } = shares;
  return {
    quotas: { lmsr: quotas.lmsr, prospect: quotas.prospect, hedge: quotas.hedge },
    registers: {
      lmsr: Math.min(quotas.lmsr - 1, returnQubits),
      prospect: Math.min(quotas.prospect - 1, returnQubits),
      hedge: Math.min(quotas.hedge - 1, expertQubits(voters)),
    },
  };
}

/** Qubits of the smallest register that Hedge has. */
export const LEAST_EXPERT_QUBITS = 2;

/** The fewest qubits with a basis state for each voter. */
function expertQubits(voters: number): number {
  let qubits = LEAST_EXPERT_QUBITS;
  while (qubits < EXPERT_QUBITS && 1 << qubits < voters) qubits += 1;
  return qubits;
}
