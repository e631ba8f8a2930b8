import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startExchange, type RunningExchange } from '@sema/freqtrade';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkConnection } from '../src/doctor/connection-check.ts';
import { systemClock } from '../src/system-clock.ts';
import { Sandbox } from './sema-process.ts';

const MINUTE = 60_000;
const length = 10;
const column = (value: number): Float64Array => new Float64Array(length).fill(value);
const startsAt = Date.UTC(2022, 0, 1);
const market = {
  base: 'BTC',
  quote: 'USDT',
  tickSize: 0.01,
  stepSize: 0.001,
  minimumNotional: 5,
  intervalMs: MINUTE,
  candles: {
    length,
    time: Float64Array.from({ length }, (_, i) => startsAt + i * MINUTE),
    open: column(100),
    high: column(101),
    low: column(99),
    close: column(100.5),
    volume: column(1),
  },
};
const clocks = { clock: systemClock(), wallMs: () => Date.now() };

let exchange: RunningExchange;
beforeAll(async () => {
  exchange = await startExchange(
    {
      markets: [market],
      wallClock: () => Date.now(),
      startsAt: startsAt + 5 * MINUTE,
      speed: 1,
      balances: { BTC: 0, USDT: 1000 },
      apiKey: { key: 'key', secret: 'secret' },
    },
    0,
  );
});
afterAll(() => exchange.stop());

describe('the market connection', () => {
  test('passes where the exchange answers and the market has a price', async () => {
    const passes = (found: RegExp) => ({ passed: true, found: expect.stringMatching(found) });
    const { url } = exchange;
    expect(await checkConnection({ url }, clocks)).toEqual(passes(/^answered in \d+ ms/));
    // Somewhere between the candle's low and high.
    expect(await checkConnection({ url, pair: 'BTC/USDT' }, clocks)).toEqual(
      passes(/; BTC\/USDT at (99|100|101)\.\d+$/),
    );
  });

  test('fails when our clock is wrong', async () => {
    const wallMs = () => Date.now() - MINUTE;
    expect(await checkConnection(exchange, { ...clocks, wallMs })).toMatchObject({
      passed: false,
      found: expect.stringMatching(/^its clock is (59|60)\d{3} ms from ours$/),
      remedy: expect.stringContaining('time service'),
    });
  });

  test('fails for a market that is not there', async () => {
    const nowhere = { url: exchange.url, pair: 'ETH/USDT' };
    await expect(checkConnection(nowhere, clocks)).rejects.toThrow(/symbol=ETHUSDT answers 400$/);
  });

  test.each(['not JSON', 'null', '{}', '{"serverTime":"soon"}'])('fails for %s', async (body) => {
    const server = createServer((_, response) => response.end(Buffer.from(body)));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}`;
    const outcome = await checkConnection({ url }, clocks).catch(() => ({ passed: false }));
    expect(outcome.passed).toBe(false);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  test('is one of the checks of doctor, by the pair of the settings', async () => {
    using sandbox = new Sandbox();
    const { stdout } = await sandbox.sema('doctor', '--exchange', exchange.url);
    expect(stdout).toMatch(/^pass {2}market connection {2}answered in/m);
    await exchange.stop();
    const without = await sandbox.sema('doctor', '--exchange', exchange.url);
    expect(without.stdout).toMatch(/^FAIL {2}market connection .*To do: check the network/ms);
    expect(without.code).toBe(1);
    const wrong = await sandbox.sema('doctor', '--exchange', 'binance');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
  });
});
