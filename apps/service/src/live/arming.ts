import type { Logger } from 'pino';
import type { Market } from '../markets/market.ts';
import { ServiceError } from '../service-error.ts';
import type { Database } from '../storage/database.ts';
import { OrderTable } from '../storage/order-table.ts';
import type { KeptOrder } from '../storage/order-table.ts';
import { ArmedMarket } from './armed-market.ts';
import type { ArmState, DisarmCode } from './armed-market.ts';
import type { ExchangeSettings } from './ccxt-client.ts';
import type { FeedStatus } from './market-feed.ts';
import { OrderClient } from './order-client.ts';
import { OrderDesk, OrderFault } from './order-desk.ts';
import type { FaultCode } from './order-desk.ts';
import { closingId } from './order-id.ts';

export interface ArmingOptions {
  /** Only these take orders: their keys are set by who starts the service. */
  readonly exchanges: Readonly<Record<string, ExchangeSettings>>;
  readonly now: () => number;
  readonly log: Logger;
  /** @throws {ServiceError} `FEED_NOT_FOUND` */
  readonly feedOf: (market: Market) => FeedStatus & { readonly exchange: string };
}

/** Who asks for something, and why, for the signed journal. */
export interface Asked {
  readonly reason: string;
  readonly who: string;
}

export interface ArmStatus {
  readonly state: ArmState;
  readonly expiresAt: number | null;
  readonly disarmed: DisarmCode | null;
  /** What our orders have left at the exchange, base units. */
  readonly held: number;
  /** The newest first. */
  readonly orders: readonly KeptOrder[];
}

interface Desk {
  readonly desk: OrderDesk;
  readonly client: OrderClient;
  readonly table: OrderTable;
}

const ORDERS_SHOWN = 20;
/** A fee and a price that moved since leave so much of the paper account's equity unmatched. */
const EQUITY_SHARE = 0.99;
/** No exchange has an order of this id, and so must say so when asked. */
const PROBE_ID = `sema${'0'.repeat(28)}`;

/** Which markets place orders at their exchange: none when the service starts, and nothing kept. */
export class Arming {
  readonly #database: Database;
  readonly #options: ArmingOptions;
  readonly #armed = new Map<string, ArmedMarket>();

  constructor(database: Database, options: ArmingOptions) {
    this.#database = database;
    this.#options = options;
  }

