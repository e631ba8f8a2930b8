import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { auditMarket, marketNames, openPorts } from '@sema/service/cluster';
import { mulberry32 } from '@sema/simulator';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openKeyFile } from '../src/key-file.ts';
import { writeCandles } from './candle-fixture.ts';
import { NATS_SERVER, NatsServer, needingNats } from './nats-server.ts';
import { finished, Sandbox, type Finished } from './sema-process.ts';

vi.setConfig({ testTimeout: 300_000 });

type Ports = Awaited<ReturnType<typeof openPorts>>;

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const START = Date.UTC(2024, 0, 1);
const SECOND = 1000;
/** Ends what hangs; a loaded machine is done long before. */
const DONE_MS = 240_000;

/** A file of a seeded walk, a candle a second. */
function writeRecording(name: string, candles: number): string {
  const random = mulberry32(11);
  let price = 100;
  const rows = Array.from({ length: candles }, (_, index) => {
    const open = price;
    price = Number((open * (1 + 0.004 * (random.next() - 0.5))).toFixed(2));
    const ends = [Math.max(open, price), Math.min(open, price)];
    return [START + index * SECOND, open, ...ends, price, 1000].join(',');
  });
  const path = sandbox.file(name);
  writeFileSync(path, ['time,open,high,low,close,volume', ...rows, ''].join('\n'));
  return path;
}

function writeMarkets(...pairs: string[]): string {
  const markets = pairs.map((pair) => {
    return { venue: 'recorded', pair, intervalMs: SECOND, path: 'twin' };
  });
  const path = sandbox.file('markets.json');
  writeFileSync(path, JSON.stringify({ markets }));
  return path;
}

/** Times of all candles that a market's messages hold, in their order. */
async function timesOf({ bus }: Ports, pair: string): Promise<number[]> {
  const { candles } = marketNames('recorded', pair);
  const last = await bus.last(candles);
  const times: number[] = [];
  if (last === undefined) return times;
  for await (const { bytes, position } of bus.follow(candles, 0, new AbortController().signal)) {
    times.push((JSON.parse(new TextDecoder().decode(bytes)) as { candle: number[] }).candle[0]);
    if (position >= last.position) break;
  }
  return times;
}

/** Asks until it is so; nothing while the broker is away. */
async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + DONE_MS;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > until) throw new Error(`not in time: ${what}`);
    await wait(50);
  }
}

const secondsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index * SECOND);

describe.skipIf(NATS_SERVER === undefined)(needingNats('sema cluster feed with a file'), () => {
  const CANDLES = 3000;

  test('goes on through an outage of the broker and after Ctrl-C, each candle once', async () => {
    await using server = await NatsServer.start();
    const ports = await openPorts({ SEMA_NATS_URL: server.url });
    const markets = writeMarkets('A/B', 'C/D');
    const file = writeRecording('recording.csv', CANDLES);
    const to = (pair: string) =>
      sandbox.start(
        ...['cluster', 'feed', file, '--markets', markets, '--market', `recorded.${pair}`],
        ...['--nats-url', server.url, '--json'],
      );
    const some = async (pair: string) => (await timesOf(ports, pair)).length > 100;

    const outage = finished(to('A/B'));
    await eventually('some candles are there', () => some('A/B'));
    await server.kill();
    await wait(1000);
    await server.launch();
    const { code, stdout, stderr } = await outage;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('waiting: ');
    const last = START + (CANDLES - 1) * SECOND;
    const result = JSON.parse(stdout) as Record<string, number>;
    expect(result).toMatchObject({ market: 'recorded.A/B', candles: CANDLES, refused: 0, last });
    expect(result.published + result.leftOut).toBe(CANDLES);
    expect(await timesOf(ports, 'A/B')).toEqual(secondsFrom(START, CANDLES));

    const child = to('C/D');
    const broken = finished(child);
    await eventually('some candles are there', () => some('C/D'));
    child.kill('SIGINT');
    const first = await broken;
    expect(first.stderr).toMatch(/^error INTERRUPTED: .* Next: run the same command again/);
    expect(first.code).toBe(5);
    const second = await finished(to('C/D'));
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout).leftOut).toBeGreaterThan(100);
    expect(await timesOf(ports, 'C/D')).toEqual(secondsFrom(START, CANDLES));
    await ports.close();
  });
});

/** Programs that serve until they are stopped. */
class Programs implements AsyncDisposable {
  readonly #running = new Map<ChildProcess, Promise<Finished>>();

  start(...args: string[]): ChildProcess {
    const child = sandbox.start(...args);
    this.#running.set(child, finished(child));
    return child;
  }

  /** Starts one and waits for its first line. */
  async listening(...args: string[]): Promise<{ child: ChildProcess; line: string }> {
    const child = this.start(...args);
    if (child.stdout === null) throw new Error('the program has no output');
    const said = once(createInterface({ input: child.stdout }), 'line').then(([line]) => line);
    const ended = this.#running.get(child)?.then(({ stderr }) => Promise.reject(new Error(stderr)));
    return { child, line: String(await Promise.race([said, ended])) };
  }

  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<Finished> {
    child.kill(signal);
    const end = this.#running.get(child);
    if (end === undefined) throw new Error('the program was not started here');
    return end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running.keys()) {
      child.kill('SIGKILL');
      child.kill('SIGCONT');
    }
    await Promise.all(this.#running.values());
  }
}

