import { createHash } from 'node:crypto';
import type { DecisionReceipt } from '@sema/qar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Orders } from '../src/api/order.ts';
import { Problem } from '../src/api/problem.ts';
import pino from 'pino';
import { ArmedMarket } from '../src/live/armed-market.ts';
import { Arming } from '../src/live/arming.ts';
import { OrderClient } from '../src/live/order-client.ts';
import { OrderDesk } from '../src/live/order-desk.ts';
import { Markets } from '../src/markets/markets.ts';
import { openKeys } from '../src/security/key-files.ts';
import { Database } from '../src/storage/database.ts';
import type { DecisionEvent } from '../src/storage/history.ts';
import { OrderTable } from '../src/storage/order-table.ts';
import { faultyProxy } from './faulty-proxy.ts';
import type { Fault } from './faulty-proxy.ts';
import { exchangeSettings, startExchange } from './offline-exchange.ts';
import type { OfflineExchange } from './offline-exchange.ts';
import { MARKET } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import { StreamClient } from './stream-client.ts';

const folder = temporaryDirectory();
let exchange: OfflineExchange;
let nextHash = 0;

beforeAll(async () => {
  exchange = await startExchange(folder.path);
});

afterAll(() => {
  exchange[Symbol.dispose]();
  folder[Symbol.dispose]();
});

/** The exchange's last price. */
async function priceNow(): Promise<number> {
  const ticker = await fetch(`${exchange.url}/api/v3/ticker/price?symbol=BTCUSDT`);
  return Number(((await ticker.json()) as { price: string }).price);
}

interface Decided {
  /** Units the gate let through; none when absent. */
  readonly order?: number;
  /** What the paper account holds. */
  readonly paper: number;
  readonly limitFraction?: number;
  /** How long ago its candle closed, ms. */
  readonly age?: number;
}

/** A decision as a market tells of it: what matters to orders is its line's hash and outcome. */
async function decided({ order, paper, limitFraction = 0.01, age = 0 }: Decided) {
  const close = await priceNow();
  const equity = 100_000;
  const outcome: DecisionReceipt['outcome'] =
    order === undefined
      ? { kind: 'hold' }
      : { kind: 'order', targetUnits: order, limitFraction, denied: null };
  const hash = createHash('sha256').update(`${String(Date.now())} ${String(nextHash++)}`);
  const time = Date.now() - age - MARKET.intervalMs;
  const event: DecisionEvent = {
    sequence: nextHash,
    line: JSON.stringify({ body: { outcome, equity }, hash: hash.digest('hex') }),
    candle: { time, open: close, high: close, low: close, close, volume: 1 },
    exposure: (paper * close) / equity,
    weights: new Float64Array(0),
  };
  return event;
}

/** A market whose orders go to the exchange by a way that can fail. */
async function armedMarket(data = temporaryDirectory()) {
  const proxy = await faultyProxy(exchange.url);
  const database = new Database(data.path, { everyCommitToDisk: false });
  const keys = openKeys(data.path);
  const markets = new Markets(
    {
      ...{ database, key: keys.journal, clock: { nowNs: () => 0 }, now: () => Date.now() },
      onStep: () => undefined,
      onFailure: () => undefined,
    },
    1,
  );
  const { market } = markets.make({ ...MARKET, path: 'twin' });
  const client = await OrderClient.open(exchangeSettings(exchange, proxy.url), MARKET.pair);
  const table = new OrderTable(database, market.record.market, 'offline');
  // So that an order that did not arrive need not be waited for.
  let later = 0;
  const desk = new OrderDesk(client, table, () => Date.now() + later);
  const codes: string[] = [];
  const arm = (minutes = 10): ArmedMarket => {
    const onDisarm = (code: string): void => void codes.push(code);
    const expiresAt = Date.now() + minutes * 60_000;
    return new ArmedMarket(market, { desk, expiresAt, now: () => Date.now(), onDisarm });
  };
  const armed = arm();
  return {
    ...{ proxy, database, desk, table, codes, armed, arm, market, client },
    pass: (ms: number) => {
      later += ms;
    },
    /** Tells of a decision, and waits until it was followed. */
    decide: async (decision: Decided, by = armed): Promise<DecisionEvent> => {
      const event = await decided(decision);
      by.decision(event);
      await by.do(() => Promise.resolve());
      return event;
    },
    [Symbol.dispose]() {
      armed[Symbol.dispose]();
      markets[Symbol.dispose]();
      keys[Symbol.dispose]();
      database[Symbol.dispose]();
      proxy[Symbol.dispose]();
      data[Symbol.dispose]();
    },
  };
}

