import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { BinanceError } from './binance-error.ts';
import { marketOf, text } from './market-data-routes.ts';
import type { MarketDataOptions } from './market-data-routes.ts';
import type { PaperAccount, PaperOrder } from './paper-account.ts';
import { Parameters } from './parameters.ts';

export interface ApiKey {
  readonly key: string;
  readonly secret: string;
}

export interface TradingOptions extends MarketDataOptions {
  readonly account: PaperAccount;
  readonly apiKey: ApiKey;
}

/** As on Binance: how old a request may be unless it says so, and the most it may say. */
const RECEIVE_WINDOW_MS = 5000;
const LONGEST_WINDOW_MS = 60_000;
/** How far a client's clock may be ahead. */
const AHEAD_MS = 1000;

/** Answers one signed request, at a moment on the exchange's clock. */
type Answer = (parameters: Parameters, now: number) => object;

/** Orders and balances on paper, for requests signed with the exchange's own key. */
export function addTrading(app: Hono, options: TradingOptions): void {
  const { time, account, apiKey } = options;
  for (const [method, path, answer] of [...orderAnswers(options), ...accountAnswers(options)]) {
    app.on(method, `/api/v3/${path}`, async (context) => {
      const now = time.now();
      const parameters = await authenticated(context, apiKey, now);
      account.settle(now);
      return context.json(answer(parameters, now));
    });
  }
}

type Route = readonly [method: 'GET' | 'POST' | 'DELETE', path: string, answer: Answer];

function orderAnswers(options: TradingOptions): readonly Route[] {
  const { account } = options;
  return [
    [
      'POST',
      'order',
      (parameters, now) => {
        const order = account.place(orderRequest(parameters, options, now), now);
        return { ...orderText(order), transactTime: now, fills: fillsOf(order, account.feeRate) };
      },
    ],
    ['GET', 'order', (parameters) => orderText(knownOrder(parameters, options))],
    [
      'DELETE',
      'order',
      (parameters, now) => {
        const order = knownOrder(parameters, options);
        account.cancel(order, now);
        return orderText(order);
      },
    ],
  ];
}

function accountAnswers({ account, markets }: TradingOptions): readonly Route[] {
  const ordersOf = (parameters: Parameters) => account.orders(marketOf(markets, parameters).symbol);
  return [
    ['GET', 'account', () => accountText(account)],
    [
      'GET',
      'openOrders',
      (parameters) => {
        const isAny = parameters.optional('symbol') === undefined;
        const orders = isAny ? account.orders() : ordersOf(parameters);
        return orders.filter(({ status }) => status === 'NEW').map(orderText);
      },
    ],
    ['GET', 'allOrders', (parameters) => ordersOf(parameters).map(orderText)],
    [
      'GET',
      'myTrades',
      (parameters) =>
        ordersOf(parameters)
          .filter(({ status }) => status === 'FILLED')
          .map((order) => tradeText(order, account.feeRate)),
    ],
  ];
}

function knownOrder(parameters: Parameters, { account, markets }: TradingOptions): PaperOrder {
  const { symbol } = marketOf(markets, parameters);
  const id = parameters.integer('orderId', [1, 9e15]);
  const clientId = parameters.optional('origClientOrderId');
  const order = account
    .orders(symbol)
    .find((known) => (id === undefined ? known.clientOrderId === clientId : known.orderId === id));
  if (order === undefined) throw new BinanceError('NO_SUCH_ORDER', 'Order does not exist.');
  return order;
}