  /**
   * Lets the market's decisions place orders until `expiresAt`.
   *
   * @throws {ServiceError} `ARM_REFUSED`, `FEED_NOT_FOUND`
   */
  async arm(market: Market, expiresAt: number, asked: Asked, alsoKeep: () => void): Promise<void> {
    this.#checkMarket(market);
    const { now } = this.#options;
    const { desk } = await this.#exchange(async () => {
      const opened = await this.#openDesk(market);
      await this.#checkAccount(market, opened);
      return opened;
    });
    // Whatever changed while the exchange was asked.
    this.#checkMarket(market);
    const until = new Date(expiresAt).toISOString();
    market.intervene(
      { kind: 'arm', ...asked, reason: `until ${until}: ${asked.reason}` },
      alsoKeep,
    );
    this.#armed.get(market.id)?.[Symbol.dispose]();
    const onDisarm = (code: DisarmCode): void => {
      this.#disarmed(market, code);
    };
    this.#armed.set(market.id, new ArmedMarket(market, { desk, expiresAt, now, onDisarm }));
  }

  /** Opens no more positions; says nothing where the market is not armed. */
  disarm(market: Market, asked: Asked, alsoKeep: () => void): void {
    market.intervene({ kind: 'disarm', ...asked }, alsoKeep);
    this.#armed.get(market.id)?.disarm('ASKED');
  }

  /** Disarms for what somebody else found wrong. */
  fault(market: Market, code: FaultCode): void {
    this.#armed.get(market.id)?.disarm(code);
  }

  /**
   * Sells what our orders have left at the exchange, armed or not, and disarms.
   *
   * @throws {ServiceError} `ARM_REFUSED` when the exchange does not tell how orders stand.
   */
  async closePosition(market: Market, asked: Asked, alsoKeep: () => void): Promise<void> {
    this.disarm(market, asked, alsoKeep);
    const armed = this.#armed.get(market.id);
    const [newest] = market.history.candles(-Number.MAX_VALUE, Number.MAX_VALUE, 1);
    const sell = async (): Promise<void> => {
      const { desk, table } = await this.#openDesk(market);
      await desk.settle();
      const [last] = table.latest(1) as [KeptOrder?];
      if (last === undefined) return;
      const clientId = closingId(market.id, last.clientId);
      await desk.moveTo(0, newest.close, { clientId, sequence: last.sequence });
    };
    // In turn with what a decision may be doing.
    await this.#exchange(() => (armed === undefined ? sell() : armed.inTurn(sell)));
  }

  /** @throws {ServiceError} `FEED_NOT_FOUND` */
  status(market: Market): ArmStatus {
    const armed = this.#armed.get(market.id);
    const { exchange } = this.#options.feedOf(market);
    const table = new OrderTable(this.#database, market.record.market, exchange);
    return {
      state: armed?.state ?? 'off',
      expiresAt: armed?.expiresAt ?? null,
      disarmed: armed?.code ?? null,
      held: table.held(),
      orders: table.latest(ORDERS_SHOWN),
    };
  }

  /** Places no more orders; resolves when the one being placed is. */
  async close(): Promise<void> {
    for (const armed of this.#armed.values()) {
      armed[Symbol.dispose]();
      await armed.do(() => Promise.resolve());
    }
    this.#armed.clear();
  }

  #checkMarket(market: Market): void {
    const { configuration } = market.record.settings;
    const { failures, lastTime } = this.#options.feedOf(market);
    const age = this.#options.now() - ((lastTime ?? -Infinity) + configuration.intervalMs);
    const trading = market.risk.trading;
    if (this.#armed.get(market.id)?.state === 'armed') throw refused('it is armed already');
    if (trading !== 'ACTIVE') throw refused(`trading is ${trading}`);
    if (configuration.risk.shorting) throw refused('it may go short, which a spot account cannot');
    if (failures > 0 || !(age <= configuration.intervalMs)) throw refused('its feed is behind');
  }

  async #checkAccount(market: Market, { desk, client }: Desk): Promise<void> {
    await desk.settle();
    await desk.checkHoldings();
    if ((await client.find(PROBE_ID)) !== undefined) {
      throw refused('orders are not found by our id');
    }
    const [last] = market.history.latest(1);
    const [candle] = market.history.candles(-Number.MAX_VALUE, Number.MAX_VALUE, 1);
    const { equity, exposure } = last ?? {
      ...{ equity: market.record.settings.configuration.startingEquity, exposure: 0 },
    };
    if (!desk.agrees((exposure * equity) / candle.close)) {
      throw refused('the paper account and our fills hold different positions');
    }
    const { quote } = await client.holdings();
    if (quote + desk.held * candle.close >= equity * EQUITY_SHARE) return;
    throw refused(`the account holds less than the paper account's equity of ${String(equity)}`);
  }

  async #openDesk(market: Market): Promise<Desk> {
    const { exchanges, now } = this.#options;
    const { exchange, symbol } = this.#options.feedOf(market);
    if (!Object.hasOwn(exchanges, exchange)) {
      throw refused(`'${exchange}' is not among the exchanges that this service has keys for`);
    }
    const client = await OrderClient.open(exchanges[exchange], symbol);
    const table = new OrderTable(this.#database, market.record.market, exchange);
    return { client, table, desk: new OrderDesk(client, table, now) };
  }

  /** What an exchange says may hold an address with a key in it: only its kind is told. */
  async #exchange<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      const kind = error instanceof OrderFault ? error.code : (error as Error).name;
      this.#options.log.warn({ kind }, 'exchange refused');
      throw refused(`the exchange: ${kind}`, error);
    }
  }

  /** In the journal, and entries halted where it was no person's wish. */
  #disarmed(market: Market, code: DisarmCode): void {
    if (code === 'ASKED') return;
    const who = 'sema';
    this.#options.log.warn({ market: market.id, code }, 'disarmed');
    try {
      market.intervene({ kind: 'disarm', reason: code, who }, () => undefined);
      if (code === 'EXPIRED' || code === 'RISK_STATE') return;
      if (market.risk.trading === 'HALTED' || market.risk.trading === 'KILLED') return;
      market.intervene({ kind: 'halt', reason: `disarmed: ${code}`, who }, () => undefined);
    } catch (error) {
      // It is disarmed all the same, and a market that cannot keep this decides nothing either.
      this.#options.log.error({ err: error, market: market.id }, 'disarming not kept');
    }
  }
}

function refused(why: string, cause?: unknown): ServiceError {
  return new ServiceError('ARM_REFUSED', why, { cause });
}
