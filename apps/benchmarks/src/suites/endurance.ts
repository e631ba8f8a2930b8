import { engineConfiguration, PerformanceMonitor, Session } from '@sema/qar';
import { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { DiscardingStore } from '../engine/discarding-store.ts';
import { memorySampler, trendOf } from '../engine/memory-trend.ts';
import { WalkingMarket } from '../engine/walking-market.ts';
import { row, type Row, type Suite, type SuiteOptions } from '../harness.ts';

const INTERVAL_MS = 1000;
const CANDLES_A_DAY = 86_400;
const WHOLE = { pairs: 20, candles: CANDLES_A_DAY };
const YEAR_MS = 365.25 * 86_400_000;
/** Samples of memory, evenly over the run: one each hour of a whole day. */
const SAMPLES = 24;
/** Left out of the trend: code is still being compiled and windows are filling. */
const SETTLING = 8;
/** What a quick run covers instead: long enough for every window to fill. */
const QUICK = { pairs: 1, candles: CANDLES_A_DAY / 6 };
const SNAPSHOT_EVERY = 256;
const WINDOW = 256;
const MIB = 1024 * 1024;

/** One pair with all that a paper session has, but for the disk. */
interface Pair {
  readonly market: WalkingMarket;
  readonly store: DiscardingStore;
  readonly session: Session;
  readonly monitor: PerformanceMonitor;
}

/**
 * A day of one-second candles for twenty pairs in one process: every decision made, signed and
 * chained, with a snapshot of each pair every 256 decisions, and no memory kept of any.
 */
export const endurance: Suite = {
  name: 'endurance',
  title: 'twenty pairs through a day of one-second candles in one process',
  run(options) {
    using key = SigningKey.generate();
    const { clock, quick } = options;
    const { pairs: count, candles } = quick ? QUICK : WHOLE;
    const pairs = Array.from({ length: count }, (_, index) => openPair(index, key, clock));
    try {
      return rowsOf(pairs, candles, options);
    } finally {
      for (const { session } of pairs) session[Symbol.dispose]();
    }
  },
};

/** @param candles - of each pair; a multiple of the samples. */
function rowsOf(pairs: readonly Pair[], candles: number, options: SuiteOptions): Row[] {
  const { clock, quick } = options;
  const hours = (candles * INTERVAL_MS) / 3_600_000;
  const name = `${String(hours)} h × ${String(pairs.length)} pairs of 1 s candles`;
  const sample = memorySampler();
  const held = new Float64Array(SAMPLES);
  const resident = new Float64Array(SAMPLES);
  let busyNs = 0;
  for (let part = 0; part < SAMPLES; part++) {
    const started = clock.nowNs();
    for (let index = 0; index < candles / SAMPLES; index++) {
      for (const pair of pairs) advance(pair);
    }
    busyNs += clock.nowNs() - started;
    const { held: heldNow, resident: residentNow } = sample();
    held[part] = heldNow;
    resident[part] = residentNow;
  }
  const decisions = countDecisions(pairs);
  const all = pairs.length * candles;
  const due = all - pairs.length * (WINDOW - 1);
  return [
    row({
      name: `${name}: decisions made`,
      value: decisions,
      unit: `of ${String(due)}`,
      target: { atLeast: due },
    }),
    row({
      name: `${name}: decided, signed and kept`,
      value: all / (busyNs / 1e9),
      unit: 'candles/s',
      // What the pairs ask for at a candle a second each.
      target: { atLeast: pairs.length },
    }),
    ...trendRows(`${name}: heap and buffers`, held, all / SAMPLES, quick ? undefined : 1),
    ...trendRows(`${name}: resident`, resident, all / SAMPLES, undefined),
  ];
}

/**
 * The trend with its interval, and where it led. Anything kept of a candle is eight bytes at least;
 * a quick run is too short to tell so little from noise.
 */
function trendRows(
  name: string,
  values: Float64Array,
  per: number,
  atMost: number | undefined,
): Row[] {
  const { slope, margin } = trendOf(values.subarray(SETTLING));
  const settled = values[SETTLING - 1] / MIB;
  return [
    row({
      name: `${name}, growth per candle: upper end of the 95 % interval`,
      value: (slope + margin) / per,
      unit: 'bytes',
      ...(atMost !== undefined && { target: { atMost } }),
    }),
    row({
      name: `${name}, growth per candle: lower end`,
      value: (slope - margin) / per,
      unit: 'bytes',
    }),
    row({
      name: `${name}, at the end, beside sample ${String(SETTLING)} of ${String(SAMPLES)}`,
      value: values[SAMPLES - 1] / MIB,
      unit: 'MiB',
      target: { atMost: 1.1 * settled },
      peer: { name: 'then', value: settled },
    }),
  ];
}

function openPair(index: number, key: SigningKey, clock: Clock): Pair {
  const pair = `PAIR${String(index)}`;
  const store = new DiscardingStore();
  const session = new Session(store, {
    configuration: engineConfiguration({
      pair,
      intervalMs: INTERVAL_MS,
      periodsPerYear: YEAR_MS / INTERVAL_MS,
      path: 'quantum',
    }),
    clock,
    key,
    name: pair,
    snapshotEvery: SNAPSHOT_EVERY,
    clockToleranceMs: 0,
    now: ({ time }) => time + INTERVAL_MS,
  });
  const monitor = new PerformanceMonitor({ intervalMs: INTERVAL_MS, live: false });
  return { market: new WalkingMarket(index + 1, INTERVAL_MS), store, session, monitor };
}

function advance({ market, session, monitor }: Pair): void {
  const candle = market.next();
  const { verdict, step } = session.push(candle, candle.time + INTERVAL_MS);
  if (verdict.kind !== 'next') throw new Error(`a candle was ${verdict.kind}`);
  if (step !== undefined) monitor.record(step);
}

/** Decisions whose receipts were written; the header is the line more. */
function countDecisions(pairs: readonly Pair[]): number {
  let decisions = 0;
  for (const { session, store } of pairs) {
    if (store.linesTaken !== session.decisions + 1) throw new Error('a receipt was not written');
    decisions += session.decisions;
  }
  return decisions;
}
