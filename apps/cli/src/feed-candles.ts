import {
  MarketRouter,
  QuoteAggregator,
  TradeAggregator,
  type Candle,
  type QuoteCandle,
  type SymbolChange,
} from '@sema/qar';
import type { FeedRow } from './market-feed.ts';

export interface FeedOptions {
  readonly intervalMs: number;
  readonly changes: readonly SymbolChange[];
  /** The pairs to take; all that come, up to 64, when absent. */
  readonly pairs?: readonly string[];
  /** The receiver's clock, ms since the Unix epoch: nothing recorded lies after it. */
  readonly now: number;
  /** Takes each candle in the order of its pair. */
  readonly emit: (pair: string, candle: Candle | QuoteCandle) => void;
}

/** What a file without a column of pairs is taken to hold. */
const ONLY_PAIR = 'market';
const MAXIMUM_PAIRS = 64;
const REMEMBERED_IDS = 100_000;

/**
 * Candles of each pair of a recorded feed, in bounded memory: trades and quotes are aggregated,
 * candles taken as they are, and each goes through the pair's stream.
 */
export class FeedCandles {
  readonly #options: FeedOptions;
  readonly #router: MarketRouter;
  readonly #trades = new Map<string, TradeAggregator>();
  readonly #quotes = new Map<string, QuoteAggregator>();
  readonly #verdicts = new Map<string, number>();
  #missing = 0;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: FeedOptions) {
    this.#options = options;
    this.#router = new MarketRouter({
      stream: { intervalMs: options.intervalMs, windowCandles: 1000, clockToleranceMs: 0 },
      changes: options.changes,
      maximumPairs: MAXIMUM_PAIRS,
    });
    for (const pair of options.pairs ?? []) this.#router.open(pair);
  }

  get pairs(): readonly string[] {
    return this.#router.pairs;
  }

  /** How often each verdict was given: of rows, and of candles as `candle …`. */
  get verdicts(): ReadonlyMap<string, number> {
    return this.#verdicts;
  }

  /** Intervals without a candle between two that were taken. */
  get missing(): number {
    return this.#missing;
  }

  /** @throws {QarError} `BAD_CONFIGURATION` at the 65th pair. */
  take(row: FeedRow): void {
    const symbol = row.symbol === '' ? ONLY_PAIR : row.symbol;
    const pair = this.#router.pairOf(symbol, row.time);
    if (this.#options.pairs === undefined) this.#router.open(pair);
    else if (this.#router.stream(pair) === undefined) return this.#count('unknown-pair');
    if (row.kind === 'candles') this.#route(pair, candleOf(row));
    else if (row.kind === 'trades') this.#takeTrade(pair, row);
    else this.#takeQuote(pair, row);
  }

  /** Closes what is open, where its interval is over. */
  end(): void {
    for (const aggregators of [this.#trades, this.#quotes]) {
      for (const [pair, aggregator] of aggregators) {
        const last = aggregator.close(this.#options.now);
        if (last === undefined) this.#count('still open');
        else this.#route(pair, last);
      }
    }
  }

  #takeTrade(pair: string, { time, numbers, id }: FeedRow): void {
    const [price, quantity] = numbers;
    const trade = { time, price, quantity, ...(id !== undefined && { id }) };
    let aggregator = this.#trades.get(pair);
    if (aggregator === undefined) {
      const { intervalMs } = this.#options;
      const settings = { intervalMs, clockToleranceMs: 0, rememberedIds: REMEMBERED_IDS };
      aggregator = new TradeAggregator(settings);
      this.#trades.set(pair, aggregator);
    }
    const verdict = aggregator.push(trade, this.#options.now);
    this.#count(verdict.kind);
    if (verdict.kind === 'taken' && verdict.closed !== undefined) this.#route(pair, verdict.closed);
  }

  #takeQuote(pair: string, { time, numbers }: FeedRow): void {
    const [bid, ask] = numbers;
    let aggregator = this.#quotes.get(pair);
    if (aggregator === undefined) {
      const { intervalMs } = this.#options;
      aggregator = new QuoteAggregator({ intervalMs, clockToleranceMs: 0 });
      this.#quotes.set(pair, aggregator);
    }
    const verdict = aggregator.push({ time, bid, ask }, this.#options.now);
    this.#count(verdict.kind);
    if (verdict.kind === 'taken' && verdict.closed !== undefined) this.#route(pair, verdict.closed);
  }

  #route(pair: string, candle: Candle): void {
    // The symbol was followed to its pair when the row came.
    const verdict = this.#router.stream(pair)?.push(candle, this.#options.now);
    if (verdict === undefined) return;
    if (verdict.kind !== 'next') return this.#count(`candle ${verdict.kind}`);
    this.#missing += verdict.missing;
    this.#count('candle');
    this.#options.emit(pair, candle);
  }

  #count(verdict: string): void {
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
  }
}

function candleOf({ time, numbers }: FeedRow): Candle {
  const [open, high, low, close, volume] = numbers;
  return { time, open, high, low, close, volume };
}
