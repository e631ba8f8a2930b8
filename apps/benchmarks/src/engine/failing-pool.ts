import { QubitPool, type QubitLease, type QubitRequest } from '@sema/resource-pool';
import type { RandomSource } from '@sema/simulator';

/**
 * A pool in which chosen decisions meet a failure: one of their requests throws, when circuits
 * before it hold their qubits already.
 */
export class FailingPool extends QubitPool {
  readonly #random: RandomSource;
  #failures = 0;
  /** Requests of the decision before, and of this one so far. */
  #usual = 1;
  #requests = 0;
  #failing = Infinity;

  constructor(capacity: number, random: RandomSource) {
    super(capacity);
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Called before each decision. */
  begin(fails: boolean): void {
    if (this.#failing === Infinity && this.#requests > 0) this.#usual = this.#requests;
    this.#requests = 0;
    this.#failing = fails ? Math.floor(this.#usual * this.#random.next()) : Infinity;
  }

  override tryAcquire(request: QubitRequest): QubitLease | undefined {
    if (this.#requests++ === this.#failing) {
      this.#failures++;
      throw new RangeError('injected');
    }
    return super.tryAcquire(request);
  }
}
