import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Market } from '../markets/market.ts';
import type { Markets } from '../markets/markets.ts';
import { ServiceError } from '../service-error.ts';
import type { Database, Query } from '../storage/database.ts';
import { marketSink } from './candle-sink.ts';
import { ccxtSource } from './candle-source.ts';
import type { ExchangeSettings } from './ccxt-client.ts';
import { MarketFeed } from './market-feed.ts';
import type { FeedStatus } from './market-feed.ts';

export interface FeedsOptions {
  /** Exchanges by a name of one's own; any other name is one of ccxt's, without keys. */
  readonly exchanges: Readonly<Record<string, ExchangeSettings>>;
  readonly now: () => number;
  readonly log: Logger;
  /** Told whenever a feed could not be read, after it is logged. */
  readonly onFailure: (market: Market) => void;
}

interface OpenFeed {
  readonly exchange: string;
  readonly feed: MarketFeed;
}

/** Which markets are fed from which exchange: kept, so that a restart goes on with it. */
export class Feeds {
  readonly #options: FeedsOptions;
  readonly #all: Query<[market: number, exchange: string, symbol: string]>;
  readonly #put: Query<[]>;
  readonly #delete: Query<[]>;
  readonly #open = new Map<string, OpenFeed>();

  constructor(database: Database, options: FeedsOptions) {
    this.#options = options;
    this.#all = database.query('SELECT market, exchange, symbol FROM feeds');
    this.#put = database.query('INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)');
    this.#delete = database.query('DELETE FROM feeds WHERE market = ?');
  }

  /** Goes on with what was fed when the service stopped. */
  async resume(markets: Markets): Promise<void> {
    for (const [key, exchange, symbol] of this.#all.all()) {
      const market = markets.all().find(({ record }) => record.market === key);
      if (market === undefined) continue;
      try {
        await this.#begin(market, exchange, symbol);
      } catch (error) {
        this.#options.log.error({ err: error, market: market.id }, 'feed not resumed');
      }
    }
  }

  /** @throws {ServiceError} `EXCHANGE_UNKNOWN`, `EXCHANGE_NOT_USABLE`, `FEED_EXISTS` */
  async start(market: Market, exchange: string, symbol: string): Promise<void> {
    if (this.#open.has(market.id)) {
      throw new ServiceError('FEED_EXISTS', `'${market.id}' is fed already; stop that first`);
    }
    await this.#begin(market, exchange, symbol);
    this.#put.run(market.record.market, exchange, symbol);
  }

  /** @throws {ServiceError} `FEED_NOT_FOUND` */
  status(market: Market): FeedStatus & { readonly exchange: string } {
    const { exchange, feed } = this.#feedOf(market);
    return { exchange, ...feed.status };
  }

  /** @throws {ServiceError} `FEED_NOT_FOUND` */
  async stop(market: Market): Promise<void> {
    const { feed } = this.#feedOf(market);
    this.#delete.run(market.record.market);
    this.#open.delete(market.id);
    await feed.stop();
  }

  /** Stops all of them for now. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ feed }) => feed.stop()));
  }

  #feedOf(market: Market): OpenFeed {
    const open = this.#open.get(market.id);
    if (open !== undefined) return open;
    throw new ServiceError('FEED_NOT_FOUND', `'${market.id}' is fed by no exchange`);
  }

  async #begin(market: Market, exchange: string, symbol: string): Promise<void> {
    const { exchanges, now, log, onFailure } = this.#options;
    const settings = Object.hasOwn(exchanges, exchange) ? exchanges[exchange] : { ccxt: exchange };
    const source = await ccxtSource(settings);
    const feed = new MarketFeed(marketSink(market), source, {
      symbol,
      now,
      wait: (ms, signal) =>
        setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined),
      onFailure: (error) => {
        const kind = error instanceof Error ? error.name : 'unknown';
        log.warn({ market: market.id, exchange, kind }, 'feed failed');
        onFailure(market);
      },
    });
    this.#open.set(market.id, { exchange, feed });
  }
}
