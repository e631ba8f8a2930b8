import { SlidingSums } from './exact-sums.ts';
import { logRatio } from './log-ratio.ts';
import { SMALLEST_SPREAD } from './smallest-spread.ts';

/** Returns all alike to this share of their mean square differ by the rounding of prices only. */
const ROUNDING = 1e-12;

/** The last `count` log returns, of which the variance is kept. O(1) a candle. */
export class LogReturns {
  readonly count: number;
  readonly #sums: SlidingSums;
  readonly #terms = new Float64Array(2);

  constructor(count: number) {
    this.count = count;
    this.#sums = new SlidingSums(2, count);
  }

  /** Takes the return of candle `index` over the one before; the first candle has none. */
  take(close: Float64Array, index: number): void {
    if (index === 0) return;
    const change = logRatio(close[index - 1], close[index]);
    this.#terms[0] = change;
    this.#terms[1] = change * change;
    this.#sums.push(this.#terms);
  }

  /** Variance around their mean, 0 where they differ by rounding only. */
  variance(): number {
    const mean = this.#sums.sum(0) / this.count;
    const meanSquare = this.#sums.sum(1) / this.count;
    const variance = meanSquare - mean * mean;
    const rounding = Math.max(ROUNDING * meanSquare, SMALLEST_SPREAD * SMALLEST_SPREAD);
    return variance <= rounding ? 0 : variance;
  }
}
