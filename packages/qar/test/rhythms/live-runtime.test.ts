import { mulberry32 } from '@sema/simulator';
import { SigningKey } from '@sema/synthesis-crypto';
import { RHYTHMS_NS, VirtualClock } from '@sema/timing-buffer';
import type { Waiter } from '@sema/timing-buffer';
import { bareProtection, TRAPPED_ION } from '@sema/timing-buffer/quantum-memory';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../../src/configuration.ts';
import { QarError } from '../../src/errors.ts';
import type { Candle } from '../../src/market-data/candle-fault.ts';
import { PerformanceMonitor } from '../../src/performance-monitor.ts';
import { LiveRuntime } from '../../src/rhythms/live-runtime.ts';
import type { LiveAnswer, LiveOptions, LiveReport } from '../../src/rhythms/live-runtime.ts';
import { Session } from '../../src/session.ts';
import { TickMemory } from '../../src/tick-memory.ts';
import { countingClock } from '../counting-clock.ts';
import { candleAt, MemoryStore } from '../memory-store.ts';
import { DAY_MS, syntheticCandles } from '../synthetic-candles.ts';

const COUNT = 330;
const market = syntheticCandles(COUNT, 21);
const CANDLES = Array.from({ length: COUNT }, (_, index) => candleAt(market, index));
const key = SigningKey.generate();
const configuration = engineConfiguration(
  { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path: 'quantum' },
  { risk: { minimumConfidence: 0.4, shorting: true } },
);
const atClose = ({ time }: Pick<Candle, 'time'>): number => time + DAY_MS;

function sessionOver(store: MemoryStore, memory?: TickMemory): Session {
  return new Session(store, {
    configuration,
    clock: countingClock(),
    key,
    name: 'test',
    snapshotEvery: Infinity,
    clockToleranceMs: 0,
    now: atClose,
    ...(memory !== undefined && { memory }),
  });
}

/** What a session writes that is pushed every candle, and nothing else. */
function directJournal(): readonly string[] {
  const store = new MemoryStore();
  using session = sessionOver(store);
  for (const candle of CANDLES) session.push(candle, atClose(candle));
  return store.journal();
}

function trappedIon(): TickMemory {
  const protection = bareProtection(TRAPPED_ION);
  const banks = [{ name: 'day', longestNs: 86_400e9, capacityQubits: 8, protection }];
  return new TickMemory({ banks, unprotected: TRAPPED_ION });
}

interface Live {
  readonly store: MemoryStore;
  readonly session: Session;
  readonly clock: VirtualClock;
  readonly monitor: PerformanceMonitor;
  readonly runtime: LiveRuntime;
  readonly answers: LiveAnswer[];
}

function live(options: Partial<LiveOptions> = {}, memory?: TickMemory): Live & Disposable {
  const store = new MemoryStore();
  const session = options.session ?? sessionOver(store, memory);
  const clock = new VirtualClock();
  const monitor = new PerformanceMonitor({ intervalMs: DAY_MS, live: false });
  const answers: LiveAnswer[] = [];
  const runtime = new LiveRuntime({
    session,
    monitor,
    clock,
    now: atClose,
    capacityCandles: 64,
    snapshotEvery: 50,
    answer: (answer) => answers.push(answer),
    ...options,
  });
  const dispose = (): void => session[Symbol.dispose]();
  return { store, session, clock, monitor, runtime, answers, [Symbol.dispose]: dispose };
}

/** Feeds all candles while the rhythms run with the jitter, and gives the journal. */
async function rhythmicJournal(seed: number, memory?: TickMemory): Promise<Live> {
  const random = mulberry32(seed);
  const capacityCandles = 1 + Math.floor(40 * random.next());
  const setting = live({ capacityCandles }, memory);
  const { clock, runtime } = setting;
  const stallShare = 0.2 * random.next();
  let offered = 0;
  const waiter: Waiter = {
    wait(untilNs) {
      // Woken up to 0.9 ms early or 40 ms late, and now and then a second, passing over beats.
      const stall = random.next() < stallShare ? 1e9 * random.next() : 0;
      clock.wait(Math.max(0, untilNs - 900_000));
      clock.advance(Math.floor(40e6 * random.next() ** 4 + stall));
      const arriving = Math.floor(8 * random.next());
      for (let k = 0; k < arriving && offered < COUNT; k++) {
        if (runtime.offer(CANDLES[offered])) offered++;
      }
    },
  };
  while (offered < COUNT) await runtime.run(waiter, clock.nowNs() + 1e9);
  await runtime.finish();
  return setting;
}

describe('a session driven by rhythms', () => {
  const direct = directJournal();

  test.each([1, 2, 3, 4, 5])(
    'writes the journal of one that is pushed its candles, whatever the jitter (seed %d)',
    async (seed) => {
      const { store, session, answers } = await rhythmicJournal(seed);
      expect(store.journal()).toEqual(direct);
      expect(answers.map(({ candle }) => candle.time)).toEqual(CANDLES.map(({ time }) => time));
      session[Symbol.dispose]();
    },
  );

  test('does so with a memory that answers later, and tells every answer in order', async () => {
    const { store, session, answers, monitor } = await rhythmicJournal(9, trappedIon());
    expect(store.journal()).toEqual(direct);
    expect(answers.map(({ candle }) => candle.time)).toEqual(CANDLES.map(({ time }) => time));
    const statuses = answers.flatMap(({ memory }) => (memory === undefined ? [] : memory.status));
    expect(statuses).toHaveLength(session.decisions);
    const { preservation } = monitor.report(undefined);
    expect((preservation?.retrieved ?? 0) + (preservation?.lost ?? 0)).toBe(session.decisions - 1);
    session[Symbol.dispose]();
  });

  test('goes on from its snapshot with the journal of one that never stopped', async () => {
    const { store, session } = await rhythmicJournal(11);
    expect(store.snapshot()).toBeDefined();
    session[Symbol.dispose]();
    using again = sessionOver(store);
    const { recovery } = again;
    expect(recovery).toMatchObject({ snapshot: 'used', redecided: 0, caughtUp: 0 });
    expect(store.journal()).toEqual(direct);
  });
});