/** The parameters of a request whose key, signature and time are right. */
async function authenticated(context: Context, apiKey: ApiKey, now: number): Promise<Parameters> {
  const isKey = isSame(context.req.header('X-MBX-APIKEY') ?? '', apiKey.key);
  if (!isKey) throw new BinanceError('BAD_KEY', 'Invalid API-key, IP, or permissions for action.');
  const query = new URL(context.req.url).search.slice(1);
  const body = context.req.method === 'GET' ? '' : await context.req.text();
  const [payload, signature] = splitSignature(`${query}${body}`);
  const expected = createHmac('sha256', apiKey.secret).update(payload).digest('hex');
  if (!isSame(signature, expected)) {
    throw new BinanceError('BAD_SIGNATURE', 'Signature for this request is not valid.');
  }
  const parameters = new Parameters(new URLSearchParams([query, body].filter(Boolean).join('&')));
  const window = parameters.integer('recvWindow', [1, LONGEST_WINDOW_MS]) ?? RECEIVE_WINDOW_MS;
  const sent = parameters.integer('timestamp', [0, 9e15]) ?? Number.NaN;
  if (!(sent < now + AHEAD_MS && now - sent <= window)) {
    const message = 'Timestamp for this request is outside of the recvWindow.';
    throw new BinanceError('BAD_TIMESTAMP', message);
  }
  return parameters;
}

/** What was signed, and the signature that ends it. */
function splitSignature(payload: string): [payload: string, signature: string] {
  const match = /^(.*?)&?signature=([0-9a-f]*)$/s.exec(payload);
  return match === null ? [payload, ''] : [match[1] ?? '', match[2] ?? ''];
}

function isSame(given: string, expected: string): boolean {
  const digest = (value: string): Buffer => createHmac('sha256', 'compare').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function orderRequest(parameters: Parameters, { markets }: TradingOptions, now: number) {
  const type = parameters.oneOf('type', ['LIMIT', 'MARKET'] as const);
  return {
    market: marketOf(markets, parameters),
    side: parameters.oneOf('side', ['BUY', 'SELL'] as const),
    type,
    quantity: parameters.amount('quantity'),
    price: type === 'LIMIT' ? parameters.amount('price') : undefined,
    clientOrderId: parameters.optional('newClientOrderId') ?? `paper-${String(now)}`,
  };
}

function accountText(account: PaperAccount): object {
  return {
    makerCommission: account.feeRate * 10_000,
    takerCommission: account.feeRate * 10_000,
    canTrade: true,
    canWithdraw: false,
    canDeposit: false,
    accountType: 'SPOT',
    balances: account.balances().map(([asset, { free, locked }]) => ({
      asset,
      free: text(free),
      locked: text(locked),
    })),
    permissions: ['SPOT'],
  };
}

function orderText(order: PaperOrder): object {
  const { market, quantity, price, fillPrice } = order;
  const executed = fillPrice === undefined ? 0 : quantity;
  return {
    symbol: market.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    price: text(price ?? 0),
    origQty: text(quantity),
    executedQty: text(executed),
    cummulativeQuoteQty: text(executed * (fillPrice ?? 0)),
    status: order.status,
    timeInForce: 'GTC',
    type: order.type,
    side: order.side,
    time: order.time,
    updateTime: order.updateTime,
    isWorking: order.status === 'NEW',
  };
}

function fillsOf(order: PaperOrder, feeRate: number): object[] {
  return order.fillPrice === undefined ? [] : [fillText(order, order.fillPrice, feeRate)];
}

function tradeText(order: PaperOrder, feeRate: number): object {
  const price = order.fillPrice ?? 0;
  return {
    symbol: order.market.symbol,
    id: order.orderId,
    orderId: order.orderId,
    ...fillText(order, price, feeRate),
    quoteQty: text(order.quantity * price),
    time: order.updateTime,
    isBuyer: order.side === 'BUY',
    isMaker: order.type === 'LIMIT',
    isBestMatch: true,
  };
}

function fillText({ market, side, quantity }: PaperOrder, price: number, feeRate: number): object {
  const { base, quote } = market.definition;
  const received = side === 'BUY' ? quantity : quantity * price;
  return {
    price: text(price),
    qty: text(quantity),
    commission: text(received * feeRate),
    commissionAsset: side === 'BUY' ? base : quote,
  };
}
