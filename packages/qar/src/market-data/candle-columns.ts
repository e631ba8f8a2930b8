import type { Candles } from './candles.ts';

const FIRST_CAPACITY = 1024;
/** The column after the six of a candle. */
const PLACE = 6;

/**
 * Columns that grow by doubling, up to `maximumRows`, so that n rows cost O(n) in all and at most
 * 2n + 1024 slots of 56 bytes are held.
 */
export class CandleColumns {
  readonly #maximumRows: number;
  #capacity: number;
  #length = 0;
  #columns: readonly Float64Array[];

  constructor(maximumRows: number) {
    this.#maximumRows = maximumRows;
    this.#capacity = Math.min(FIRST_CAPACITY, maximumRows);
    this.#columns = Array.from({ length: 7 }, () => new Float64Array(this.#capacity));
  }

  get length(): number {
    return this.#length;
  }

  get full(): boolean {
    return this.#length === this.#maximumRows;
  }

  /** The open time of row `index`, which must be there. */
  time(index: number): number {
    return this.#columns[0][index];
  }

  /** Where in its file row `index` stands. */
  place(index: number): number {
    return this.#columns[PLACE][index];
  }

  /** Adds time, open, high, low, close, volume; there must be room. */
  append(row: readonly number[], place: number): void {
    if (this.#length === this.#capacity) this.#grow();
    for (let column = 0; column < PLACE; column++) {
      this.#columns[column][this.#length] = row[column];
    }
    this.#columns[PLACE][this.#length] = place;
    this.#length++;
  }

  /** Exact copies of what was appended, owned by the caller. */
  toCandles(): Candles {
    const [time, open, high, low, close, volume] = this.#columns.map((column) =>
      column.slice(0, this.#length),
    );
    return {
      time,
      open,
      high,
      low,
      close,
      volume,
      length: this.#length,
    };
  }

  #grow(): void {
    this.#capacity = Math.min(2 * this.#capacity, this.#maximumRows);
    this.#columns = this.#columns.map((column) => {
      const grown = new Float64Array(this.#capacity);
      grown.set(column);
      return grown;
    });
  }
}
