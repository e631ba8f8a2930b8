import type { Candle } from '@sema/qar';
import { inProcessPorts, PortError } from '@sema/qar/ports';
import type { Bus, OpenPorts, Ports } from '@sema/qar/ports';
import { mulberry32 } from '@sema/simulator';
import type { Clock } from '@sema/timing-buffer';
import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../src/cluster/candle-message.ts';
import type { CandleMessage } from '../../src/cluster/candle-message.ts';
import { announceChange, CandlePublisher } from '../../src/cluster/candle-publisher.ts';
import { candleId, marketNames } from '../../src/cluster/cluster-market.ts';
import { ClusterSink } from '../../src/cluster/cluster-sink.ts';
import type { CandleSource } from '../../src/live/candle-source.ts';
import { MarketFeed } from '../../src/live/market-feed.ts';
import { recordedCandles } from '../recorded-candles.ts';
import { recordedMarkets } from './cluster-world.ts';
import { FaultyWay } from './faulty-ports.ts';
import type { FaultRates } from './faulty-ports.ts';
import { VirtualTime } from './virtual-time.ts';

const MINUTE = 60_000;
const [MARKET] = recordedMarkets(1, 300);
const NAMES = marketNames(MARKET.venue, MARKET.pair);
const STILL: Clock = { nowNs: () => 0 };

function portsIn({ clock, sleep }: VirtualTime): OpenPorts {
  return inProcessPorts({ leaseMs: 1500, silenceMs: 1500, clock, sleep });
}

async function messagesOf(bus: Bus): Promise<CandleMessage[]> {
  const messages: CandleMessage[] = [];
  const last = await bus.last(NAMES.candles);
  const { signal } = new AbortController();
  for await (const { bytes, position } of bus.follow(NAMES.candles, 0, signal)) {
    const message = decodeMessage(bytes);
    if (message?.kind === 'candle') messages.push(message);
    if (position >= (last?.position ?? 0)) break;
  }
  return messages;
}

async function put(sink: ClusterSink, candles: readonly Candle[]): Promise<string[]> {
  const outcomes: string[] = [];
  for await (const { outcome } of sink.take(candles)) outcomes.push(outcome);
  return outcomes;
}

describe('a market of a cluster', () => {
  test('takes each candle once, and what is there already not again', async () => {
    const ports = portsIn(new VirtualTime());
    const first = await ClusterSink.open(ports, MARKET, STILL);
    expect(first.lastTime).toBeUndefined();
    expect(await put(first, MARKET.candles.slice(0, 2))).toEqual(['taken', 'taken']);
    const second = await ClusterSink.open(ports, MARKET, STILL);
    expect(second.lastTime).toBe(MARKET.candles[1].time);
    expect(await put(second, MARKET.candles.slice(0, 4))).toEqual([
      ...['there', 'there'],
      ...['taken', 'taken'],
    ]);
    // It does not know yet that these are there.
    expect(await put(first, MARKET.candles.slice(2, 5))).toEqual(['there', 'there', 'taken']);
    const times = [null, ...MARKET.candles.slice(0, 5).map(({ time }) => time)];
    expect((await messagesOf(ports.bus)).map(({ candle, after }) => [candle.time, after])).toEqual(
      times.slice(1).map((time, index) => [time, times[index]]),
    );
  });

  test('knows what another source put there, also when the broker has forgotten it', async () => {
    const time = new VirtualTime();
    const ports = forgetful(portsIn(time), time);
    const sinks = [await opened(ports, time), await opened(ports, time)];
    await put(sinks[0], MARKET.candles.slice(0, 4));
    await time.pass(10 * MINUTE);
    expect(await put(sinks[1], MARKET.candles.slice(0, 4))).toEqual(Array(4).fill('there'));
    expect(await messagesOf(ports.bus)).toHaveLength(4);
  });

  test('goes on after its last candle, whatever was announced since', async () => {
    const ports = portsIn(new VirtualTime());
    const { candles, configuration } = MARKET;
    await put(await ClusterSink.open(ports, MARKET, STILL), candles.slice(0, 3));
    for (let from = 0; from < 9; from++) {
      await announceChange(ports, NAMES, { configuration, learned: undefined }, from);
    }
    expect((await CandlePublisher.resume(ports.bus, NAMES)).last).toBe(candles[2].time);
    const sink = await ClusterSink.open(ports, MARKET, STILL);
    expect(await put(sink, candles.slice(1, 4))).toEqual(['there', 'there', 'taken']);
    expect((await messagesOf(ports.bus)).at(-1)?.after).toBe(candles[2].time);
  });

  test('begins where nothing but a change was announced', async () => {
    const ports = portsIn(new VirtualTime());
    const { candles, configuration } = MARKET;
    await announceChange(ports, NAMES, { configuration, learned: undefined }, 0);
    const sink = await ClusterSink.open(ports, MARKET, STILL);
    expect(sink.lastTime).toBeUndefined();
    expect(await put(sink, candles.slice(0, 1))).toEqual(['taken']);
  });

  test('refuses what is no candle, and takes the next', async () => {
    const sink = await ClusterSink.open(portsIn(new VirtualTime()), MARKET, STILL);
    const [good, next] = MARKET.candles;
    for (const broken of [{ close: NaN }, { volume: -1 }, { high: 0 }, { time: Infinity }]) {
      expect(await put(sink, [{ ...good, ...broken }])).toEqual(['refused']);
    }
    expect(await put(sink, [good, next])).toEqual(['taken', 'taken']);
  });

  test('is given no more than nodes can take before the oldest would go', async () => {
    const ports = portsIn(new VirtualTime());
    // Intervals without a candle count as if they had one.
    const many = Array.from({ length: 11_000 }, (_, index) => {
      return { ...MARKET.candles[0], time: 6 * index * MINUTE };
    });
    const sink = await ClusterSink.open(ports, MARKET, STILL);
    let taken = 0;
    const run = async (): Promise<void> => {
      for await (const { outcome } of sink.take(many.slice(taken))) {
        expect(outcome).toBe('taken');
        taken++;
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'NODES_BEHIND' });
    expect(taken).toBe(10_000);
    // Those that are there are no reason to wait.
    expect(await put(sink, many.slice(9990, 10_000))).toEqual(Array(10).fill('there'));
    await expect(run()).rejects.toMatchObject({ code: 'NODES_BEHIND' });
    expect(taken).toBe(10_000);
    const id = candleId(NAMES.market, many[5000].time);
    await ports.journal.append(NAMES.journal, id, new Uint8Array(1), 0);
    await run();
    expect(taken).toBe(11_000);
  });
});

