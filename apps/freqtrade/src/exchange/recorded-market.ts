import type { Candles } from '@sema/qar';
import { formingCandle, priceWithin, rangeWithin } from './candle-path.ts';
import type { RecordedCandle } from './candle-path.ts';
import type { ExchangeTime } from './exchange-time.ts';

export interface MarketDefinition {
  readonly base: string;
  readonly quote: string;
  /** Least step of a price, in the quote currency. */
  readonly tickSize: number;
  /** Least step of an amount, in the base currency. */
  readonly stepSize: number;
  /** Least worth of an order, in the quote currency. */
  readonly minimumNotional: number;
  readonly candles: Candles;
  /** Spacing of the candles, ms. */
  readonly intervalMs: number;
}

export interface KlineQuery {
  readonly intervalMs: number;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly limit: number;
}

/** A recording of one market, seen at some moment on the exchange's clock and never past it. */
export class RecordedMarket {
  readonly definition: MarketDefinition;
  readonly symbol: string;
  readonly #time: ExchangeTime;

  constructor(definition: MarketDefinition, time: ExchangeTime) {
    this.definition = definition;
    this.symbol = `${definition.base}${definition.quote}`;
    this.#time = time;
  }

  /** Whether the recording has begun and has not ended at `now`. */
  isOpen(now: number): boolean {
    const { candles, intervalMs } = this.definition;
    const last = candles.length - 1;
    return now >= this.#timeOf(0) && now < this.#timeOf(last) + intervalMs;
  }

  /** Price at `now`: inside a candle on its path, in a gap or after the end the last close. */
  price(now: number): number {
    const index = this.#latest(now);
    if (index < 0) return this.definition.candles.open[0];
    return priceWithin(this.#candle(index), this.#elapsed(index, now));
  }

  /** Lowest and highest price in [from, now]; O(candles between). */
  range(from: number, now: number): { low: number; high: number } {
    let [low, high] = [this.price(now), this.price(now)];
    for (let index = Math.max(0, this.#latest(from)); index <= this.#latest(now); index++) {
      const begin = this.#elapsed(index, Math.max(from, this.#timeOf(index)));
      const part = rangeWithin(this.#candle(index), begin, this.#elapsed(index, now));
      low = Math.min(low, part.low);
      high = Math.max(high, part.high);
    }
    return { low, high };
  }

  /** Base currency traded per candle, of the candle at `now`. */
  volume(now: number): number {
    return this.definition.candles.volume[Math.max(0, this.#latest(now))];
  }

  /**
   * Candles of a multiple of the recorded interval that begin in [startTime, endTime], oldest
   * first, the one at `now` forming: the first `limit` of them when `startTime` is given, otherwise
   * those of the last `limit` intervals. O(recorded candles read).
   */
  klines({ intervalMs, startTime, endTime, limit }: KlineQuery, now: number): RecordedCandle[] {
    const bucketOf = (time: number): number => Math.floor(time / intervalMs) * intervalMs;
    const until = Math.min(now, endTime ?? now);
    const begin = startTime ?? bucketOf(until) - (limit - 1) * intervalMs;
    const found: RecordedCandle[] = [];
    const from = this.#latest(Math.ceil(begin / intervalMs) * intervalMs - 1) + 1;
    for (let index = from; index <= this.#latest(now); index++) {
      const part = this.#seen(index, now);
      const time = bucketOf(part.time);
      const last = found.at(-1);
      if (last?.time === time) found[found.length - 1] = joined(last, part);
      else if (found.length === limit || time > until) break;
      else found.push({ ...part, time });
    }
    return found;
  }

  /** What was traded in (from, now] as one candle; at least the latest candle is in it. */
  since(from: number, now: number): RecordedCandle {
    const latest = Math.max(0, this.#latest(now));
    let whole = this.#seen(Math.min(latest, this.#latest(from) + 1), now);
    for (let index = this.#latest(from) + 2; index <= latest; index++) {
      whole = joined(whole, this.#seen(index, now));
    }
    return whole;
  }

  #seen(index: number, now: number): RecordedCandle {
    const elapsed = this.#elapsed(index, now);
    const candle = this.#candle(index);
    return elapsed >= 1 ? candle : formingCandle(candle, elapsed);
  }

  /** Index of the last candle that is open or over at `now`; −1 before the first. */
  #latest(now: number): number {
    const { time } = this.definition.candles;
    const recorded = now - this.#time.offsetMs;
    let [low, high] = [0, time.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time[middle] <= recorded) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #elapsed(index: number, now: number): number {
    const share = (now - this.#timeOf(index)) / this.definition.intervalMs;
    return Math.min(1, Math.max(0, share));
  }

  #timeOf(index: number): number {
    return this.definition.candles.time[index] + this.#time.offsetMs;
  }

  #candle(index: number): RecordedCandle {
    const { open, high, low, close, volume } = this.definition.candles;
    return {
      time: this.#timeOf(index),
      open: open[index],
      high: high[index],
      low: low[index],
      close: close[index],
      volume: volume[index],
    };
  }
}

function joined(first: RecordedCandle, next: RecordedCandle): RecordedCandle {
  return {
    time: first.time,
    open: first.open,
    high: Math.max(first.high, next.high),
    low: Math.min(first.low, next.low),
    close: next.close,
    volume: first.volume + next.volume,
  };
}