describe('each rhythm does its own work', () => {
  /** Moves on to a time in ms and does what is due. */
  function at({ clock, runtime }: Live, ms: number): void {
    clock.wait(ms * 1e6);
    runtime.beat();
  }

  test('gamma decides within 25 ms; beta analyses; theta sees the pattern; delta plans', () => {
    const reports: LiveReport[] = [];
    using setting = live({ capacityCandles: COUNT, planned: (report) => reports.push(report) });
    const { runtime, answers, monitor } = setting;
    at(setting, 0);
    for (const candle of CANDLES) runtime.offer(candle);
    at(setting, 24.5);
    // A beat may come a millisecond early, and then it counts.
    expect(answers).toHaveLength(COUNT);
    expect(monitor.report(undefined).decisions).toBe(0);
    at(setting, 50);
    expect(monitor.report(undefined).decisions).toBe(COUNT - 255);
    expect(runtime.report().pattern.remembered).toBe(0);
    at(setting, 167);
    expect(runtime.report().pattern.remembered).toBeGreaterThan(0);
    expect(setting.store.snapshot()).toBeUndefined();
    expect(reports).toHaveLength(1);
    at(setting, 500);
    expect(setting.store.snapshot()).toBeDefined();
    expect(reports).toHaveLength(2);
    expect(reports[1]).toMatchObject({ snapshotAt: COUNT - 255, waiting: 0 });
  });

  test('in 10 s each beats as often as its period says, and a stall is counted as missed', () => {
    using setting = live();
    for (let ms = 0; ms < 10_000; ms++) at(setting, ms);
    const beats = Object.entries(setting.runtime.report().rhythms);
    expect(Object.fromEntries(beats.map(([name, figures]) => [name, figures.beats]))).toEqual({
      gamma: 400,
      beta: 200,
      theta: 60,
      delta: 20,
    });
    at(setting, 11_010);
    const { gamma, delta } = setting.runtime.report().rhythms;
    expect(gamma).toMatchObject({ beats: 401, missed: 40 });
    expect(gamma.p99LateNs).toBeLessThan(RHYTHMS_NS.gamma);
    expect(delta).toMatchObject({ beats: 21, missed: 2 });
  });

  test('delta gives gamma no more candles than half of its period has time for', () => {
    const setting: Live & Disposable = live({
      capacityCandles: COUNT,
      now: (candle) => {
        // Four milliseconds a decision: three fit into half of 25.
        setting.clock.advance(4e6);
        return atClose(candle);
      },
    });
    using _ = setting;
    const { runtime, answers } = setting;
    at(setting, 0);
    for (const candle of CANDLES.slice(0, 100)) runtime.offer(candle);
    at(setting, 25);
    expect(answers).toHaveLength(100);
    at(setting, 500);
    expect(runtime.report().quotaCandles).toBe(3);
    for (const candle of CANDLES.slice(100, 120)) runtime.offer(candle);
    at(setting, 525);
    expect(answers).toHaveLength(103);
    at(setting, 550);
    expect(answers).toHaveLength(106);
  });

  test('candles are gathered before each response', () => {
    let next = 0;
    const setting: Live & Disposable = live({
      gather: () => void setting.runtime.offer(CANDLES[next++]),
    });
    using _ = setting;
    for (const ms of [0, 25, 50]) at(setting, ms);
    expect(setting.answers.map(({ candle }) => candle)).toEqual(CANDLES.slice(0, 3));
  });
});

describe('limits', () => {
  test('a candle beyond the capacity is turned away, and taken after a beat', () => {
    using setting = live({ capacityCandles: 2 });
    const { runtime, clock } = setting;
    expect(CANDLES.slice(0, 3).map((candle) => runtime.offer(candle))).toEqual([true, true, false]);
    runtime.beat();
    expect(runtime.offer(CANDLES[2])).toBe(true);
    expect(runtime.report()).toMatchObject({ refused: 1, waiting: 1 });
    clock.wait(50e6);
    runtime.beat();
    expect(setting.answers).toHaveLength(3);
  });

  test('a store that fails ends the runtime with its error, and no later beat decides', () => {
    const store = new (class extends MemoryStore {
      override appendCandle(): void {
        throw new RangeError('disk full');
      }
    })();
    using setting = live({ session: sessionOver(store) });
    const { runtime, clock, answers } = setting;
    runtime.offer(CANDLES[0]);
    runtime.offer(CANDLES[1]);
    expect(() => runtime.beat()).toThrow('disk full');
    clock.wait(25e6);
    expect(() => runtime.beat()).toThrow('disk full');
    expect(answers).toEqual([]);
  });

  test('numbers that are no counts are refused', () => {
    for (const value of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => live({ capacityCandles: value })).toThrow(QarError);
      expect(() => live({ snapshotEvery: value })).toThrow(QarError);
    }
  });
});
