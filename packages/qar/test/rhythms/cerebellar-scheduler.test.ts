import { mulberry32 } from '@sema/simulator';
import { Orchestrator, RhythmSchedule, VirtualClock } from '@sema/timing-buffer';
import type { Waiter } from '@sema/timing-buffer';
import { describe, expect, test } from 'vitest';
import { QarError } from '../../src/errors.ts';
import { CEREBELLAR_GAINS, CerebellarScheduler } from '../../src/rhythms/cerebellar-scheduler.ts';
import type { TimingError } from '../../src/rhythms/cerebellar-scheduler.ts';

const MS = 1_000_000;

/** How late a sleep ends, ns, one value a call. */
type Jitter = () => number;

/**
 * The jitter of a sleeping thread: 55 µs of timer slack, a swing of ±25 µs over some seconds as the
 * machine gets busy and idle, an exponential tail of 12 µs, and in one wait of two hundred 0.8 ms
 * behind another process.
 */
function sleepJitter(seed: number): Jitter {
  const random = mulberry32(seed);
  let wait = 0;
  return () => {
    const swing = 25_000 * Math.sin((2 * Math.PI * wait++) / 4000);
    const tail = -12_000 * Math.log(1 - random.next());
    const stall = random.next() < 0.005 ? 800_000 : 0;
    return Math.round(55_000 + swing + tail + stall);
  };
}

/** A clock that sleeps too long. */
class Oversleeper implements Waiter {
  readonly clock = new VirtualClock();
  readonly #jitter: Jitter;

  constructor(jitter: Jitter) {
    this.#jitter = jitter;
  }

  wait(untilNs: number): void {
    this.clock.wait(untilNs);
    this.clock.advance(this.#jitter());
  }
}

interface Loop {
  readonly error: TimingError;
  readonly beats: number;
  readonly scheduler: CerebellarScheduler;
}

/** The background loop: the layer of one millisecond, waited for by the scheduler. */
async function loop(jitter: Jitter, corrected: boolean, ms: number, early = 200_000) {
  const waiter = new Oversleeper(jitter);
  const { clock } = waiter;
  const maximumLeadNs = corrected ? 500_000 : 0;
  const options = { clock, waiter, gains: CEREBELLAR_GAINS, maximumLeadNs, earlyNs: early };
  const scheduler = new CerebellarScheduler(options);
  let beats = 0;
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 1,
    batchNs: early + 1,
    lateNs: MS,
    onFailure: (error) => expect.fail(String(error)),
  });
  const rhythms = new RhythmSchedule(orchestrator, { startNs: 0 });
  rhythms.subscribe('market', MS, { priority: 0, run: () => void beats++ });
  await orchestrator.run(scheduler, (ms + 1) * MS);
  const { error } = scheduler;
  if (error === undefined) throw new Error('no wait slept');
  return { error, beats, scheduler } satisfies Loop;
}

describe('under the stated jitter, over ten seconds', () => {
  test.each([1, 2, 3, 4, 5])(
    'it lowers bias and RMS of the timing error (seed %d)',
    async (seed) => {
      const plain = await loop(sleepJitter(seed), false, 10_000);
      const corrected = await loop(sleepJitter(seed), true, 10_000);
      // After a stall the next time may be past already.
      expect(Math.min(plain.error.waits, corrected.error.waits)).toBeGreaterThan(9900);
      // 55 µs, the tail's 12 and the 4 of stalls. Of a stall only 0.5 ms count, so 1.5 µs stay.
      expect(plain.error.meanNs).toBeGreaterThan(65_000);
      expect(Math.abs(corrected.error.meanNs)).toBeLessThan(0.04 * plain.error.meanNs);
      // What stays is what nobody can foresee: the tail, and stalls that are 57 µs of RMS alone.
      expect(corrected.error.rootMeanSquareNs).toBeLessThan(0.75 * plain.error.rootMeanSquareNs);
      expect(corrected.error.p50Ns).toBeLessThan(0.25 * plain.error.p50Ns);
    },
  );

  test('without stalls the RMS falls to a quarter', async () => {
    const calm = (seed: number): Jitter => {
      const jitter = sleepJitter(seed);
      return () => Math.min(jitter(), 150_000);
    };
    const plain = await loop(calm(9), false, 10_000);
    const corrected = await loop(calm(9), true, 10_000);
    expect(corrected.error.rootMeanSquareNs).toBeLessThan(0.25 * plain.error.rootMeanSquareNs);
  });
});

test('constant jitter is foreseen exactly, and then every beat is on time', async () => {
  const { error, scheduler } = await loop(() => 70_000, true, 1000);
  expect(scheduler.predictedNs).toBe(70_000);
  expect(error.p50Ns).toBe(0);
});

test('jitter beyond what it may lead by leaves it at the bound, and it comes back', async () => {
  let wait = 0;
  const { scheduler, beats } = await loop(() => (wait++ < 1000 ? 900_000 : 60_000), true, 2000);
  expect(scheduler.predictedNs).toBe(60_000);
  expect(beats).toBe(2000);
});

test('no beat runs earlier than it may, also right after jitter has vanished', async () => {
  let wait = 0;
  const waiter = new Oversleeper(() => (wait++ < 500 ? 400_000 : 0));
  const { clock } = waiter;
  const gains = CEREBELLAR_GAINS;
  const options = { clock, waiter, gains, maximumLeadNs: 500_000, earlyNs: 50_000 };
  const scheduler = new CerebellarScheduler(options);
  let earliest = Infinity;
  for (let beat = 1; beat <= 1000; beat++) {
    void scheduler.wait(beat * MS);
    earliest = Math.min(earliest, clock.nowNs() - beat * MS);
  }
  expect(earliest).toBe(-50_000);
});

test('a wait whose time is past teaches nothing', () => {
  const waiter = new Oversleeper(() => 10_000);
  const { clock } = waiter;
  const options = { clock, waiter, gains: CEREBELLAR_GAINS, maximumLeadNs: 1000, earlyNs: 0 };
  const scheduler = new CerebellarScheduler(options);
  clock.advance(5 * MS);
  void scheduler.wait(MS);
  expect(scheduler.error).toBeUndefined();
  expect(clock.nowNs()).toBe(5 * MS);
});

test('it waits for a waiter that answers later, and learns when that does', async () => {
  const oversleeper = new Oversleeper(() => 40_000);
  const { clock } = oversleeper;
  const waiter: Waiter = { wait: async (untilNs) => Promise.resolve(oversleeper.wait(untilNs)) };
  const options = {
    clock,
    waiter,
    gains: CEREBELLAR_GAINS,
    maximumLeadNs: MS / 2,
    earlyNs: MS / 2,
  };
  const scheduler = new CerebellarScheduler(options);
  for (let beat = 1; beat <= 500; beat++) await scheduler.wait(beat * MS);
  expect(scheduler.predictedNs).toBe(40_000);
});

test('leads and tolerances that are no whole numbers are refused', () => {
  const clock = new VirtualClock();
  const good = { clock, waiter: clock, gains: CEREBELLAR_GAINS, maximumLeadNs: 10, earlyNs: 0 };
  for (const value of [NaN, -1, 0.5, Infinity]) {
    for (const field of ['maximumLeadNs', 'earlyNs']) {
      expect(() => new CerebellarScheduler({ ...good, [field]: value })).toThrow(QarError);
    }
  }
});