const CREATE = /^POST \/api\/v3\/order$/;
const ORDER = /\/api\/v3\/order$/;

describe('an armed market', () => {
  test('buys what the gate let through, sells it when the paper account closes', async () => {
    using live = await armedMarket();
    await live.decide({ order: 3, paper: 0 });
    expect(live.codes).toEqual([]);
    const [bought] = live.table.latest(1);
    expect(bought).toMatchObject({ side: 'buy', amount: 3, filled: 3, state: 'settled' });
    expect(bought.clientId).toMatch(/^sema[0-9a-f]{28}$/);
    expect(live.desk.held).toBeCloseTo(3 * 0.999, 9);
    await live.decide({ paper: 3 });
    await live.decide({ order: 0, paper: 3 });
    await live.decide({ paper: 0 });
    expect(live.codes).toEqual([]);
    expect(live.client.amount(live.desk.held)).toBe(0);
    expect(live.proxy.placed()).toBe(2);
  });

  test('never holds more than the share of equity that the ladder gives', async () => {
    using live = await armedMarket();
    const { candle } = await live.decide({ order: 1e6, paper: 0, limitFraction: 0.01 });
    const [{ amount }] = live.table.latest(1);
    expect(amount * candle.close).toBeLessThanOrEqual(1000);
    expect(amount * candle.close).toBeGreaterThan(999);
  });

  test('sends the same decision once, however often it is told of', async () => {
    using live = await armedMarket();
    const event = await live.decide({ order: 1, paper: 0 });
    await live.desk.moveTo(5, event.candle.close, {
      clientId: live.table.latest(1)[0].clientId,
      sequence: 0,
    });
    expect(live.proxy.placed()).toBe(1);
  });

  test('places nothing that the exchange would find too small', async () => {
    using live = await armedMarket();
    await live.decide({ order: 0.01, paper: 0 });
    expect(live.codes).toEqual(['BELOW_MINIMUM']);
    expect(live.proxy.placed()).toBe(0);
  });

  test('disarms when the paper account and the fills part, and then only sells', async () => {
    using live = await armedMarket();
    await live.decide({ order: 2, paper: 0 });
    await live.decide({ order: 9, paper: 1 });
    expect(live.codes).toEqual(['DISAGREEMENT']);
    expect(live.armed.state).toBe('reducing');
    expect(live.proxy.placed()).toBe(1);
    await live.decide({ order: 0, paper: 1 });
    expect(live.client.amount(live.desk.held)).toBe(0);
  });

  test('disarms on an old candle, on a halt, and when its time is over', async () => {
    using live = await armedMarket();
    await live.decide({ order: 1, paper: 0, age: 2 * MARKET.intervalMs });
    const halted = live.arm();
    live.market.intervene({ kind: 'halt', reason: 'test', who: 'ann' }, () => undefined);
    await live.decide({ order: 1, paper: 0 }, halted);
    const expired = live.arm(0);
    await live.decide({ order: 1, paper: 0 }, expired);
    expect(live.codes).toEqual(['STALE_FEED', 'RISK_STATE', 'EXPIRED']);
    expect(live.proxy.placed()).toBe(0);
    halted[Symbol.dispose]();
    expired[Symbol.dispose]();
  });

  test.each<[name: string, fault: Fault, code: string, placed: number, held: number]>([
    ['is away', { request: ORDER, kind: 'away' }, 'ORDER_UNKNOWN', 0, 0],
    ['rejects', { request: CREATE, kind: 'refused' }, 'ORDER_REJECTED', 0, 0],
    [
      'takes the order unanswered',
      { request: CREATE, kind: 'unanswered' },
      'EXCHANGE_FAILED',
      1,
      2,
    ],
    ['answers nothing any more', { request: ORDER, kind: 'unanswered' }, 'ORDER_UNKNOWN', 1, 2],
  ])('is disarmed when the exchange %s, and orders nothing twice', async (...row) => {
    const [, fault, code, placed, held] = row;
    using live = await armedMarket();
    live.proxy.faults.push(fault);
    await live.decide({ order: 2, paper: 0 });
    expect(live.codes).toEqual([code]);
    expect(live.proxy.placed()).toBe(placed);
    live.proxy.faults.length = 0;
    live.pass(60_000);
    await live.decide({ order: 2, paper: 0 });
    expect(live.proxy.placed()).toBe(placed);
    // What was taken is known by now, and can be sold.
    expect(live.table.unsettled()).toEqual([]);
    expect(live.table.latest(10)).toHaveLength(1);
    expect(live.desk.held).toBeCloseTo(0.999 * held, 9);
  });

  test('knows after an end in mid-order what came of it, and sends it no more', async () => {
    using live = await armedMarket();
    const asked = { clientId: `sema${'1'.repeat(28)}`, side: 'buy', amount: 2 } as const;
    const price = live.client.price((await priceNow()) * 1.001);
    // Written down and sent, and then the process was gone.
    live.table.add({ ...asked, price, sequence: 1 }, Date.now());
    await live.client.place({ ...asked, price });
    await live.desk.settle();
    expect(live.desk.held).toBeCloseTo(2 * 0.999, 9);
    // Written down, and gone before it was sent.
    const lost = { ...asked, clientId: `sema${'2'.repeat(28)}`, price, sequence: 2 };
    live.table.add(lost, Date.now());
    await expect(live.desk.settle()).rejects.toMatchObject({ code: 'ORDER_UNKNOWN' });
    live.pass(60_000);
    await live.desk.settle();
    expect(live.table.latest(1)[0].state).toBe('absent');
    expect(live.proxy.placed()).toBe(1);
  });

  test('cancels what is left of an order when the next decision comes', async () => {
    using live = await armedMarket();
    const order = { clientId: `sema${'3'.repeat(28)}`, side: 'buy', amount: 2 } as const;
    const price = live.client.price((await priceNow()) * 0.5);
    live.table.add({ ...order, price, sequence: 1 }, Date.now());
    await live.client.place({ ...order, price });
    await live.decide({ paper: 0 });
    expect(live.codes).toEqual([]);
    expect(await live.client.find(order.clientId)).toMatchObject({ open: false, filled: 0 });
    expect(live.table.latest(1)[0]).toMatchObject({ state: 'settled', filled: 0 });
  });
});

