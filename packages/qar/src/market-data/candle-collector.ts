import { QarError } from '../errors.ts';
import { CandleColumns } from './candle-columns.ts';
import { candleFault } from './candle-fault.ts';
import type { Candles } from './candles.ts';
import type { MarketDataErrorCode } from './market-data-error.ts';

export interface CandleFileOptions {
  /** The file's name, used in errors only. */
  readonly file: string;
  /** Rows from which on the file is refused; bounds the memory at 112 bytes a row. */
  readonly maximumRows: number;
  /**
   * The largest spacing of two neighbouring candles, in milliseconds, Infinity to allow any. When
   * absent it follows from the interval of the file, its smallest spacing. An interval under 23
   * hours is intraday, and none may be missing. From 23 hours on (a day, in a zone that has just
   * put its clocks forward) the limit is 8 days or 1.2 intervals, whichever is longer: exchanges
   * close for holidays, and months differ in length.
   */
  readonly maximumGapMs?: number;
  /** The pair to take from a file with a column of pairs; without it there must be one alone. */
  readonly pair?: string;
}

/** Ends the reading with a fault at a place: a line of text or a row of columns. */
export type Refuse = (code: MarketDataErrorCode, message: string, place: number) => never;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Candles of a file, each checked by itself and against the one before; O(1) amortised a row. */
export class CandleCollector {
  readonly #maximumRows: number;
  readonly #maximumGapMs: number | undefined;
  readonly #refuse: Refuse;
  readonly #candles: CandleColumns;
  #smallestSpacing = Infinity;
  #largestSpacing = 0;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: CandleFileOptions, refuse: Refuse) {
    const { maximumRows, maximumGapMs } = options;
    if (!Number.isSafeInteger(maximumRows) || maximumRows < 1) {
      throw new QarError('BAD_CONFIGURATION', `maximumRows ${maximumRows} is not an integer ≥ 1`);
    }
    if (maximumGapMs !== undefined && !(maximumGapMs > 0)) {
      throw new QarError('BAD_CONFIGURATION', `maximumGapMs ${maximumGapMs} is not above 0`);
    }
    this.#maximumRows = maximumRows;
    this.#maximumGapMs = maximumGapMs;
    this.#refuse = refuse;
    this.#candles = new CandleColumns(maximumRows);
  }

  get length(): number {
    return this.#candles.length;
  }

  /** @param row - time, open, high, low, close, volume. */
  add(row: readonly number[], place: number): void {
    const [time, open, high, low, close, volume] = row;
    const fault = candleFault({ time, open, high, low, close, volume });
    if (fault !== undefined) this.#refuse(fault.code, fault.message, place);
    this.#checkTime(time, place);
    if (this.#candles.full) {
      const rule = `more than the ${this.#maximumRows} rows allowed`;
      this.#refuse('TOO_MANY_ROWS', rule, place);
    }
    this.#candles.append(row, place);
  }

  /** The candles of the whole file, in columns that the caller owns; there must be one. */
  end(): Candles {
    const limit = this.#maximumGapMs ?? defaultMaximumGap(this.#smallestSpacing);
    if (this.#largestSpacing > limit) this.#refuseFirstGap(limit);
    return this.#candles.toCandles();
  }

  #checkTime(time: number, place: number): void {
    if (this.#candles.length === 0) return;
    const previous = this.#candles.time(this.#candles.length - 1);
    const spacing = time - previous;
    if (spacing === 0) {
      this.#refuse('DUPLICATE_TIME', `${iso(time)} stands on the line before too`, place);
    }
    if (spacing < 0) {
      this.#refuse('OUT_OF_ORDER', `${iso(time)} comes after ${iso(previous)}`, place);
    }
    if (this.#maximumGapMs !== undefined && spacing > this.#maximumGapMs) {
      this.#refuseGap(previous, time, { limit: this.#maximumGapMs, place });
    }
    this.#smallestSpacing = Math.min(this.#smallestSpacing, spacing);
    this.#largestSpacing = Math.max(this.#largestSpacing, spacing);
  }

  #refuseFirstGap(limit: number): never {
    const candles = this.#candles;
    let row = 1;
    while (candles.time(row) - candles.time(row - 1) <= limit) row++;
    const place = candles.place(row);
    this.#refuseGap(candles.time(row - 1), candles.time(row), { limit, place });
  }

  #refuseGap(previous: number, time: number, at: { limit: number; place: number }): never {
    const gap = `${time - previous} ms from ${iso(previous)} to ${iso(time)}`;
    return this.#refuse('GAP', `${gap} is over the ${at.limit} ms allowed`, at.place);
  }
}

function defaultMaximumGap(intervalMs: number): number {
  return intervalMs < 23 * HOUR_MS ? intervalMs : Math.max(8 * DAY_MS, 1.2 * intervalMs);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
