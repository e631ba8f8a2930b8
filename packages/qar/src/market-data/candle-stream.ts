import { QarError } from '../errors.ts';
import { candleFault } from './candle-fault.ts';
import type { Candle, CandleFault } from './candle-fault.ts';
import type { Candles } from './candles.ts';

export interface CandleStreamOptions {
  /** Spacing of the candles, ms. */
  readonly intervalMs: number;
  /** Candles held at least: the window of whoever reads the stream. */
  readonly windowCandles: number;
  /** How far a candle's close may lie ahead of the receiver's clock, ms. */
  readonly clockToleranceMs: number;
}

/** What became of a candle. Only the next is taken; what was taken never changes. */
export type CandleVerdict =
  /** Taken; `missing` candles are absent between it and the one before. */
  | { readonly kind: 'next'; readonly missing: number }
  /** Taken before, with the very same values. */
  | { readonly kind: 'duplicate' }
  /** Taken before with other values, which stand: a decision has been made on them. */
  | { readonly kind: 'revised' }
  /** Older than all that are held, or between two of them. */
  | { readonly kind: 'late' }
  /** It would close after the receiver's clock, so one of the two clocks is wrong. */
  | { readonly kind: 'early' }
  /** It does not lie a whole number of intervals after the newest; daily candles may. */
  | { readonly kind: 'off-grid' }
  | ({ readonly kind: 'invalid' } & CandleFault);

/** From here on an interval's candles shift with the clocks of their zone. */
const SHIFTING_INTERVAL_MS = 23 * 3_600_000;

/** The latest candles of one market as they arrive, in bounded memory; a push is O(1) amortised. */
export class CandleStream {
  readonly #options: CandleStreamOptions;
  readonly #columns: readonly Float64Array[];
  readonly #capacity: number;
  #length = 0;
  #taken = 0;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: CandleStreamOptions) {
    const { intervalMs, windowCandles, clockToleranceMs } = options;
    if (!(intervalMs > 0) || !(clockToleranceMs >= 0) || !Number.isInteger(windowCandles)) {
      throw new QarError('BAD_CONFIGURATION', 'a stream needs an interval, window and tolerance');
    }
    if (windowCandles < 2 || windowCandles > 1_000_000) {
      throw new QarError('BAD_CONFIGURATION', `windowCandles ${windowCandles} is not in [2, 10^6]`);
    }
    this.#options = options;
    this.#capacity = 2 * windowCandles;
    this.#columns = Array.from({ length: 6 }, () => new Float64Array(this.#capacity));
  }

  /** Candles taken since the stream began. */
  get taken(): number {
    return this.#taken;
  }

  /** The candles held, oldest first: views that the next push may move. */
  get candles(): Candles {
    const [time, open, high, low, close, volume] = this.#columns.map((column) =>
      column.subarray(0, this.#length),
    );
    return { time, open, high, low, close, volume, length: this.#length };
  }

  /** @param now - the receiver's clock, ms since the Unix epoch. */
  push(candle: Candle, now: number): CandleVerdict {
    const fault = candleFault(candle);
    if (fault !== undefined) return { kind: 'invalid', ...fault };
    const { intervalMs, clockToleranceMs } = this.#options;
    // Written so that a clock that is not a number takes nothing.
    if (!(candle.time + intervalMs <= now + clockToleranceMs)) return { kind: 'early' };
    if (this.#length === 0) return this.#take(candle, 0);
    const spacing = candle.time - this.#columns[0][this.#length - 1];
    if (spacing <= 0) return this.#known(candle);
    const intervals = spacing / intervalMs;
    if (intervalMs < SHIFTING_INTERVAL_MS && !Number.isInteger(intervals)) {
      return { kind: 'off-grid' };
    }
    return this.#take(candle, Math.max(0, Math.round(intervals) - 1));
  }

  #known(candle: Candle): CandleVerdict {
    const [time, ...values] = this.#columns;
    let index = this.#length - 1;
    while (index >= 0 && time[index] > candle.time) index--;
    if (index < 0 || time[index] < candle.time) return { kind: 'late' };
    const { open, high, low, close, volume } = candle;
    const same = [open, high, low, close, volume].every((v, i) => v === values[i][index]);
    return { kind: same ? 'duplicate' : 'revised' };
  }

  #take(candle: Candle, missing: number): CandleVerdict {
    if (this.#length === this.#capacity) this.#dropOld();
    const { time, open, high, low, close, volume } = candle;
    const row = [time, open, high, low, close, volume];
    // Adding zero turns −0 into 0, so that equal candles have equal bits.
    for (let i = 0; i < row.length; i++) this.#columns[i][this.#length] = row[i] + 0;
    this.#length++;
    this.#taken++;
    return { kind: 'next', missing };
  }

  #dropOld(): void {
    const kept = this.#options.windowCandles;
    for (const column of this.#columns) column.copyWithin(0, this.#length - kept, this.#length);
    this.#length = kept;
  }
}