const MEMORY_MS = 120_000;

/** A bus that forgets ids as a broker does; the one in memory knows them for ever. */
function forgetful(ports: Ports, time: VirtualTime): Ports {
  const seen = new Map<string, number>();
  return {
    ...ports,
    bus: {
      ...ports.bus,
      last: (subject) => ports.bus.last(subject),
      follow: (...from) => ports.bus.follow(...from),
      publish(subject, id, bytes) {
        const since = seen.get(id);
        if (since === undefined || time.nowMs - since >= MEMORY_MS) seen.set(id, time.nowMs);
        return ports.bus.publish(subject, `${id}/at/${String(seen.get(id))}`, bytes);
      },
    },
  };
}

const FAULTS: FaultRates = { lost: 0.05, unanswered: 0.1, slow: 0.1, twice: 0 };
const HISTORY = 300;
const CANDLES = HISTORY + 200;
const RECORD = recordedCandles(CANDLES + 2, 0, 1);

/** Shows what has closed by its clock and the candle that is forming; away at random. */
function exchangeOf(time: VirtualTime, seed: number): CandleSource {
  const random = mulberry32(seed);
  return {
    async candles(_, __, since, limit) {
      await time.sleep(random.next() * 500);
      if (random.next() < 0.1) throw new Error('the exchange is away');
      const now = wallTime(time);
      return RECORD.filter((c) => c.time >= since && c.time <= now).slice(0, limit);
    },
  };
}

function wallTime(time: VirtualTime): number {
  return RECORD[0].time + HISTORY * MINUTE + time.nowMs;
}

describe('two live feeds of one market', () => {
  test.each([1, 2, 3, 4])(
    'of seed %i keep each candle once and in order, through outages of all that they need',
    async (seed) => {
      const time = new VirtualTime();
      const ports = forgetful(portsIn(time), time);
      const random = mulberry32(seed);
      const ways = [0, 1].map(() => new FaultyWay(time, random, FAULTS));
      const failures: unknown[] = [];
      const feeds: MarketFeed[] = [];
      const begin = async (way: FaultyWay, index: number): Promise<void> => {
        const sink = await opened(way.to(ports), time);
        const options = {
          symbol: MARKET.pair,
          now: () => wallTime(time),
          wait: time.sleep,
          onFailure: (error: unknown) => failures.push(error),
        };
        feeds.push(new MarketFeed(sink, exchangeOf(time, 10 * seed + index), options));
      };
      ways.forEach((way, index) => void begin(way, index));
      // Longer than a broker remembers ids: each way for itself, and then both.
      for (const cut of [[0], [1], [0, 1]]) {
        await time.pass(10 * MINUTE);
        for (const index of cut) ways[index].cut = true;
        await time.pass(20 * MINUTE);
        for (const index of cut) ways[index].cut = false;
      }
      const last = RECORD[CANDLES - 1].time;
      const areThere = () => feeds.every(({ status }) => (status.lastTime ?? 0) >= last);
      await time.until('all candles are there', areThere, 300 * MINUTE);
      void Promise.all(feeds.map((feed) => feed.stop()));
      const messages = await messagesOf(ports.bus);
      const kept = messages.map(({ candle }) => candle);
      expect(kept.slice(0, CANDLES - 44)).toEqual(RECORD.slice(44, CANDLES));
      expect(messages.map(({ after }) => after)).toEqual([
        null,
        ...kept.slice(0, -1).map((candle) => candle.time),
      ]);
      for (const { status } of feeds) expect(status.refused).toBe(0);
      // Both the exchange and the broker were away.
      const kinds = new Set(failures.map((error) => (error as Error).name));
      expect(kinds).toEqual(new Set(['Error', 'PortError']));
    },
  );
});

async function opened(ports: Ports, time: VirtualTime): Promise<ClusterSink> {
  for (;;) {
    try {
      return await ClusterSink.open(ports, MARKET, time.clock);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
    }
  }
}
