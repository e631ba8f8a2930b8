import type { Lease, LeaseBook } from '@sema/qar/ports';

/**
 * Who is there: each node holds one of a fixed number of places for as long as it renews it, and
 * sees who holds the others. Nobody has to be told of a node that comes or goes.
 */
export class Membership {
  readonly #leases: LeaseBook;
  readonly #node: string;
  readonly #places: readonly string[];
  #mine: Lease | undefined;

  /** @param places - the most nodes that there can be at once. */
  constructor(leases: LeaseBook, node: string, places: number) {
    this.#leases = leases;
    this.#node = node;
    this.#places = Array.from({ length: places }, (_, index) => `member.${String(index)}`);
  }

  /** Renews this node's place, or takes one; says whether it has one. */
  async renew(): Promise<boolean> {
    if (this.#mine !== undefined && !(await this.#mine.renew())) this.#mine = undefined;
    for (const place of this.#places) {
      if (this.#mine !== undefined) break;
      this.#mine = await this.#leases.acquire(place, this.#node);
    }
    return this.#mine !== undefined;
  }

  /** Names of the nodes that are there, sorted. */
  async nodes(): Promise<string[]> {
    const holders = await Promise.all(this.#places.map((place) => this.#leases.holder(place)));
    return [...new Set(holders.filter((holder) => holder !== undefined))].sort();
  }

  async leave(): Promise<void> {
    const mine = this.#mine;
    this.#mine = undefined;
    await mine?.release();
  }
}
