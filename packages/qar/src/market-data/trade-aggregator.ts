import { QarError } from '../errors.ts';
import { candleFault, type Candle, type CandleFault } from './candle-fault.ts';

export interface Trade {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly price: number;
  /** Base units; zero or more. */
  readonly quantity: number;
  /** The venue's name for the trade; two trades of one id are one trade. */
  readonly id?: string;
}

export interface TradeAggregatorOptions {
  /** Length of a candle, ms: a whole number that divides a day, so that candles begin with days. */
  readonly intervalMs: number;
  /** How far a trade may lie ahead of the receiver's clock, ms. */
  readonly clockToleranceMs: number;
  /** How many ids are remembered, the latest; a trade older than all of them may count twice. */
  readonly rememberedIds: number;
}

/** What became of a trade. Only one that is taken changes the open candle. */
export type TradeVerdict =
  /** Taken; `closed` is the candle that it ended by being the first of a later one. */
  | { readonly kind: 'taken'; readonly closed?: Candle }
  /** Its id was taken before. */
  | { readonly kind: 'duplicate' }
  /** Its candle has closed. */
  | { readonly kind: 'late' }
  /** It lies ahead of the receiver's clock, so one of the two clocks is wrong. */
  | { readonly kind: 'early' }
  | ({ readonly kind: 'invalid' } & CandleFault);

const DAY_MS = 86_400_000;

interface OpenCandle {
  readonly time: number;
  first: Trade;
  last: Trade;
  high: number;
  low: number;
  volume: number;
}

/**
 * Candles from trades as they arrive. A trade that comes late but within the open candle is taken
 * in its place: the open is the price of the earliest trade and the close that of the latest, by
 * time, then by numeric id, then by arrival. An interval without a trade has no candle. O(1) a
 * trade; memory is one candle and the remembered ids.
 *
 * Trades of one candle give the same open, high, low and close in any order; volume is added as
 * they arrive, so its last bits may depend on the order.
 */
export class TradeAggregator {
  readonly #options: TradeAggregatorOptions;
  readonly #ids = new Set<string>();
  #open: OpenCandle | undefined;
  /** Trades before this time are late. */
  #closedUntil = -Infinity;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: TradeAggregatorOptions) {
    const { intervalMs, clockToleranceMs, rememberedIds } = options;
    if (!Number.isInteger(intervalMs) || intervalMs < 1 || DAY_MS % intervalMs !== 0) {
      throw new QarError('BAD_CONFIGURATION', `intervalMs ${intervalMs} does not divide a day`);
    }
    if (!(clockToleranceMs >= 0)) {
      throw new QarError('BAD_CONFIGURATION', `clockToleranceMs ${clockToleranceMs} is below 0`);
    }
    if (!Number.isInteger(rememberedIds) || rememberedIds < 1 || rememberedIds > 10_000_000) {
      throw new QarError('BAD_CONFIGURATION', `rememberedIds ${rememberedIds} is not in [1, 10^7]`);
    }
    this.#options = options;
  }

  /** @param now - the receiver's clock, ms since the Unix epoch. */
  push(trade: Trade, now: number): TradeVerdict {
    const { time, price, quantity, id } = trade;
    const values = { time, open: price, high: price, low: price, close: price };
    const fault = candleFault({ ...values, volume: quantity });
    if (fault !== undefined) return { kind: 'invalid', ...fault };
    // Written so that a clock that is not a number takes nothing.
    if (!(time <= now + this.#options.clockToleranceMs)) return { kind: 'early' };
    if (id !== undefined && this.#ids.has(id)) return { kind: 'duplicate' };
    if (time < this.#closedUntil) return { kind: 'late' };
    if (id !== undefined) this.#remember(id);
    const { intervalMs } = this.#options;
    const opened = Math.floor(time / intervalMs) * intervalMs;
    const open = this.#open;
    if (open?.time === opened) {
      add(open, trade);
      return { kind: 'taken' };
    }
    const closed = open && closedCandle(open);
    this.#open = { time: opened, first: trade, last: trade, high: price, low: price, volume: 0 };
    add(this.#open, trade);
    this.#closedUntil = opened;
    return closed === undefined ? { kind: 'taken' } : { kind: 'taken', closed };
  }

  /** The open candle, if its interval is over by the receiver's clock; it takes no more trades. */
  close(now: number): Candle | undefined {
    const open = this.#open;
    if (open === undefined || !(open.time + this.#options.intervalMs <= now)) return undefined;
    this.#open = undefined;
    this.#closedUntil = open.time + this.#options.intervalMs;
    return closedCandle(open);
  }

  #remember(id: string): void {
    if (this.#ids.size === this.#options.rememberedIds) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest);
        break;
      }
    }
    this.#ids.add(id);
  }
}

function add(candle: OpenCandle, trade: Trade): void {
  if (comesBefore(trade, candle.first)) candle.first = trade;
  if (!comesBefore(trade, candle.last)) candle.last = trade;
  candle.high = Math.max(candle.high, trade.price);
  candle.low = Math.min(candle.low, trade.price);
  candle.volume += trade.quantity;
}

function comesBefore(left: Trade, right: Trade): boolean {
  if (left.time !== right.time) return left.time < right.time;
  const [a = '', b = ''] = [left.id, right.id];
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}

function closedCandle({ time, first, last, high, low, volume }: OpenCandle): Candle {
  return { time, open: first.price, high, low, close: last.price, volume };
}