test('a fault disarms and halts in the signed journal, and a person can still sell', async () => {
  using live = await armedMarket();
  const closed = Math.floor(Date.now() / MARKET.intervalMs) * MARKET.intervalMs;
  const close = await priceNow();
  const time = closed - MARKET.intervalMs;
  await live.market.take([{ time, open: close, high: close, low: close, close, volume: 1 }]);
  const feed = { symbol: MARKET.pair, taken: 1, refused: 0, failures: 0, lastFailure: null };
  const arming = new Arming(live.database, {
    exchanges: { offline: exchangeSettings(exchange, live.proxy.url) },
    now: () => Date.now(),
    log: pino({ level: 'silent' }),
    feedOf: () => ({ exchange: 'offline', lastTime: time, ...feed }),
  });
  const asked = { reason: 'a trial', who: 'ann' };
  const expiresAt = Date.now() + 60_000;
  const arm = () => arming.arm(live.market, expiresAt, asked, () => undefined);
  // A position that the paper account does not hold.
  await live.decide({ order: 2, paper: 0 });
  await expect(arm()).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  await arming.closePosition(live.market, asked, () => undefined);
  expect(live.client.amount(live.desk.held)).toBe(0);
  await arm();
  arming.fault(live.market, 'FEED_FAILED');
  expect(arming.status(live.market)).toMatchObject({ state: 'reducing', disarmed: 'FEED_FAILED' });
  expect(live.market.risk.trading).toBe('HALTED');
  await expect(arm()).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  const lines = [...live.market.journal()].slice(1);
  const kinds = lines.map((line) => /"intervention":\{"kind":"(\w+)"/.exec(line)?.[1]);
  expect(kinds).toEqual(['disarm', 'arm', 'disarm', 'halt']);
  await arming.close();
});

test('a service is armed by a word, a scope and a person, and disarmed by its end', async () => {
  using data = temporaryDirectory();
  const exchanges = { offline: exchangeSettings(exchange, exchange.url) };
  const orders = `/v1/markets/${MARKET.id}/orders`;
  const asked = { reason: 'a trial', who: 'ann' };
  const arm = { ...asked, minutes: 5, confirm: 'place real orders' };
  let token: string;
  {
    await using running = await runService({ dataDirectory: data.path, exchanges });
    token = running.token;
    const { decideAt: _, ...live } = MARKET;
    await running.ask('POST', '/v1/markets', live);
    const stream = `/v1/markets/${MARKET.id}/stream?after=-1`;
    using client = await StreamClient.open(running.service.url, token, stream);
    await running.ask('POST', `/v1/markets/${MARKET.id}/feed`, { exchange: 'offline' });
    await client.next('decision');
    expect(Orders.parse(await (await running.ask('GET', orders)).json()).state).toBe('off');
    const { confirm: _unsaid, ...silent } = arm;
    expect((await running.ask('POST', `${orders}/arm`, silent)).status).toBe(400);
    const made = await running.ask('POST', '/v1/tokens', {
      ...{ name: 'reader', scopes: ['risk:write', 'markets:write'], expiresInSeconds: 600 },
    });
    const reader = (await made.json()) as { token: string };
    const authorization = `Bearer ${reader.token}`;
    expect((await running.ask('POST', `${orders}/arm`, arm, { authorization })).status).toBe(403);
    const answer = Orders.parse(await (await running.ask('POST', `${orders}/arm`, arm)).json());
    expect(answer).toMatchObject({ state: 'armed', held: 0, disarmed: null });
    const again = await running.ask('POST', `${orders}/arm`, arm);
    expect(Problem.parse(await again.json()).code).toBe('ARM_REFUSED');
    const disarmed = await running.ask('POST', `${orders}/disarm`, asked);
    expect(Orders.parse(await disarmed.json())).toMatchObject({ disarmed: 'ASKED' });
    await running.ask('POST', `${orders}/arm`, arm);
    const audit = await running.ask('GET', '/v1/audit');
    expect(await audit.text()).toContain('"action":"orders armed"');
    const check = await running.ask('GET', `/v1/markets/${MARKET.id}/journal/verification`);
    expect(await check.json()).toMatchObject({ valid: true });
  }
  await using running = await runService({ dataDirectory: data.path, exchanges });
  const headers = { authorization: `Bearer ${token}` };
  const status = await running.ask('GET', orders, undefined, headers);
  expect(Orders.parse(await status.json())).toMatchObject({ state: 'off', disarmed: null });
  const closed = await running.ask('POST', `${orders}/close`, asked, headers);
  expect(closed.status).toBe(200);
});
