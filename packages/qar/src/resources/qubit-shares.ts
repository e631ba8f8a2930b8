import type { OwnerLimits } from '@sema/resource-pool';
import { QarError } from '../errors.ts';

/** Qubits the engine owns. */
export const POOL_QUBITS = 25;

/** The algorithms that share qubits by how good their word was, in the order of their quotas. */
export const ALGORITHMS = ['lmsr', 'prospect', 'hedge'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What each algorithm may hold of them; the least is what its smallest circuit needs. */
export const ALGORITHM_LIMITS: Readonly<Record<Algorithm, OwnerLimits>> = {
  lmsr: { min: 3, max: 12 },
  prospect: { min: 4, max: 10 },
  hedge: { min: 3, max: 15 },
};

/** How the qubits are split. */
export interface QubitShares {
  /** The register of actions with its ancillas; lent to the algorithms until the fusion. */
  readonly core: number;
  /** The experts' and regimes' amplitudes that one decision reads. */
  readonly workingMemory: number;
  /** The regime's operator. */
  readonly feedback: number;
  /** The three algorithms, besides what the core lends them. */
  readonly algorithms: number;
}

/** How qubits are split and what for. */
export interface QubitSettings extends QubitShares {
  /** Most qubits that index bins of returns: 2^k bins. */
  readonly returnQubits: number;
  /**
   * Whether the regime's pattern entangles the algorithms' marks: never, where it was measured to
   * lower the loss, or always.
   */
  readonly entanglement: 'none' | 'learned' | 'always';
  /** θ of the patterns, radians; beyond 0 towards synergy, below towards redundancy. */
  readonly entanglementAngle: number;
}

export const DEFAULT_QUBITS: QubitSettings = {
  core: 7,
  workingMemory: 6,
  feedback: 4,
  algorithms: 8,
  returnQubits: 3,
  entanglement: 'none',
  entanglementAngle: -Math.PI / 8,
};

/** @throws {QarError} `BAD_CONFIGURATION` when the shares add up to more than there are. */
export function checkShares({ core, workingMemory, feedback, algorithms }: QubitShares): void {
  const sum = core + workingMemory + feedback + algorithms;
  if (sum <= POOL_QUBITS) return;
  throw new QarError(
    'BAD_CONFIGURATION',
    `the qubits add up to ${sum}; they must be at most ${POOL_QUBITS}`,
  );
}

/**
 * Who may lease, and how much: what working memory and feedback have is kept for them. For the
 * algorithms and the core nothing is kept, because they hold the same qubits one after the other;
 * each asks for all it needs at once.
 */
export function poolOwners(shares: QubitShares): Readonly<Record<string, OwnerLimits>> {
  const { core, workingMemory, feedback } = shares;
  return {
    core: { min: 0, max: core },
    workingMemory: { min: workingMemory, max: workingMemory },
    feedback: { min: feedback, max: feedback },
    lmsr: { min: 0, max: ALGORITHM_LIMITS.lmsr.max },
    prospect: { min: 0, max: ALGORITHM_LIMITS.prospect.max },
    hedge: { min: 0, max: ALGORITHM_LIMITS.hedge.max },
  };
}
