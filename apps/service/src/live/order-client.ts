import { ServiceError } from '../service-error.ts';
import { ccxtClient } from './ccxt-client.ts';
import type { ExchangeSettings } from './ccxt-client.ts';

/** What an order has come to, as the exchange tells it. */
export interface OrderState {
  readonly open: boolean;
  /** Base units. */
  readonly filled: number;
  /** Part of what was filled that was kept as a fee, base units. */
  readonly feeBase: number;
}

export interface OrderAsked {
  /** Ours, 32 letters and digits: the exchange takes each once. */
  readonly clientId: string;
  readonly side: 'buy' | 'sell';
  /** Base units, in the exchange's steps. */
  readonly amount: number;
  /** Quote currency, in the exchange's steps. */
  readonly price: number;
}

/** What the account holds of the two currencies, orders' shares included. */
export interface Holdings {
  readonly base: number;
  readonly quote: number;
}

interface CcxtMarket {
  readonly base: string;
  readonly quote: string;
  readonly spot?: boolean;
  readonly limits: {
    readonly amount?: { readonly min?: number };
    readonly cost?: { readonly min?: number };
  };
}
interface CcxtFee {
  readonly currency?: string;
  readonly cost?: number;
}
interface CcxtOrder {
  readonly id: string;
  readonly timestamp?: number;
  readonly status?: string;
  readonly filled?: number;
}
interface CcxtTrade {
  readonly order?: string;
  readonly amount?: number;
  readonly fee?: CcxtFee;
  readonly fees?: readonly CcxtFee[];
}
/** As much of a ccxt client as is used here. */
interface CcxtClient {
  loadMarkets(): Promise<unknown>;
  market(symbol: string): CcxtMarket;
  amountToPrecision(symbol: string, amount: number): string;
  priceToPrecision(symbol: string, price: number): string;
  createOrder(
    ...order: [string, 'limit', 'buy' | 'sell', number, number, { clientOrderId: string }]
  ): Promise<unknown>;
  fetchOrder(id: string, symbol: string, extra: { clientOrderId: string }): Promise<CcxtOrder>;
  cancelOrder(id: string, symbol: string): Promise<unknown>;
  fetchMyTrades(symbol: string, since: number | undefined, limit: number): Promise<CcxtTrade[]>;
  fetchBalance(): Promise<{ readonly total: Readonly<Record<string, number | undefined>> }>;
}

const MOST_TRADES = 500;
/** Of a fill's size: trades that add up to it but for rounding in their decimals. */
const ROUNDING = 1e-9;

/** Orders of one spot market of one exchange, each known by an id of ours. */
export class OrderClient {
  readonly #client: CcxtClient;
  readonly #symbol: string;
  readonly #market: CcxtMarket;

  private constructor(client: CcxtClient, symbol: string) {
    this.#client = client;
    this.#symbol = symbol;
    this.#market = client.market(symbol);
  }

  /**
   * @throws {ServiceError} `EXCHANGE_UNKNOWN`, `EXCHANGE_NOT_USABLE`, `ARM_REFUSED` when it is no
   *   spot market; what ccxt throws.
   */
  static async open(settings: ExchangeSettings, symbol: string): Promise<OrderClient> {
    const client = await ccxtClient<CcxtClient>(settings);
    await client.loadMarkets();
    const opened = new OrderClient(client, symbol);
    if (opened.#market.spot === true) return opened;
    throw new ServiceError('ARM_REFUSED', `'${symbol}' is no spot market`);
  }

  /** Rounded towards zero to the exchange's steps; 0 when it is less than a step. */
  amount(amount: number): number {
    try {
      return Number(this.#client.amountToPrecision(this.#symbol, amount));
    } catch {
      // What ccxt says of an amount below one step.
      return 0;
    }
  }

  price(price: number): number {
    return Number(this.#client.priceToPrecision(this.#symbol, price));
  }

  /** Why the exchange would refuse an order for being small, if it would. */
  tooSmall(amount: number, price: number): boolean {
    const { limits } = this.#market;
    const [least, leastCost] = [limits.amount?.min ?? 0, limits.cost?.min ?? 0];
    return !(amount > 0 && amount >= least && amount * price >= leastCost);
  }

  async place({ clientId, side, amount, price }: OrderAsked): Promise<void> {
    const extra = { clientOrderId: clientId };
    await this.#client.createOrder(this.#symbol, 'limit', side, amount, price, extra);
  }

  /**
   * Looks an order up by our id; undefined when the exchange says that it has none.
   *
   * @throws whatever leaves its state unknown.
   */
  async find(clientId: string): Promise<OrderState | undefined> {
    const order = await this.#find(clientId);
    if (order === undefined) return undefined;
    const { filled = NaN, status } = order;
    if (!Number.isFinite(filled)) throw new Error('the exchange does not say what was filled');
    if (status === undefined) throw new Error('the exchange does not say how the order stands');
    const feeBase = filled > 0 ? await this.#feeBase(order, filled) : 0;
    return { open: status === 'open', filled, feeBase };
  }

  /** Cancels what is still open of an order. */
  async cancel(clientId: string): Promise<void> {
    const order = await this.#find(clientId);
    if (order?.status === 'open') await this.#client.cancelOrder(order.id, this.#symbol);
  }

  async holdings(): Promise<Holdings> {
    const { total } = await this.#client.fetchBalance();
    const { base, quote } = this.#market;
    return { base: total[base] ?? 0, quote: total[quote] ?? 0 };
  }

  async #find(clientId: string): Promise<CcxtOrder | undefined> {
    try {
      return await this.#client.fetchOrder('', this.#symbol, { clientOrderId: clientId });
    } catch (error) {
      if (error instanceof Error && error.name === 'OrderNotFound') return undefined;
      throw error;
    }
  }

  async #feeBase({ id, timestamp }: CcxtOrder, filled: number): Promise<number> {
    const all = await this.#client.fetchMyTrades(this.#symbol, timestamp, MOST_TRADES);
    const trades = all.filter(({ order }) => order === id);
    const sum = trades.reduce((total, { amount }) => total + (amount ?? NaN), 0);
    if (!(Math.abs(sum - filled) <= ROUNDING * filled)) {
      throw new Error('trades do not add up to what was filled');
    }
    return trades
      .flatMap(({ fee, fees }) => fees ?? (fee === undefined ? [] : [fee]))
      .filter(({ currency }) => currency === this.#market.base)
      .reduce((total, { cost }) => total + (cost ?? 0), 0);
  }
}
