import { log1p } from '../elementary.ts';
import type { RandomSource } from '../random.ts';

/** Below this a draw of 32 bits would be too coarse, and two are joined and a logarithm taken. */
const SMALL = 1e-3;

/** Longest jump in a table; longer ones are made of several. */
const LONGEST = 4096;

/** Cells that the unit interval is cut into to find a place in a table quickly. */
const CELLS = 4096;

/** The distribution of how many places are skipped before the next event. */
interface JumpTable {
  /** below[k] is the probability to skip at most k places. */
  readonly below: Float64Array;
  /** The first k whose `below` reaches beyond the start of each cell. */
  readonly starts: Uint16Array;
}

/** Picks out of many places those where an event of small probability happens. */
export class RareEvents {
  readonly #random: RandomSource;
  readonly #tables = new Map<number, JumpTable>();

  /** @param random - its numbers known to be in [0, 1). */
  constructor(random: RandomSource) {
    this.#random = random;
  }

  /**
   * Calls `visit` with each of the places 0, 1, …, count − 1 with this probability, independently,
   * in rising order. The time is that of the visits, and of one more in 4096 places.
   */
  visit(count: number, probability: number, visit: (place: number) => void): void {
    if (probability <= 0) return;
    if (probability < SMALL) this.#byLogarithm(count, probability, visit);
    else this.#byTable(count, probability, visit);
  }

  #byLogarithm(count: number, probability: number, visit: (place: number) => void): void {
    const random = this.#random;
    const scale = 1 / log1p(-probability);
    for (let place = 0; ; place++) {
      const u = (Math.floor(random.next() * 4294967296) + random.next()) / 4294967296;
      // The number of places skipped follows the geometric distribution.
      place += Math.floor(log1p(-u) * scale);
      if (!(place < count)) return;
      visit(place);
    }
  }

  #byTable(count: number, probability: number, visit: (place: number) => void): void {
    const random = this.#random;
    const { below, starts } = this.#table(probability);
    for (let place = 0; place < count;) {
      const u = random.next();
      let jump = starts[Math.floor(u * CELLS)];
      while (jump < LONGEST && u >= below[jump]) jump++;
      place += jump;
      if (jump === LONGEST) continue; // Nothing in so many places; what follows does not know it.
      if (place >= count) return;
      visit(place++);
    }
  }

  #table(probability: number): JumpTable {
    const known = this.#tables.get(probability);
    if (known !== undefined) return known;
    const below = new Float64Array(LONGEST);
    const starts = new Uint16Array(CELLS);
    for (let k = 0, missed = 1; k < LONGEST; k++) {
      missed *= 1 - probability;
      below[k] = 1 - missed;
    }
    for (let cell = 0, k = 0; cell < CELLS; cell++) {
      while (k < LONGEST && below[k] <= cell / CELLS) k++;
      starts[cell] = k;
    }
    const table = { below, starts };
    this.#tables.set(probability, table);
    return table;
  }
}
