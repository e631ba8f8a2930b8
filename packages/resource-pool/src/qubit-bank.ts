import type { Circuit, RandomSource } from '@sema/simulator';
import { ResourcePoolError } from './errors.ts';
import type { QubitRequest } from './owner-accounts.ts';
import type { QubitLease } from './qubit-lease.ts';
import { QubitPool } from './qubit-pool.ts';
import type { QubitPoolOptions, Rebalance } from './qubit-pool.ts';
import { Registers } from './registers/registers.ts';
import type { RegisterRunOptions, RegistersOptions } from './registers/registers.ts';
import type { WaitingRequest } from './waiting-line.ts';

/** A lease of qubits that have a state, all |0⟩ at first. */
export interface StateLease extends QubitLease {
  /**
   * Runs a circuit on the lease, its qubit k on qubits[k]; the bank's random source when none is
   * given.
   *
   * @throws {ResourcePoolError} `DISPOSED`, and what `Registers.run` throws
   */
  run(circuit: Circuit, options?: RegisterRunOptions): { bits: Uint8Array };
  /**
   * Measures every qubit of the lease and leaves it |0⟩, which disentangles whoever was entangled
   * with it. Draws one number a qubit.
   *
   * @returns the outcomes, in the order of `qubits`.
   * @throws {ResourcePoolError} `DISPOSED`
   */
  measureAndReset(): Uint8Array;
  /**
   * Gives the qubits back, proven |0⟩; the lease stays open when they are not.
   *
   * @throws {ResourcePoolError} `ENTANGLED`, its `partners` the qubits that the entanglement is
   *   shared with; `NOT_ZERO`
   */
  release(): void;
  /** Gives the qubits back whatever their state: what is not proven |0⟩ is measured and reset. */
  [Symbol.dispose](): void;
}

export interface QubitBankOptions extends QubitPoolOptions, RegistersOptions {
  /** Decides measurements, those at disposal included. */
  readonly random: RandomSource;
}

/**
 * A pool whose qubits have a state: free qubits are always |0⟩, so nobody finds what another left.
 * Leases are taken and queued for as in `QubitPool`; gates between leases go through `registers`.
 */
export class QubitBank {
  readonly pool: QubitPool;
  readonly registers: Registers;
  readonly #random: RandomSource;

  /** @throws {ResourcePoolError} as `QubitPool` and `Registers` */
  constructor(capacity: number, options: QubitBankOptions) {
    this.pool = new QubitPool(capacity, options);
    this.registers = new Registers(capacity, options);
    this.#random = options.random;
  }

  /** As `QubitPool.tryAcquire`. */
  tryAcquire(request: QubitRequest): StateLease | undefined {
    const lease = this.pool.tryAcquire(request);
    return lease && this.#withState(lease);
  }

  /** As `QubitPool.acquireNow`. */
  acquireNow(request: QubitRequest): StateLease {
    return this.#withState(this.pool.acquireNow(request));
  }

  /** As `QubitPool.acquire`. */
  async acquire(request: WaitingRequest): Promise<StateLease> {
    return this.#withState(await this.pool.acquire(request));
  }

  /**
   * As `QubitPool.rebalance`, and the states move along: by name only, so no amplitude changes.
   * O(qubits).
   *
   * @throws {ResourcePoolError} `INVALID_REQUEST`
   */
  rebalance(weights?: Readonly<Record<string, number>>): Rebalance {
    const rebalance = this.pool.rebalance(weights);
    this.registers.relabel(rebalance.destination);
    return rebalance;
  }

  #withState(lease: QubitLease): StateLease {
    return new BankLease(lease, this.registers, this.#random);
  }
}

class BankLease implements StateLease {
  readonly #lease: QubitLease;
  readonly #registers: Registers;
  readonly #random: RandomSource;

  constructor(lease: QubitLease, registers: Registers, random: RandomSource) {
    this.#lease = lease;
    this.#registers = registers;
    this.#random = random;
  }

  get owner(): string {
    return this.#lease.owner;
  }

  get qubits(): readonly number[] {
    return this.#lease.qubits;
  }

  get size(): number {
    return this.#lease.size;
  }

  get released(): boolean {
    return this.#lease.released;
  }

  run(circuit: Circuit, options: RegisterRunOptions = {}): { bits: Uint8Array } {
    return this.#registers.run(circuit, this.qubits, { random: this.#random, ...options });
  }

  measureAndReset(): Uint8Array {
    return Uint8Array.from(this.qubits, (qubit) => this.#registers.reset(qubit, this.#random));
  }

  release(): void {
    if (this.released) return;
    this.#registers.checkZero(this.qubits);
    this.#lease.release();
  }

  [Symbol.dispose](): void {
    if (this.released) return;
    try {
      this.#registers.checkZero(this.qubits);
    } catch (error) {
      if (!(error instanceof ResourcePoolError)) throw error;
      this.measureAndReset();
    }
    this.#lease.release();
  }
}
