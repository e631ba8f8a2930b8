/*
 * Sums that candles enter and leave without a trace.
 *
 * A double is cut into four multiples of fixed units, 2^20, 2^−20, 2^−60 and 2^−100, and each unit
 * has its own total. Those totals are exact as long as every number is below 2^60 and no more than
 * 4096 are held, so they do not depend on the order of arrivals and departures: a sum that has slid
 * along a series has the bits of one made anew from what it holds. What is under 2^−101 of a number
 * is dropped, the same on the way in and out.
 */

const UNITS = 4;
const TWO_20 = 1_048_576;
const TWO_40 = TWO_20 * TWO_20;
/** Adding and taking away 1.5·2^52 units rounds to a multiple of the unit. */
const ROUND_0 = 1.5 * 4_503_599_627_370_496 * TWO_20;
const ROUND_1 = ROUND_0 / TWO_40;
const ROUND_2 = ROUND_1 / TWO_40;
const ROUND_3 = ROUND_2 / TWO_40;

function accumulate(totals: Float64Array, at: number, value: number): void {
  const first = value + ROUND_0 - ROUND_0;
  let rest = value - first;
  const second = rest + ROUND_1 - ROUND_1;
  rest -= second;
  const third = rest + ROUND_2 - ROUND_2;
  rest -= third;
  totals[at] += first;
  totals[at + 1] += second;
  totals[at + 2] += third;
  totals[at + 3] += rest + ROUND_3 - ROUND_3;
}

function rounded(totals: Float64Array, at: number): number {
  return totals[at] + (totals[at + 1] + (totals[at + 2] + totals[at + 3]));
}

/** Exact sums of `terms` numbers per candle over the last `candles` candles. O(terms) a candle. */
export class SlidingSums {
  readonly #terms: number;
  readonly #ring: Float64Array;
  readonly #totals: Float64Array;
  #next = 0;
  #full = false;

  /** @param candles - how many candles are summed, at most 4096. */
  constructor(terms: number, candles: number) {
    this.#terms = terms;
    this.#ring = new Float64Array(terms * candles);
    this.#totals = new Float64Array(UNITS * terms);
  }

  /** Takes the terms of one candle, each below 2^60 in size, and drops those of the oldest. */
  push(values: ArrayLike<number>): void {
    for (let term = 0; term < this.#terms; term++) {
      const slot = this.#next + term;
      if (this.#full) accumulate(this.#totals, UNITS * term, -this.#ring[slot]);
      accumulate(this.#totals, UNITS * term, values[term]);
      this.#ring[slot] = values[term];
    }
    this.#next += this.#terms;
    if (this.#next === this.#ring.length) {
      this.#next = 0;
      this.#full = true;
    }
  }

  sum(term: number): number {
    return rounded(this.#totals, UNITS * term);
  }
}

/**
 * Count, sum and sum of squares per group of candles, exact, over the last `candles`. O(1) each.
 */
export class GroupedSums {
  readonly #groups: Int8Array;
  readonly #values: Float64Array;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #next = 0;

  /** @param candles - how many candles are held, at most 4096; `groups` at most 127. */
  constructor(groups: number, candles: number) {
    this.#groups = new Int8Array(candles).fill(-1);
    this.#values = new Float64Array(candles);
    this.#counts = new Float64Array(groups);
    this.#sums = new Float64Array(UNITS * groups);
    this.#squares = new Float64Array(UNITS * groups);
  }

  /** Takes a candle into a group, −1 for none, and drops the oldest; |value| below 2^30. */
  push(group: number, value: number): void {
    const slot = this.#next;
    const leaving = this.#groups[slot];
    if (leaving >= 0) this.#count(leaving, -1, this.#values[slot]);
    if (group >= 0) this.#count(group, 1, value);
    this.#groups[slot] = group;
    this.#values[slot] = value;
    this.#next = slot + 1 === this.#groups.length ? 0 : slot + 1;
  }

  count(group: number): number {
    return this.#counts[group];
  }

  sum(group: number): number {
    return rounded(this.#sums, UNITS * group);
  }

  mean(group: number): number {
    return this.sum(group) / this.#counts[group];
  }

  /** Variance of the group around its mean over its count less one: NaN below two candles. */
  squaredError(group: number): number {
    const count = this.#counts[group];
    const sum = this.sum(group);
    const squares = rounded(this.#squares, UNITS * group);
    return count < 2 ? NaN : Math.max(0, squares - (sum * sum) / count) / (count - 1) / count;
  }

  #count(group: number, by: 1 | -1, value: number): void {
    this.#counts[group] += by;
    accumulate(this.#sums, UNITS * group, by * value);
    accumulate(this.#squares, UNITS * group, by * value * value);
  }
}
