import { QarError } from '../errors.ts';

const DAY_MS = 86_400_000;
/** Second-long candles fill a day with 86 400 marks; more than that cannot be in 24 hours. */
const MOST_MARKS = 86_401;

type Mark = readonly [time: number, equity: number];

export interface EquityState {
  readonly peakEquity: number;
  /**
   * [time ms, equity] of the last 24 hours, oldest first: those that no later and higher one
   * outdoes.
   */
  readonly dayHighs: readonly Mark[];
  /** [day number since the Unix epoch, highest equity], oldest first. */
  readonly daily: readonly Mark[];
}

/** The highest equity ever, of the last 24 hours and of the last days, each O(1) amortised. */
export class EquityRecord {
  readonly #days: number;
  #peak: number;
  #dayHighs: Mark[] = [];
  #daily: Mark[] = [];

  /** @param days - how many days, today included, the rolling high looks back over. */
  constructor(startingEquity: number, days: number) {
    this.#peak = startingEquity;
    this.#days = days;
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore({ peakEquity, dayHighs, daily }: EquityState, days: number): EquityRecord {
    const fine = Number.isFinite(peakEquity) && isMarks(dayHighs) && isMarks(daily);
    if (!fine || dayHighs.length > MOST_MARKS || daily.length > days) {
      throw new QarError('BAD_SNAPSHOT', 'the record of equity is not what a gate keeps');
    }
    const record = new EquityRecord(peakEquity, days);
    record.#dayHighs = [...dayHighs];
    record.#daily = [...daily];
    return record;
  }

  state(): EquityState {
    return { peakEquity: this.#peak, dayHighs: [...this.#dayHighs], daily: [...this.#daily] };
  }

  /** Highest equity since the start or the last `startAnew`. */
  get peak(): number {
    return this.#peak;
  }

  /** Highest equity of the last 24 hours; −Infinity before the first mark. */
  get dayHigh(): number {
    return this.#dayHighs.length === 0 ? -Infinity : this.#dayHighs[0][1];
  }

  /** Highest equity of the last days; −Infinity before the first mark. */
  get rollingHigh(): number {
    let highest = -Infinity;
    for (const [, equity] of this.#daily) highest = Math.max(highest, equity);
    return highest;
  }

  /** Equity that is no number marks nothing; whoever asks must halt on it. */
  mark(time: number, equity: number): void {
    if (Number.isNaN(equity)) return;
    this.#peak = Math.max(this.#peak, equity);
    while (this.#dayHighs.length > 0 && !(this.#dayHighs[this.#dayHighs.length - 1][1] > equity)) {
      this.#dayHighs.pop();
    }
    this.#dayHighs.push([time, equity]);
    while (this.#dayHighs.length > MOST_MARKS || this.#dayHighs[0][0] < time - DAY_MS) {
      this.#dayHighs.shift();
    }
    this.#markDay(Math.floor(time / DAY_MS), equity);
  }

  #markDay(day: number, equity: number): void {
    const last = this.#daily.at(-1);
    if (last?.[0] === day) this.#daily[this.#daily.length - 1] = [day, Math.max(last[1], equity)];
    else this.#daily.push([day, equity]);
    while (this.#daily[0][0] <= day - this.#days) this.#daily.shift();
  }

  /** Measures the fall from the peak, and from the rolling high, anew from this equity. */
  startAnew(equity: number): void {
    this.#peak = equity;
    this.#daily = [];
  }
}

function isMarks(value: unknown): value is readonly Mark[] {
  return (
    Array.isArray(value) &&
    value.every((mark) => Array.isArray(mark) && mark.length === 2 && mark.every(Number.isFinite))
  );
}