describe.skipIf(NATS_SERVER === undefined)(needingNats('sema cluster feed --live'), () => {
  const PAIR = 'BTC/USDT';
  const NAMES = marketNames('recorded', PAIR);

  /** The offline exchange in the present, under the name of the market's venue. */
  async function exchange(programs: Programs): Promise<ChildProcess> {
    const file = writeRecording('exchange.csv', 4000);
    const { child, line } = await programs.listening(
      ...['exchange', file, '--pair', PAIR, '--interval', '1s', '--port', '0'],
    );
    const { url } = JSON.parse(line) as { url: string };
    const api = { public: `${url}/api/v3`, private: `${url}/api/v3`, v1: `${url}/api/v1` };
    const options = {
      ...{ enableRateLimit: false, urls: { api } },
      options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
    };
    const settings = { recorded: { ccxt: 'binance', options } };
    writeFileSync(sandbox.file('exchanges.json'), JSON.stringify(settings));
    return child;
  }

  test('two of them bring every candle to the nodes once, whatever is away meanwhile', async () => {
    await using server = await NatsServer.start();
    await using programs = new Programs();
    const key = sandbox.file('key.pem');
    using signing = openKeyFile(key);
    const common = ['--markets', writeMarkets(PAIR), '--nats-url', server.url];
    const source = await exchange(programs);
    const settings = ['--exchanges', sandbox.file('exchanges.json')];
    const startFeed = async () => {
      const feed = ['cluster', 'feed', '--live', ...common, ...settings];
      return (await programs.listening(...feed)).child;
    };
    const feeds = await Promise.all([startFeed(), startFeed()]);
    const startNode = (name: string) =>
      programs.start('cluster', 'node', ...common, '--name', name, '--key', key, '--port', '0');
    for (const name of ['one', 'two']) startNode(name);

    const ports = await openPorts({ SEMA_NATS_URL: server.url });
    const decidedTime = async (): Promise<number> => {
      const id = (await ports.journal.last(NAMES.journal))?.id ?? '';
      return Number(id.slice(NAMES.market.length + 1));
    };
    let decided = 0;
    const moreDecided = async (candles: number): Promise<void> => {
      const goal = Math.max(decided, await decidedTime().catch(() => 0)) + candles * SECOND;
      await eventually('more is decided', async () => (decided = await decidedTime()) >= goal);
    };
    await eventually('the first is decided', async () => (decided = await decidedTime()) > 0);
    await moreDecided(2);
    await server.kill();
    await wait(3000);
    await server.launch();
    await moreDecided(3);
    await programs.end(feeds[0], 'SIGKILL');
    source.kill('SIGSTOP');
    await wait(3000);
    source.kill('SIGCONT');
    await moreDecided(3);
    feeds[0] = await startFeed();
    await moreDecided(8);

    const ended = await Promise.all(feeds.map((feed) => programs.end(feed, 'SIGINT')));
    for (const { code, stdout, stderr } of ended) {
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/^recorded\.BTC\/USDT +[\d,]+ +0 +20.*Z +well$/m);
    }
    const times = await timesOf(ports, PAIR);
    expect(times).toEqual(secondsFrom(times[0], times.length));
    await eventually('all is decided', async () => (await decidedTime()) === times.at(-1));
    const audit = await auditMarket(ports.journal, NAMES, signing.verifyingKey.toText());
    expect(audit.fault).toBeUndefined();
    expect(audit.candles).toBe(times.length);
    // A whole window came first, so that the newest candle of it was decided on.
    expect(audit.decisions).toBe(times.length - 255);
    await ports.close();
  });
});

describe('sema cluster feed', () => {
  const feed = (...args: string[]) =>
    sandbox.sema('cluster', 'feed', '--markets', writeMarkets('A/B', 'C/D'), ...args);

  test('says what it cannot do, and what to do then', async () => {
    const file = writeRecording('short.csv', 300);
    const none = await feed('--nats-url', 'nats://127.0.0.1:1');
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toMatch(/^error BAD_OPTION: .* Next: give a file or --live/);
    const days = writeCandles(sandbox.file('days.csv'));
    const daily = await feed(days, '--market', 'recorded.A/B', '--nats-url', 'nats://127.0.0.1:1');
    expect(daily.stderr).toMatch(
      /^error OTHER_DATA: .* has candles of 86400000 ms, A\/B of 1000\. /,
    );
    expect((await feed(file)).stderr).toContain('choose one with --market');
    const other = await feed(file, '--market', 'recorded.E/F');
    expect(other.stderr).toContain('has no market recorded.E/F');
    const away = await feed(file, '--market', 'recorded.A/B', '--nats-url', 'nats://127.0.0.1:1');
    expect(away.stderr).toMatch(/^error SERVICE_NOT_STARTED: UNAVAILABLE: .* Next: see that /);
    expect(away.code).toBe(3);
  });
});
