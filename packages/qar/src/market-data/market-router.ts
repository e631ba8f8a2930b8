import { QarError } from '../errors.ts';
import type { Candle } from './candle-fault.ts';
import { CandleStream, type CandleStreamOptions, type CandleVerdict } from './candle-stream.ts';

/** A venue gave a market another symbol. */
export interface SymbolChange {
  readonly from: string;
  readonly to: string;
  /** Candles of the old symbol from this time on, ms, are another market's; absent: none are. */
  readonly before?: number;
}

export interface MarketRouterOptions {
  /** Of every pair's stream. */
  readonly stream: CandleStreamOptions;
  /** Symbols as they were, followed one after another; no circles. */
  readonly changes: readonly SymbolChange[];
  /** Pairs that may be opened. */
  readonly maximumPairs: number;
}

export type RoutedVerdict =
  | { readonly pair: string; readonly verdict: CandleVerdict }
  /** Nobody opened the pair that the symbol stands for. */
  | { readonly pair: string; readonly verdict: { readonly kind: 'unknown-pair' } };

/** One `CandleStream` for each pair that was opened. A push is O(changes), amortised. */
export class MarketRouter {
  readonly #options: MarketRouterOptions;
  readonly #streams = new Map<string, CandleStream>();

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: MarketRouterOptions) {
    const { maximumPairs, changes, stream } = options;
    if (!Number.isInteger(maximumPairs) || maximumPairs < 1 || maximumPairs > 10_000) {
      throw new QarError('BAD_CONFIGURATION', `maximumPairs ${maximumPairs} is not in [1, 10^4]`);
    }
    this.#options = options;
    // Refuses bad options of the streams before the first pair.
    new CandleStream(stream);
    for (const { from } of changes) this.#follow(from, -Infinity);
  }

  get pairs(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /**
   * Begins to take candles of a pair; a pair that is open stays as it is.
   *
   * @throws {QarError} `BAD_CONFIGURATION` when `maximumPairs` are open.
   */
  open(pair: string): void {
    if (this.#streams.has(pair)) return;
    if (this.#streams.size === this.#options.maximumPairs) {
      const rule = `${pair} is more than the ${this.#options.maximumPairs} pairs allowed`;
      throw new QarError('BAD_CONFIGURATION', rule);
    }
    this.#streams.set(pair, new CandleStream(this.#options.stream));
  }

  /** The stream of an open pair. */
  stream(pair: string): CandleStream | undefined {
    return this.#streams.get(pair);
  }

  /** The pair that a symbol stood for at a time, ms since the Unix epoch. */
  pairOf(symbol: string, time: number): string {
    return this.#follow(symbol, time);
  }

  /** @param now - the receiver's clock, ms since the Unix epoch. */
  push(symbol: string, candle: Candle, now: number): RoutedVerdict {
    const pair = this.pairOf(symbol, candle.time);
    const stream = this.#streams.get(pair);
    if (stream === undefined) return { pair, verdict: { kind: 'unknown-pair' } };
    return { pair, verdict: stream.push(candle, now) };
  }

  #follow(symbol: string, time: number): string {
    const { changes } = this.#options;
    let pair = symbol;
    for (let step = 0; step <= changes.length; step++) {
      const change = changes.find(({ from, before = Infinity }) => from === pair && time < before);
      if (change === undefined) return pair;
      pair = change.to;
    }
    throw new QarError('BAD_CONFIGURATION', `the changes of ${symbol} go round in a circle`);
  }
}
