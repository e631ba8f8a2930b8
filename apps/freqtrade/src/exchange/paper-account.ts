import { BinanceError } from './binance-error.ts';
import type { RecordedMarket } from './recorded-market.ts';

export type Side = 'BUY' | 'SELL';
export type OrderType = 'LIMIT' | 'MARKET';
export type OrderStatus = 'NEW' | 'FILLED' | 'CANCELED';

export interface OrderRequest {
  readonly market: RecordedMarket;
  readonly side: Side;
  readonly type: OrderType;
  /** Base currency. */
  readonly quantity: number;
  /** Of a limit order. */
  readonly price: number | undefined;
  readonly clientOrderId: string;
}

export interface PaperOrder extends OrderRequest {
  readonly orderId: number;
  /** When it was placed, exchange ms. */
  readonly time: number;
  status: OrderStatus;
  /** When it last changed, exchange ms. */
  updateTime: number;
  /** Price it filled at; undefined until then. */
  fillPrice: number | undefined;
}

export interface Balance {
  readonly free: number;
  readonly locked: number;
}

/** Orders kept, ended ones included: more are refused. */
const MOST_ORDERS = 10_000;
/** A market order pays this share more, or gets this share less, than the price. */
const HALF_SPREAD = 0.0001;

/**
 * Balances and orders on paper. A market order fills whole at once, half a spread worse than the
 * price; a limit order fills whole at its price as soon as the market has traded there. The fee is
 * taken from what is received.
 */
export class PaperAccount {
  readonly feeRate: number;
  readonly #free = new Map<string, number>();
  readonly #locked = new Map<string, number>();
  readonly #orders: PaperOrder[] = [];

  constructor(balances: Readonly<Record<string, number>>, feeRate: number) {
    this.feeRate = feeRate;
    for (const [asset, amount] of Object.entries(balances)) this.#free.set(asset, amount);
  }

  balances(): [asset: string, balance: Balance][] {
    return [...this.#free.keys()].map((asset) => [
      asset,
      { free: this.#free.get(asset) ?? 0, locked: this.#locked.get(asset) ?? 0 },
    ]);
  }

  /** @throws {BinanceError} when a filter, the balance or the room for orders refuses it. */
  place(request: OrderRequest, now: number): PaperOrder {
    const { market, side, quantity, clientOrderId } = request;
    if (!market.isOpen(now)) throw new BinanceError('ORDER_REJECTED', 'Market is closed.');
    if (this.#orders.length >= MOST_ORDERS) {
      throw new BinanceError('ORDER_REJECTED', 'Too many orders.');
    }
    if (this.#orders.some((known) => known.clientOrderId === clientOrderId)) {
      throw new BinanceError('ORDER_REJECTED', 'Duplicate order sent.');
    }
    const price = request.price ?? worsened(market.price(now), side);
    checkFilters(request, price);
    const [asset, amount] = this.#cost(market, side, quantity, price);
    this.#lock(asset, amount);
    const order: PaperOrder = {
      ...request,
      orderId: this.#orders.length + 1,
      time: now,
      updateTime: now,
      status: 'NEW',
      fillPrice: undefined,
    };
    this.#orders.push(order);
    if (request.type === 'MARKET') this.#fill(order, price, now);
    else this.settle(now);
    return order;
  }

  /** Fills whatever the market has reached by `now`. */
  settle(now: number): void {
    for (const order of this.#orders) {
      if (order.status !== 'NEW' || order.price === undefined) continue;
      const { low, high } = order.market.range(order.time, now);
      const isReached = order.side === 'BUY' ? low <= order.price : high >= order.price;
      if (isReached) this.#fill(order, order.price, now);
    }
  }

  cancel(order: PaperOrder, now: number): void {
    if (order.status !== 'NEW') {
      throw new BinanceError('CANCEL_REJECTED', 'Unknown order sent.');
    }
    order.status = 'CANCELED';
    order.updateTime = now;
    const [asset, amount] = this.#cost(order.market, order.side, order.quantity, order.price ?? 0);
    this.#lock(asset, -amount);
  }

  /** Orders, oldest first: of one market, or of all. */
  orders(symbol?: string): readonly PaperOrder[] {
    return this.#orders.filter(({ market }) => (symbol ?? market.symbol) === market.symbol);
  }

  /** What an order needs: quote currency to buy, base currency to sell. */
  #cost({ definition }: RecordedMarket, side: Side, quantity: number, price: number) {
    return side === 'BUY'
      ? ([definition.quote, rounded(quantity * price)] as const)
      : ([definition.base, quantity] as const);
  }

  #lock(asset: string, amount: number): void {
    const free = this.#free.get(asset) ?? 0;
    if (amount > free) {
      throw new BinanceError(
        'ORDER_REJECTED',
        'Account has insufficient balance for requested action.',
      );
    }
    this.#free.set(asset, rounded(free - amount));
    this.#locked.set(asset, rounded((this.#locked.get(asset) ?? 0) + amount));
  }

  #fill(order: PaperOrder, price: number, now: number): void {
    const { market, side, quantity } = order;
    const [paid, amount] = this.#cost(market, side, quantity, order.price ?? price);
    const { base, quote } = market.definition;
    const [received, gross] = side === 'BUY' ? [base, quantity] : [quote, quantity * price];
    this.#locked.set(paid, rounded((this.#locked.get(paid) ?? 0) - amount));
    const before = this.#free.get(received) ?? 0;
    this.#free.set(received, rounded(before + gross * (1 - this.feeRate)));
    order.status = 'FILLED';
    order.updateTime = now;
    order.fillPrice = price;
  }
}

function worsened(price: number, side: Side): number {
  return price * (side === 'BUY' ? 1 + HALF_SPREAD : 1 - HALF_SPREAD);
}

function checkFilters({ market, type, quantity, price: limit }: OrderRequest, price: number): void {
  const { tickSize, stepSize, minimumNotional } = market.definition;
  const refuse = (filter: string): never => {
    throw new BinanceError('FILTER_FAILURE', `Filter failure: ${filter}`);
  };
  if (!isMultiple(quantity, stepSize)) refuse('LOT_SIZE');
  if (type === 'LIMIT' && !isMultiple(limit ?? 0, tickSize)) refuse('PRICE_FILTER');
  if (quantity * price < minimumNotional) refuse('NOTIONAL');
}

/** Whether a value is a positive whole number of steps, but for the rounding of its decimals. */
function isMultiple(value: number, step: number): boolean {
  const steps = value / step;
  return steps >= 1 - 1e-9 && Math.abs(steps - Math.round(steps)) < 1e-6;
}

/** To the eight decimals in which exchanges count. */
function rounded(amount: number): number {
  return Math.round(amount * 1e8) / 1e8;
}
