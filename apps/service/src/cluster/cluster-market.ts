import type { EngineConfiguration } from '@sema/qar';
import { ClusterError } from './cluster-error.ts';

/** One pair at one venue, and how it is decided while its journal has no first line yet. */
export interface ClusterMarket {
  readonly venue: string;
  readonly pair: string;
  readonly configuration: EngineConfiguration;
}

/** Under which names a market is known outside its node: a function of venue and pair alone. */
export interface MarketNames {
  /** `<venue>.<pair>`, such as `binance.BTC/USDT`. */
  readonly market: string;
  readonly candles: string;
  readonly decisions: string;
  readonly journal: string;
  readonly snapshot: string;
}

// Neither has a dot, so that no two markets have the same names.
const VENUE = /^[\w-]{1,24}$/;
const PAIR = /^[\w:/-]{1,64}$/;

/** @throws {ClusterError} `BAD_MARKET` */
export function marketNames(venue: string, pair: string): MarketNames {
  if (!VENUE.test(venue)) {
    throw new ClusterError('BAD_MARKET', `venue '${venue}' is not 1 to 24 of A–Z a–z 0–9 _ -`);
  }
  if (!PAIR.test(pair)) {
    throw new ClusterError('BAD_MARKET', `pair '${pair}' is not 1 to 64 of A–Z a–z 0–9 _ - : /`);
  }
  const market = `${venue}.${pair}`;
  return {
    market,
    candles: `candles.${market}`,
    decisions: `decisions.${market}`,
    journal: `journal.${market}`,
    snapshot: `snapshots/${market}`,
  };
}

/** What a candle, its record and its decision are known by, and never kept twice. */
export function candleId(market: string, time: number): string {
  return `${market}/${String(time)}`;
}

/** The candle's time in an id of `market`; `undefined` when it is none. */
export function timeOfId(market: string, id: string): number | undefined {
  const text = id.slice(market.length + 1);
  return id.startsWith(`${market}/`) && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
