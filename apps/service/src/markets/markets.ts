import { engineConfiguration, configurationOverrides, QarError } from '@sema/qar';
import type { EngineConfiguration } from '@sema/qar';
import { ServiceError } from '../service-error.ts';
import { MarketTable } from '../storage/market-table.ts';
import type { MarketSettings } from '../storage/market-table.ts';
import { Market } from './market.ts';
import type { MarketSurroundings } from './market.ts';

/** What a client says of a market to make. */
export interface MarketRequest {
  readonly id: string;
  readonly pair: string;
  readonly intervalMs: number;
  readonly path?: 'quantum' | 'twin' | undefined;
  readonly periodsPerYear?: number | undefined;
  readonly decideAt?: 'receipt' | 'close' | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

const YEAR_MS = 365.25 * 86_400_000;

/** The markets of the data directory, all open. */
export class Markets implements Disposable {
  readonly #around: MarketSurroundings;
  readonly #table: MarketTable;
  readonly #markets = new Map<string, Market>();
  readonly #most: number;

  /** @throws {QarError} when a kept market was changed behind our back. */
  constructor(around: MarketSurroundings, most: number) {
    this.#around = around;
    this.#most = most;
    this.#table = new MarketTable(around.database);
    for (const record of this.#table.all()) {
      this.#markets.set(record.id, new Market(record, around));
    }
  }

  all(): Market[] {
    return [...this.#markets.values()];
  }

  /** @throws {ServiceError} `MARKET_NOT_FOUND` */
  get(id: string): Market {
    const market = this.#markets.get(id);
    if (market === undefined) {
      throw new ServiceError('MARKET_NOT_FOUND', `there is no market '${id}'`);
    }
    return market;
  }

  /** @throws {ServiceError} `MARKET_NOT_FOUND` when there is none. */
  ofPair(pair: string): Market[] {
    const found = this.all().filter(({ record }) => record.settings.configuration.pair === pair);
    if (found.length > 0) return found;
    throw new ServiceError('MARKET_NOT_FOUND', `there is no market of the pair '${pair}'`);
  }

  /**
   * Makes a market, or gives the one that was made from the same request.
   *
   * @throws {ServiceError} `MARKET_EXISTS`, `MARKET_LIMIT`, `BAD_CONFIGURATION`
   */
  make(request: MarketRequest): { readonly market: Market; readonly made: boolean } {
    const settings: MarketSettings = {
      decideAt: request.decideAt ?? 'receipt',
      configuration: requestedConfiguration(request),
    };
    const known = this.#markets.get(request.id);
    if (known !== undefined) {
      if (JSON.stringify(known.record.settings) === JSON.stringify(settings)) {
        return { market: known, made: false };
      }
      throw new ServiceError('MARKET_EXISTS', `'${request.id}' exists with other settings`);
    }
    if (this.#markets.size >= this.#most) {
      throw new ServiceError('MARKET_LIMIT', `${String(this.#most)} markets are kept already`);
    }
    const { database, now } = this.#around;
    const market = database.transaction(
      () => new Market(this.#table.add(request.id, settings, now()), this.#around),
    );
    this.#markets.set(request.id, market);
    return { market, made: true };
  }

  [Symbol.dispose](): void {
    for (const market of this.#markets.values()) market[Symbol.dispose]();
    this.#markets.clear();
  }
}

/** @throws {ServiceError} `BAD_CONFIGURATION` */
export function requestedConfiguration(
  request: Omit<MarketRequest, 'id' | 'decideAt'>,
): EngineConfiguration {
  const { pair, intervalMs, path = 'quantum', settings = {} } = request;
  try {
    const overrides = configurationOverrides(settings);
    const periodsPerYear = request.periodsPerYear ?? YEAR_MS / intervalMs;
    return engineConfiguration({ pair, intervalMs, periodsPerYear, path }, overrides);
  } catch (error) {
    if (!(error instanceof QarError)) throw error;
    throw new ServiceError('BAD_CONFIGURATION', error.message, { cause: error });
  }
}
