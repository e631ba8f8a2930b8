import { QubitPool } from '@sema/resource-pool';
import type { QubitLease, QubitRequest } from '@sema/resource-pool';
import { mulberry32 } from '@sema/simulator';
import { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import { JournalWriter } from '../src/journal.ts';
import type { DecisionReceipt } from '../src/receipt.ts';
import { replayJournal } from '../src/replay.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const key = SigningKey.generate();
const COUNT = 1000;
const candles = syntheticCandles(COUNT, 11);
const FIRST = 255;

function configurationOf(circuitDeadlineMs: number | null) {
  const required = {
    pair: 'TEST',
    intervalMs: DAY_MS,
    periodsPerYear: 252,
    path: 'quantum',
  } as const;
  const risk = { minimumConfidence: 0.4, shorting: true, entriesOnFallback: true };
  return engineConfiguration(required, { risk, circuitDeadlineMs });
}

/** Decides on every candle and gives the journal with its receipts. */
function journalOf(engine: Engine): { receipts: DecisionReceipt[]; journal: string[] } {
  const journal: string[] = [];
  const receipts: DecisionReceipt[] = [];
  const writer = new JournalWriter(key, (line) => journal.push(line));
  writer.append({
    kind: 'header',
    format: 'sema-journal',
    version: 2,
    configuration: engine.configuration,
    data: { name: 'test', hash: null, candles: null },
    publicKey: key.verifyingKey.toText(),
  });
  for (let end = FIRST; end < COUNT; end++) {
    const { receipt } = engine.step(candles, end, { now: candles.time[end] + DAY_MS });
    writer.append(receipt);
    receipts.push(receipt);
  }
  return { receipts, journal };
}

function fallbacks(receipts: readonly DecisionReceipt[]): number {
  for (const { path, fallback } of receipts) expect(path === 'twin').toBe(fallback !== null);
  return receipts.filter(({ fallback }) => fallback !== null).length;
}

/** A pool that fails one request in `oneIn`, when other circuits may hold their qubits already. */
class FailingPool extends QubitPool {
  readonly #random = mulberry32(17);
  readonly #oneIn: number;
  failures = 0;

  constructor(oneIn: number) {
    super(25);
    this.#oneIn = oneIn;
  }

  override acquireNow(request: QubitRequest): QubitLease {
    if (this.#random.next() * this.#oneIn < 1) {
      this.failures++;
      throw new RangeError('injected');
    }
    return super.acquireNow(request);
  }
}

/** Moves on by 1 µs whenever it is read, and in one reading of `oneIn` by as much as `leapNs`. */
function leapingClock(oneIn: number, leapNs: number): Clock {
  const random = mulberry32(23);
  let now = 0;
  return { nowNs: () => (now += random.next() * oneIn < 1 ? leapNs : 1000) };
}

describe('when circuits throw in one decision of a hundred', () => {
  // Six leases a decision, so that one decision in about a hundred meets a failure.
  const pool = new FailingPool(600);
  using engine = new Engine(configurationOf(null), { clock: countingClock(), pool });
  const { receipts, journal } = journalOf(engine);

  test('every decision is made, and each receipt says which path made it and why', () => {
    expect(receipts).toHaveLength(COUNT - FIRST);
    expect(pool.failures).toBeGreaterThan(2);
    expect(fallbacks(receipts)).toBe(pool.failures);
    const reasons = new Set(receipts.map(({ fallback }) => fallback));
    expect(reasons).toEqual(new Set([null, 'RangeError']));
  });

  test('a step says how long the twin took where it stood in, and only there', () => {
    using failing = new Engine(configurationOf(null), {
      clock: countingClock(),
      pool: new FailingPool(16),
    });
    let standIns = 0;
    for (let end = FIRST; end < FIRST + 300; end++) {
      const { receipt, timing } = failing.step(candles, end, { now: candles.time[end] + DAY_MS });
      // The clock is read before and after.
      expect(timing.standInNs).toBe(receipt.fallback === null ? undefined : 1000);
      if (receipt.fallback !== null) standIns++;
    }
    expect(standIns).toBeGreaterThan(20);
  });

  test('no qubit is lost', () => {
    expect(pool.metrics).toMatchObject({ inUse: 0, leases: 0 });
    expect(pool.metrics.released).toBe(pool.metrics.acquired);
  });

  test('a replay with working circuits shows no difference', () => {
    const replayed = replayJournal(journal, candles, { clock: countingClock() });
    expect(replayed).toMatchObject({ decisions: COUNT - FIRST, differenceCount: 0 });
  });
});

describe('when circuits miss their deadline', () => {
  test('the twin decides, the receipt names the deadline, and a slower replay agrees', () => {
    const pool = new QubitPool(25);
    const clock = leapingClock(1000, 10e6);
    using engine = new Engine(configurationOf(5), { clock, pool });
    const { receipts, journal } = journalOf(engine);
    const late = fallbacks(receipts);
    expect(late).toBeGreaterThan(2);
    expect(late).toBeLessThan(receipts.length / 10);
    expect(new Set(receipts.map(({ fallback }) => fallback))).toEqual(new Set([null, 'DEADLINE']));
    expect(pool.metrics.inUse).toBe(0);
    // Every reading leaps: with the deadline in force, each decision would fall back.
    const replayed = replayJournal(journal, candles, { clock: leapingClock(1, 10e6) });
    expect(replayed).toMatchObject({ decisions: COUNT - FIRST, differenceCount: 0 });
  });

  test('circuits that end in time decide, and without a deadline none is late', () => {
    // Ten readings of 1 µs each: two for each of the five circuits.
    using inTime = new Engine(configurationOf(0.0111), { clock: countingClock() });
    using late = new Engine(configurationOf(0.0049), { clock: countingClock() });
    using free = new Engine(configurationOf(null), { clock: leapingClock(1, 1e12) });
    expect(fallbacks(journalOf(inTime).receipts)).toBe(0);
    expect(fallbacks(journalOf(free).receipts)).toBe(0);
    const receipts = journalOf(late).receipts;
    const decided = receipts.filter(({ verdict }) => verdict !== null).length;
    expect(fallbacks(receipts)).toBe(decided);
  });
});
