import { setTimeout as wait } from 'node:timers/promises';
import type { Ports } from '@sema/qar/ports';
import pino from 'pino';
import type { DestinationStream, Level } from 'pino';
import { ccxtSource, timeframeOf } from '../live/candle-source.ts';
import type { CandleSource } from '../live/candle-source.ts';
import type { ExchangeSettings } from '../live/ccxt-client.ts';
import { MarketFeed } from '../live/market-feed.ts';
import type { FeedStatus } from '../live/market-feed.ts';
import { ServiceError } from '../service-error.ts';
import { StartError } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import type { ClusterMarket } from './cluster-market.ts';
import { ClusterSink } from './cluster-sink.ts';
import { codeOfFailure } from './node-metrics.ts';

export interface LiveFeedOptions {
  readonly markets: readonly ClusterMarket[];
  /** Exchanges by the venue's name; any other venue is one of ccxt's, without keys. */
  readonly exchanges: Readonly<Record<string, ExchangeSettings>>;
  /** They stay the caller's. */
  readonly ports: Pick<Ports, 'bus' | 'journal'>;
  readonly logLevel?: Level | 'silent';
  /** Standard error when absent. */
  readonly logTo?: DestinationStream;
}

export interface LiveFeed {
  /** Of each market, in the order given. */
  readonly status: readonly LiveFeedStatus[];
  /** Resolves when what was on its way is there, or is known to have failed. */
  stop(): Promise<void>;
}

export interface LiveFeedStatus extends FeedStatus {
  /** `<venue>.<pair>` */
  readonly market: string;
}

/**
 * Feeds markets of a cluster from their exchanges: first the candles that are missing, or a window
 * of them, then each as it closes, until it is stopped. While the exchange or the broker is away it
 * tries again, at least once a minute.
 *
 * @throws {StartError} `EXCHANGES_NOT_USABLE` for a venue that ccxt does not know, or an interval
 * that no exchange has.
 * @throws {PortError}
 */
export async function startLiveFeed(options: LiveFeedOptions): Promise<LiveFeed> {
  const { markets, exchanges, ports } = options;
  const log = pino(
    { level: options.logLevel ?? 'info' },
    options.logTo ?? pino.destination({ fd: 2, sync: true }),
  );
  const sources = await openSources(markets, exchanges);
  const clock = systemClock();
  const sinks: ClusterSink[] = [];
  for (const market of markets) sinks.push(await ClusterSink.open(ports, market, clock));
  const feeds = markets.map(({ venue, pair }, index) => {
    const { market } = sinks[index].names;
    return new MarketFeed(sinks[index], sources(venue), {
      symbol: pair,
      now: Date.now,
      wait: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
      onFailure: (error) => {
        // Its kind and no more: the text may hold an address with a key in it.
        const kind = error instanceof Error ? error.name : 'unknown';
        log.warn({ market, kind, code: codeOfFailure(error) }, 'feed failed');
      },
    });
  });
  log.info({ markets: markets.length }, 'feed started');
  return {
    get status() {
      return feeds.map(({ status }, index) => ({ market: sinks[index].names.market, ...status }));
    },
    async stop() {
      await Promise.all(feeds.map((feed) => feed.stop()));
      log.info('feed stopped');
    },
  };
}

/** One client for each venue, so that its limit of requests holds for all markets together. */
async function openSources(
  markets: readonly ClusterMarket[],
  exchanges: LiveFeedOptions['exchanges'],
): Promise<(venue: string) => CandleSource> {
  const sources = new Map<string, CandleSource>();
  try {
    for (const { venue, configuration } of markets) {
      timeframeOf(configuration.intervalMs);
      if (sources.has(venue)) continue;
      const known = Object.hasOwn(exchanges, venue) ? exchanges[venue] : { ccxt: venue };
      sources.set(venue, await ccxtSource(known));
    }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new StartError(
      'EXCHANGES_NOT_USABLE',
      error.message,
      'name the venue as ccxt names its exchange, or give it an exchange among the settings',
      { cause: error },
    );
  }
  return (venue) => {
    const source = sources.get(venue);
    if (source === undefined) throw new TypeError(`no source was opened for ${venue}`);
    return source;
  };
}
