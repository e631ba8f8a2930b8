import type { KeptOrder, OrderTable } from '../storage/order-table.ts';
import type { OrderAsked, OrderClient } from './order-client.ts';

/** Why orders are placed no more. */
export type FaultCode =
  | 'BELOW_MINIMUM'
  | 'DISAGREEMENT'
  | 'EXCHANGE_FAILED'
  | 'FEED_FAILED'
  | 'ORDER_REJECTED'
  | 'ORDER_UNKNOWN'
  | 'STALE_FEED';

/** What went wrong at the exchange. Its message never holds the exchange's own words. */
export class OrderFault extends Error {
  override readonly name = 'OrderFault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Orders pay or get at most this share worse than the candle's close. */
const WORST_SHARE = 0.002;
/** A request that was cut off may still be on its way; after so long it is not. */
const ABSENT_AFTER_MS = 30_000;
/** Fees in base currency and the price between a close and the next open move a position so far. */
const ROUNDING_SHARE = 0.01;

/** What ccxt's errors are called where an exchange has refused, and so has not taken, an order. */
const REJECTIONS = new Set([
  ...['InvalidOrder', 'InsufficientFunds', 'BadRequest', 'BadSymbol', 'ArgumentsRequired'],
  ...['AuthenticationError', 'PermissionDenied', 'AccountSuspended', 'OrderImmediatelyFillable'],
  ...['DuplicateOrderId', 'MarketClosed', 'ContractUnavailable', 'AccountNotEnabled'],
]);

/**
 * Places orders so that each is written down before it is sent, is sent once at most, and is
 * looked up by its id before any other is.
 */
export class OrderDesk {
  readonly #client: OrderClient;
  readonly #table: OrderTable;
  readonly #now: () => number;

  constructor(client: OrderClient, table: OrderTable, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /** What our orders have left in the account, base units. */
  get held(): number {
    return this.#table.held();
  }

  /** Reads back every order that is not settled, and cancels what is open. @throws {OrderFault} */
  async settle(): Promise<void> {
    for (const { order, at } of this.#table.unsettled()) {
      try {
        await this.#settle(order, at);
      } catch (error) {
        if (error instanceof OrderFault) throw error;
        throw new OrderFault('ORDER_UNKNOWN', `order ${order.clientId}`, { cause: error });
      }
    }
  }

  /** Whether our fills and the paper account hold the same but for rounding. */
  agrees(paperUnits: number): boolean {
    const difference = Math.abs(paperUnits - this.held);
    const share = ROUNDING_SHARE * Math.max(Math.abs(paperUnits), this.held);
    // Less than a step is nothing that could be traded.
    return difference <= share || this.#client.amount(difference) === 0;
  }

  /**
   * Asks the exchange to hold as much of a position, after `settle`. Does nothing where the
   * difference is less than a step.
   *
   * @throws {OrderFault} whatever is known of the order by then.
   */
  async moveTo(units: number, price: number, from: { clientId: string; sequence: number }) {
    const side = units > this.held ? 'buy' : 'sell';
    const wanted = Math.abs(units - this.held);
    const inAccount = side === 'sell' ? (await this.#holdings()).base : Infinity;
    const amount = this.#client.amount(Math.min(wanted, inAccount));
    if (amount === 0) return;
    const worst = this.#client.price(price * (side === 'buy' ? 1 + WORST_SHARE : 1 - WORST_SHARE));
    if (this.#client.tooSmall(amount, worst)) {
      throw new OrderFault('BELOW_MINIMUM', `${String(amount)} at ${String(worst)}`);
    }
    if (this.#table.has(from.clientId)) return;
    const order = { ...from, side, amount, price: worst } as const;
    this.#table.add(order, this.#now());
    await this.#send(order);
  }

  /** Whether the account holds what our fills say it must. @throws {OrderFault} */
  async checkHoldings(): Promise<void> {
    const { base } = await this.#holdings();
    if (base >= this.held * (1 - ROUNDING_SHARE)) return;
    throw new OrderFault('DISAGREEMENT', 'the account holds less than our fills');
  }

  async #holdings() {
    try {
      return await this.#client.holdings();
    } catch (error) {
      throw new OrderFault('EXCHANGE_FAILED', 'the balance cannot be read', { cause: error });
    }
  }

  async #send(order: OrderAsked): Promise<void> {
    let failure: unknown;
    try {
      await this.#client.place(order);
    } catch (error) {
      failure = error;
    }
    const found = await this.#client.find(order.clientId).catch(() => 'unknown' as const);
    if (found !== 'unknown' && found !== undefined) {
      if (!found.open) this.#table.settle(order.clientId, found);
      if (failure === undefined) return;
      throw new OrderFault('EXCHANGE_FAILED', 'taken without an answer', { cause: failure });
    }
    const kind = failure instanceof Error ? failure.name : 'unknown';
    if (found === undefined && REJECTIONS.has(kind)) {
      this.#table.settle(order.clientId, undefined);
      throw new OrderFault('ORDER_REJECTED', kind, { cause: failure });
    }
    throw new OrderFault('ORDER_UNKNOWN', `order ${order.clientId}`, { cause: failure });
  }

  async #settle({ clientId }: KeptOrder, at: number): Promise<void> {
    let found = await this.#client.find(clientId);
    if (found?.open === true) {
      // It may fill in this very moment, which the next look tells.
      await this.#client.cancel(clientId).catch(() => undefined);
      found = await this.#client.find(clientId);
    }
    const mayCome = found === undefined && this.#now() - at < ABSENT_AFTER_MS;
    if (mayCome || found?.open === true) {
      throw new OrderFault('ORDER_UNKNOWN', `order ${clientId} has no end yet`);
    }
    this.#table.settle(clientId, found);
  }
}
