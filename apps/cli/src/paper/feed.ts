import { TradeAggregator, type Candle } from '@sema/qar';
import { parseCandleLine } from '../candle-line.ts';
import { parseTradeLine } from './trade-line.ts';

/** What a line of input led to: a candle to decide on, or an answer at once. */
export type FeedItem = { readonly candle: Candle } | { readonly answer: object };

/** Makes candles of lines. */
export interface Feed {
  /** @param now - the receiver's clock, ms since the Unix epoch; Infinity for a recording. */
  take(line: string, now: number): readonly FeedItem[];
  /** What is ready because of the time alone. */
  ready(now: number): readonly FeedItem[];
}

/** One closed candle a line. */
export const candleFeed: Feed = {
  take(line) {
    const candle = parseCandleLine(line);
    if (candle === undefined) return [{ answer: { verdict: 'invalid', code: 'NOT_A_CANDLE' } }];
    return [{ candle }];
  },
  ready: () => [],
};

/** Ids of the latest trades; a reconnecting feed sends some minutes of them again. */
const REMEMBERED_IDS = 100_000;
/** Trades arrive some time after they were made: a candle waits as long for its last ones. */
const GRACE_MS = 500;

export interface TradeFeedOptions {
  readonly intervalMs: number;
  readonly clockToleranceMs: number;
}

/**
 * One trade a line. A candle closes with the first trade of a later one, or half a second after its
 * end. The first candle of each run is left out: nobody knows what was traded of it before the run
 * began.
 */
export class TradeFeed implements Feed {
  readonly #trades: TradeAggregator;
  #isFirst = true;

  /** @throws {QarError} `BAD_CONFIGURATION` for an interval that does not divide a day. */
  constructor(options: TradeFeedOptions) {
    this.#trades = new TradeAggregator({ ...options, rememberedIds: REMEMBERED_IDS });
  }

  take(line: string, now: number): readonly FeedItem[] {
    const trade = parseTradeLine(line);
    if (trade === undefined) return [{ answer: { verdict: 'invalid', code: 'NOT_A_TRADE' } }];
    const { kind, ...rest } = this.#trades.push(trade, now);
    if (kind !== 'taken') {
      return [{ answer: { trade: trade.id ?? null, time: trade.time, verdict: kind, ...rest } }];
    }
    return 'closed' in rest && rest.closed !== undefined ? [this.#closed(rest.closed)] : [];
  }

  ready(now: number): readonly FeedItem[] {
    const candle = this.#trades.close(now - GRACE_MS);
    return candle === undefined ? [] : [this.#closed(candle)];
  }

  #closed(candle: Candle): FeedItem {
    if (!this.#isFirst) return { candle };
    this.#isFirst = false;
    return { answer: { time: candle.time, verdict: 'partial' } };
  }
}
