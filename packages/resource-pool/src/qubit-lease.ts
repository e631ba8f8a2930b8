import { ResourcePoolError } from './errors.ts';

/** Some qubits of a pool, held by one owner until they are released. */
export interface QubitLease extends Disposable {
  readonly owner: string;
  /**
   * The qubits held, ascending, frozen. Rebalancing the pool may move the lease to others; its k-th
   * qubit stays its k-th.
   *
   * @throws {ResourcePoolError} `DISPOSED` once the lease is released
   */
  readonly qubits: readonly number[];
  readonly size: number;
  readonly released: boolean;
  /** Gives the qubits back. Releasing again does nothing, so it is safe beside `using`. */
  release(): void;
}

/** The lease that `QubitPool` hands out. Only the pool makes one. */
export class PooledLease implements QubitLease {
  readonly owner: string;
  readonly size: number;
  /** Bit q is set when the lease holds qubit q. */
  #mask: number;
  #qubits: readonly number[] | undefined;
  /** Undefined once released, so that a lease somebody keeps does not keep its pool. */
  #giveBack: ((lease: PooledLease) => void) | undefined;

  constructor(owner: string, mask: number, size: number, giveBack: (lease: PooledLease) => void) {
    this.owner = owner;
    this.size = size;
    this.#mask = mask;
    this.#giveBack = giveBack;
  }

  get mask(): number {
    return this.#mask;
  }

  get qubits(): readonly number[] {
    if (this.#giveBack === undefined) {
      throw new ResourcePoolError(
        'DISPOSED',
        `this lease of "${this.owner}" was released; its qubits may belong to another owner`,
      );
    }
    this.#qubits ??= Object.freeze(bitsOf(this.#mask));
    return this.#qubits;
  }

  get released(): boolean {
    return this.#giveBack === undefined;
  }

  /** Moves the lease to as many other qubits. */
  move(mask: number): void {
    this.#mask = mask;
    this.#qubits = undefined;
  }

  release(): void {
    const giveBack = this.#giveBack;
    if (giveBack === undefined) return;
    this.#giveBack = undefined;
    giveBack(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** The positions of the set bits of a 32-bit mask, ascending. */
function bitsOf(mask: number): number[] {
  const positions: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    positions.push(31 - Math.clz32(rest & -rest));
  }
  return positions;
}
