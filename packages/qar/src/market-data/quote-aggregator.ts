import type { Candle, CandleFault } from './candle-fault.ts';
import { candleFault } from './candle-fault.ts';
import { TradeAggregator, type TradeVerdict } from './trade-aggregator.ts';

export interface Quote {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
}

/** A candle of mid prices. Its volume is the number of quotes, the tick volume of forex brokers. */
export interface QuoteCandle extends Candle {
  /** Mean of (ask − bid) / mid over the quotes, each weighing the same, in basis points. */
  readonly meanSpreadBps: number;
  readonly maximumSpreadBps: number;
}

export type QuoteVerdict =
  | { readonly kind: 'taken'; readonly closed?: QuoteCandle }
  | Exclude<TradeVerdict, { readonly kind: 'taken' | 'duplicate' }>;

export interface QuoteAggregatorOptions {
  /** As of `TradeAggregator`. */
  readonly intervalMs: number;
  /** How far a quote may lie ahead of the receiver's clock, ms. */
  readonly clockToleranceMs: number;
}

/**
 * Candles of the mid price (bid + ask) / 2 from quotes as they arrive, by the rules of
 * `TradeAggregator`. A bid above its ask is `HIGH_BELOW_LOW`. O(1) a quote and O(1) memory.
 */
export class QuoteAggregator {
  readonly #mids: TradeAggregator;
  #count = 0;
  #spreadSum = 0;
  #spreadMaximum = 0;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: QuoteAggregatorOptions) {
    this.#mids = new TradeAggregator({ ...options, rememberedIds: 1 });
  }

  /** @param now - the receiver's clock, ms since the Unix epoch. */
  push(quote: Quote, now: number): QuoteVerdict {
    const fault = quoteFault(quote);
    if (fault !== undefined) return { kind: 'invalid', ...fault };
    const { time, bid, ask } = quote;
    const mid = (bid + ask) / 2;
    const verdict = this.#mids.push({ time, price: mid, quantity: 1 }, now);
    // Without an id nothing is a duplicate.
    if (verdict.kind === 'duplicate') return { kind: 'late' };
    if (verdict.kind !== 'taken') return verdict;
    const closed = verdict.closed && this.#withSpread(verdict.closed);
    const spreadBps = (10_000 * (ask - bid)) / mid;
    this.#count++;
    this.#spreadSum += spreadBps;
    this.#spreadMaximum = Math.max(this.#spreadMaximum, spreadBps);
    return closed === undefined ? { kind: 'taken' } : { kind: 'taken', closed };
  }

  /** The open candle, if its interval is over by the receiver's clock; it takes no more quotes. */
  close(now: number): QuoteCandle | undefined {
    const closed = this.#mids.close(now);
    return closed && this.#withSpread(closed);
  }

  #withSpread(candle: Candle): QuoteCandle {
    const meanSpreadBps = this.#spreadSum / this.#count;
    const result = { ...candle, meanSpreadBps, maximumSpreadBps: this.#spreadMaximum };
    this.#count = 0;
    this.#spreadSum = 0;
    this.#spreadMaximum = 0;
    return result;
  }
}

function quoteFault({ time, bid, ask }: Quote): CandleFault | undefined {
  const fault = candleFault({ time, open: bid, high: ask, low: bid, close: ask, volume: 0 });
  if (fault?.code !== 'HIGH_BELOW_LOW') return fault;
  return { code: fault.code, message: `bid ${bid} is above ask ${ask}` };
}
