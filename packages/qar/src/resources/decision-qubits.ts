import type { QubitLease, QubitPool } from '@sema/resource-pool';
import type { QubitPlan } from './qubit-plan.ts';
import { ALGORITHMS } from './qubit-shares.ts';
import type { Algorithm, QubitShares } from './qubit-shares.ts';

/**
 * The qubits of one decision. Working memory holds its share all along. The three algorithms hold
 * theirs until all have answered; then they give them back, and the core and the feedback lease
 * theirs for the fusion. Disposing returns whatever is held, and so does a lease that fails.
 */
export class DecisionQubits implements Disposable {
  readonly #pool: QubitPool;
  readonly #shares: QubitShares;
  readonly #workingMemory: QubitLease | undefined;
  #feedback: QubitLease | undefined;
  #core: QubitLease | undefined;
  readonly #algorithms: Record<Algorithm, QubitLease | undefined> = {
    lmsr: undefined,
    prospect: undefined,
    hedge: undefined,
  };

  /** @throws {ResourcePoolError} what `QubitPool.acquireNow` throws; nothing is held then. */
  constructor(pool: QubitPool, shares: QubitShares, plan: QubitPlan) {
    this.#pool = pool;
    this.#shares = shares;
    try {
      this.#workingMemory = this.#lease('workingMemory', shares.workingMemory);
      for (const algorithm of ALGORITHMS) {
        const size = plan.registers[algorithm] + 1;
        this.#algorithms[algorithm] = this.#lease(algorithm, size);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** What an algorithm holds, until the fusion begins. */
  of(algorithm: Algorithm): QubitLease {
    const lease = this.#algorithms[algorithm];
    if (lease === undefined) throw new TypeError(`${algorithm} holds nothing any more`);
    return lease;
  }

  /**
   * Takes back what the algorithms hold, and leases the core and the feedback theirs.
   *
   * @returns what the core holds.
   * @throws {ResourcePoolError} as the constructor; nothing is held then.
   */
  beginFusion(): QubitLease {
    try {
      this.#releaseAlgorithms();
      this.#core = this.#lease('core', this.#shares.core);
      this.#feedback = this.#lease('feedback', this.#shares.feedback);
      return this.#core;
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#core?.release();
    this.#feedback?.release();
    this.#releaseAlgorithms();
    this.#workingMemory?.release();
  }

  #releaseAlgorithms(): void {
    for (const algorithm of ALGORITHMS) {
      this.#algorithms[algorithm]?.release();
      this.#algorithms[algorithm] = undefined;
    }
  }

  #lease(owner: string, qubits: number): QubitLease {
    return this.#pool.acquireNow({ owner, min: qubits, max: qubits });
  }
}
