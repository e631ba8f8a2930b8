import type { Candle } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { Feed } from '../src/api/feed.ts';
import { Problem } from '../src/api/problem.ts';
import { marketSink } from '../src/live/candle-sink.ts';
import { timeframeOf } from '../src/live/candle-source.ts';
import type { CandleSource } from '../src/live/candle-source.ts';
import { MarketFeed } from '../src/live/market-feed.ts';
import { Markets } from '../src/markets/markets.ts';
import { openKeys } from '../src/security/key-files.ts';
import { Database } from '../src/storage/database.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';

const RECORD = recordedCandles(400);
const MINUTE = MARKET.intervalMs;

/**
 * What a recorded exchange shows at each moment, its forming candle included, and time that passes
 * only while somebody waits for it.
 */
class RecordedExchange implements CandleSource {
  now: number;
  readonly failsAt: Set<number>;
  #asked = 0;

  constructor(candlesClosed: number, failsAt: readonly number[] = []) {
    this.now = RECORD[0].time + candlesClosed * MINUTE + 15_000;
    this.failsAt = new Set(failsAt);
  }

  async candles(_: string, intervalMs: number, since: number, limit: number): Promise<Candle[]> {
    await Promise.resolve();
    if (this.failsAt.has(this.#asked++)) throw new Error('the exchange is away: key=secret');
    const begun = RECORD.filter(({ time }) => time >= since && time <= this.now);
    expect(intervalMs).toBe(MINUTE);
    return begun.slice(0, limit);
  }
}

/** Runs a feed over the record until `until` candles have closed. */
async function fed(exchange: RecordedExchange, until: number) {
  using directory = temporaryDirectory();
  using database = new Database(directory.path, { everyCommitToDisk: false });
  using keys = openKeys(directory.path);
  const failures: unknown[] = [];
  using markets = new Markets(
    {
      database,
      key: keys.journal,
      clock: { nowNs: () => 0 },
      now: () => exchange.now,
      onStep: () => undefined,
      onFailure: (_, error) => failures.push(error),
    },
    1,
  );
  const { market } = markets.make({ ...MARKET, path: 'twin', decideAt: 'receipt' });
  const waits: number[] = [];
  const errors: unknown[] = [];
  const done = new Promise<MarketFeed>((resolve) => {
    const feed: MarketFeed = new MarketFeed(marketSink(market), exchange, {
      symbol: MARKET.pair,
      now: () => exchange.now,
      wait: async (ms, signal) => {
        waits.push(ms);
        exchange.now += ms;
        const closed = Math.floor((exchange.now - RECORD[0].time) / MINUTE);
        if (closed > until && !signal.aborted) {
          resolve(feed);
          await new Promise((end) => {
            signal.addEventListener('abort', end);
          });
        }
      },
      onFailure: (error) => errors.push(error),
    });
  });
  const feed = await done;
  const { status } = feed;
  await feed.stop();
  expect(failures).toEqual([]);
  const kept = market.history.candles(-Infinity, Infinity, 5000);
  return { status, kept, waits, errors, decisions: market.session.decisions };
}

describe('a feed', () => {
  test('takes a whole window at first, then each candle once as it closes', async () => {
    const { status, kept, decisions } = await fed(new RecordedExchange(300), 320);
    // The window that was missing, and the twenty that closed since.
    expect(kept).toEqual(RECORD.slice(44, 320));
    expect(status).toMatchObject({ taken: 276, refused: 0, failures: 0, lastFailure: null });
    expect(decisions).toBe(21);
  });

  test('never takes the candle that is forming', async () => {
    const exchange = new RecordedExchange(300);
    const { kept } = await fed(exchange, 305);
    for (const { time } of kept) expect(time + MINUTE).toBeLessThanOrEqual(exchange.now);
  });

  test('tries again after a failure, later each time, and misses no candle', async () => {
    const exchange = new RecordedExchange(300, [0, 1, 2, 5]);
    const { kept, waits, errors, status } = await fed(exchange, 310);
    expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(errors).toHaveLength(4);
    expect(status.failures).toBe(0);
    const [first] = kept;
    const from = RECORD.findIndex(({ time }) => time === first.time);
    expect(kept).toEqual(RECORD.slice(from, 310));
  });
});

describe('a market', () => {
  test('is fed by no exchange that is unknown, and by one at a time', async () => {
    const nowhere = 'http://127.0.0.1:9/api/v3';
    const exchanges = {
      offline: {
        ccxt: 'binance',
        options: { urls: { api: { public: nowhere, private: nowhere } } },
      },
    };
    await using running = await runService({ exchanges });
    await running.ask('POST', '/v1/markets', MARKET);
    const path = `/v1/markets/${MARKET.id}/feed`;
    for (const exchange of ['nobody', 'exchanges', 'version', 'constructor']) {
      const refused = await running.ask('POST', path, { exchange });
      expect(Problem.parse(await refused.json()).code).toBe('EXCHANGE_UNKNOWN');
    }
    expect((await running.ask('GET', path)).status).toBe(404);
    const started = await running.ask('POST', path, { exchange: 'offline' });
    expect(started.status).toBe(201);
    expect(Feed.parse(await started.json())).toMatchObject({ symbol: MARKET.pair, taken: 0 });
    const again = await running.ask('POST', path, { exchange: 'offline' });
    expect(Problem.parse(await again.json()).code).toBe('FEED_EXISTS');
    expect((await running.ask('DELETE', path)).status).toBe(200);
    expect((await running.ask('GET', path)).status).toBe(404);
  });
});

test('an interval is written as exchanges write it', () => {
  expect([1000, 60_000, 900_000, 14_400_000, 86_400_000, 604_800_000].map(timeframeOf)).toEqual([
    '1s',
    '1m',
    '15m',
    '4h',
    '1d',
    '1w',
  ]);
  expect(() => timeframeOf(1500)).toThrow(expect.objectContaining({ code: 'BAD_CONFIGURATION' }));
});
