import { FIGURE } from './window-summary.ts';

/** Fields of one partial aggregate. */
const FIELDS = 5;
const MAX_COHERENCE = 0;
const COHERENCE = 1;
const EXECUTION = 3;

/**
 * Maximum of the coherence, and mean and sum of squared deviations of coherence and execution time,
 * over a first-in first-out window. A push and a pop each merge a fixed number of partial
 * aggregates, whatever the window holds; nothing is ever subtracted, so nothing drifts.
 *
 * This is DABA Lite. Of the entries F ≤ … < E, those before B are the front, the rest the back.
 * The partial of entry i covers
 *   [i, B)  for i in [F, L) and in [A, B)
 *   [i, R)  for i in [L, R)
 *   entry i alone in [R, A) and in [B, E)
 * and two more cover [R, B) as it was when the back last became the front, and [B, E). Each
 * operation moves L, R and A by one; front − back = B − L + 1 keeps them in time for the next turn.
 *
 * @see Tangwongsan, Hirzel & Schneider (2021), VLDB Journal 30, 933–957 (DABA Lite)
 * @see Chan, Golub & LeVeque (1983), The American Statistician 37(3), 242–247 (merging moments)
 */
export class SlidingMoments {
  readonly #partials: Float64Array;
  readonly #mask: number;
  /** Where the partials of [R, B), of [B, E) and of a query lie, behind those of the entries. */
  readonly #turned: number;
  readonly #back: number;
  readonly #query: number;
  #f = 0;
  #l = 0;
  #r = 0;
  #a = 0;
  #b = 0;
  #e = 0;

  /** @param slots - a power of two, at least the most entries there will be. */
  constructor(slots: number) {
    this.#mask = slots - 1;
    this.#partials = new Float64Array((slots + 3) * FIELDS);
    this.#turned = slots * FIELDS;
    this.#back = (slots + 1) * FIELDS;
    this.#query = (slots + 2) * FIELDS;
  }

  get count(): number {
    return this.#e - this.#f;
  }

  /** @param entry - coherence and execution time, in an array because arguments may be boxed. */
  push(entry: Float64Array): void {
    const at = this.#slot(this.#e);
    const partials = this.#partials;
    partials[at + MAX_COHERENCE] = entry[0];
    partials[at + COHERENCE] = entry[0];
    partials[at + COHERENCE + 1] = 0;
    partials[at + EXECUTION] = entry[1];
    partials[at + EXECUTION + 1] = 0;
    this.#merge(this.#back, this.#e - this.#b, at, 1);
    this.#e += 1;
    this.#step();
  }

  /** Drops the oldest entry; there must be one. */
  pop(): void {
    this.#f += 1;
    this.#step();
  }

  /** Writes the five statistics of all entries, of which there must be one, to their places. */
  read(figures: Float64Array): void {
    const inFront = this.#b - this.#f;
    this.#copy(this.#query, this.#slot(this.#f));
    this.#merge(this.#query, inFront, this.#back, this.#e - this.#b);
    const partials = this.#partials;
    const at = this.#query;
    const count = this.count;
    figures[FIGURE.maxCoherence] = partials[at + MAX_COHERENCE];
    figures[FIGURE.meanCoherence] = partials[at + COHERENCE];
    figures[FIGURE.coherenceDeviation] = Math.sqrt(partials[at + COHERENCE + 1] / count);
    figures[FIGURE.meanExecutionNs] = partials[at + EXECUTION];
    figures[FIGURE.executionDeviation] = Math.sqrt(partials[at + EXECUTION + 1] / count);
  }

  #slot(entry: number): number {
    return (entry & this.#mask) * FIELDS;
  }

  #step(): void {
    if (this.#f === this.#b) {
      // The front is empty and the back holds at most one entry, whose partial is itself.
      this.#l = this.#r = this.#a = this.#b = this.#e;
      return;
    }
    if (this.#l === this.#b) {
      this.#copy(this.#turned, this.#back);
      this.#l = this.#f;
      this.#a = this.#b = this.#e;
    }
    if (this.#l === this.#r) {
      this.#l += 1;
      this.#r += 1;
      this.#a += 1;
    } else {
      const left = this.#slot(this.#l);
      this.#merge(left, this.#r - this.#l, this.#turned, this.#b - this.#r);
      this.#l += 1;
      const after = this.#b - this.#a;
      this.#a -= 1;
      this.#merge(this.#slot(this.#a), 1, this.#slot(this.#a + 1), after);
    }
  }

  #copy(to: number, from: number): void {
    for (let field = 0; field < FIELDS; field += 1) {
      this.#partials[to + field] = this.#partials[from + field];
    }
  }

  /** Merges the partial at `from`, of `added` entries, into the one at `to`, of `count`. */
  #merge(to: number, count: number, from: number, added: number): void {
    if (added === 0) return;
    if (count === 0) {
      this.#copy(to, from);
      return;
    }
    const partials = this.#partials;
    partials[to] = Math.max(partials[to], partials[from]);
    const share = added / (count + added);
    for (let field = COHERENCE; field <= EXECUTION; field += 2) {
      const difference = partials[from + field] - partials[to + field];
      partials[to + field] += difference * share;
      partials[to + field + 1] +=
        partials[from + field + 1] + difference * difference * count * share;
    }
  }
}
