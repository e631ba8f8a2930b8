import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError } from '@sema/qar/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CandlePublisher } from '../../src/cluster/candle-publisher.ts';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import { readMarkets } from '../../src/cluster/market-file.ts';
import { startNode } from '../../src/cluster/start-node.ts';
import { localPorts } from '../../src/ports/local-ports.ts';
import { readJournalKey } from '../../src/security/key-files.ts';
import { CLUSTER_KEY, recordedMarkets } from './cluster-world.ts';

const CANDLES = 258;
/** Ends what hangs. */
const HANGS_MS = 60_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sema-node-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + HANGS_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it does not come to hold');
    await wait(10);
  }
}

test('a node says whether it lives, is heard, and what it owns and counts', async () => {
  const [market] = recordedMarkets(1, CANDLES);
  const ports = localPorts({ leaseMs: 2000 });
  let isAway = false;
  const away = (): Promise<never> => Promise.reject(new PortError('UNAVAILABLE', 'away'));
  const leases = {
    lifetimeMs: ports.leases.lifetimeMs,
    acquire: (...args: Parameters<typeof ports.leases.acquire>) =>
      isAway ? away() : ports.leases.acquire(...args),
    holder: (name: string) => (isAway ? away() : ports.leases.holder(name)),
  };
  const { time } = market.candles[CANDLES - 1];
  const node = await startNode({
    name: 'a',
    markets: [market],
    key: CLUSTER_KEY,
    ports: { ...ports, leases },
    logLevel: 'silent',
  });
  const ask = (path: string) => fetch(node.url + path);
  expect((await ask('/healthz')).status).toBe(200);
  await until(async () => (await ask('/readyz')).status === 200);
  const publisher = await CandlePublisher.resume(ports.bus, marketNames(market.venue, market.pair));
  for (const candle of market.candles) await publisher.publish(candle);
  await until(() => node.status.markets[0]?.lastTime === time);
  expect(await (await ask('/status')).json()).toMatchObject({
    name: 'a',
    nodes: ['a'],
    markets: [{ market: market.name, state: 'open', decisions: 3, lastTime: time }],
  });
  const metrics = await (await ask('/metrics')).text();
  expect(metrics).toContain(`sema_cluster_records_total ${String(CANDLES)}`);
  expect(metrics).toContain('sema_cluster_decisions_total 3');
  expect(metrics).toContain('sema_cluster_markets 1');
  expect(metrics).toContain('sema_cluster_ready 1');
  expect(metrics).toContain(`sema_cluster_oldest_candle_seconds ${String(time / 1000)}`);
  isAway = true;
  await until(async () => (await ask('/readyz')).status === 503);
  expect((await ask('/healthz')).status).toBe(200);
  expect((await ask('/nothing')).status).toBe(404);
  await node.stop();
  await expect(ask('/healthz')).rejects.toThrow();
});

test('a publisher refuses what is no candle and what is older, and keeps one once', async () => {
  const ports = localPorts();
  const [market] = recordedMarkets(1, 3);
  const names = marketNames(market.venue, market.pair);
  const publisher = await CandlePublisher.resume(ports.bus, names);
  const refused = { code: 'BAD_CANDLE' };
  const [first, second, third] = market.candles;
  await publisher.publish(second);
  await expect(publisher.publish(first)).rejects.toMatchObject(refused);
  await expect(publisher.publish(second)).rejects.toMatchObject(refused);
  await expect(publisher.publish({ ...third, low: NaN })).rejects.toMatchObject(refused);
  await expect(publisher.publish({ ...third, open: -1 })).rejects.toMatchObject(refused);
  // Who fed it before has fed this one too.
  const other = await CandlePublisher.resume(ports.bus, names);
  const kept = await publisher.publish(third);
  expect(await other.publish(third)).toEqual({ ...kept, duplicate: true });
  await ports.close();
});

test('the file of markets names each with its settings', () => {
  const file = join(folder, 'markets.json');
  const markets = [
    { venue: 'binance', pair: 'BTC/USDT', intervalMs: 60_000 },
    {
      venue: 'binance',
      pair: 'ETH/USDT',
      intervalMs: 1000,
      path: 'twin',
      settings: { risk: { shorting: true } },
    },
  ];
  writeFileSync(file, JSON.stringify({ markets }));
  const [btc, eth] = readMarkets(file);
  expect(btc.configuration).toMatchObject({ pair: 'BTC/USDT', path: 'quantum' });
  expect(btc.configuration.periodsPerYear).toBe(525_960);
  expect(eth.configuration).toMatchObject({ path: 'twin', risk: { shorting: true } });
});

test('a file that names no markets says what is wrong with it', () => {
  const market = { venue: 'binance', pair: 'BTC/USDT', intervalMs: 60_000 };
  const texts: [string, RegExp][] = [
    ['{', /not JSON/],
    ['[]', /expected object/],
    [JSON.stringify({ markets: [{ ...market, pair: 'A.B' }] }), /pair 'A\.B'/],
    [JSON.stringify({ markets: [{ ...market, venue: '' }] }), /venue ''/],
    [JSON.stringify({ markets: [{ ...market, intervalMs: -1 }] }), /intervalMs|periodsPerYear/],
    [JSON.stringify({ markets: [{ ...market, extra: 1 }] }), /markets\.0.*extra/s],
    [JSON.stringify({ markets: [{ ...market, settings: { nothing: 1 } }] }), /nothing/],
  ];
  const file = join(folder, 'bad.json');
  for (const [text, why] of texts) {
    writeFileSync(file, text);
    expect(() => readMarkets(file), text).toThrow(why);
    const refused = expect.objectContaining({ code: 'MARKETS_NOT_USABLE' }) as Error;
    expect(() => readMarkets(file)).toThrow(refused);
  }
  expect(() => readMarkets(join(folder, 'absent.json'))).toThrow(/ENOENT/);
});

test('the key of a cluster is one that is there and nobody else can read', () => {
  const file = join(folder, 'key.pem');
  const refused = expect.objectContaining({ code: 'KEY_NOT_USABLE' }) as Error;
  expect(() => readJournalKey(file)).toThrow(refused);
  writeFileSync(file, CLUSTER_KEY.toPem(), { mode: 0o600 });
  using key = readJournalKey(file);
  expect(key.verifyingKey.toText()).toBe(CLUSTER_KEY.verifyingKey.toText());
  chmodSync(file, 0o644);
  if (process.platform !== 'win32') expect(() => readJournalKey(file)).toThrow(refused);
  writeFileSync(file, 'no key', { mode: 0o600 });
  expect(() => readJournalKey(file)).toThrow(refused);
});
