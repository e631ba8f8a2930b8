import {
  Engine,
  engineConfiguration,
  replayJournal,
  runBacktest,
  verifyJournal,
  type Candles,
  type DecisionPath,
  type EngineConfiguration,
} from '@sema/qar';
import { QubitPool } from '@sema/resource-pool';
import { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { allocatedBytes } from '../allocated-bytes.ts';
import { backtestMemoryRows } from '../engine/backtest-memory.ts';
import { failureRows } from '../engine/failure-rows.ts';
import {
  interleave,
  median,
  medianFigure,
  quantileFigure,
  row,
  sumOf,
  type Figure,
  type Row,
  type Suite,
  type SuiteOptions,
} from '../harness.ts';
import { seededCandles } from '../seeded-candles.ts';

const PATHS = ['quantum', 'twin'] as const;
const SEED = 20_000_103;
const POOL_QUBITS = 25;
const TWIN = 'classical twin';
const CIRCUITS = 'circuits';

/**
 * A decision with all fourteen experts and the three algorithms, and a backtest with everything
 * on.
 */
export const engine: Suite = {
  name: 'engine',
  title: 'decisions and backtests, beside the classical twin',
  run(options) {
    const decisions = options.quick ? 2000 : 5000;
    const candles = seededCandles(256 + decisions, SEED);
    checkJournal(candles, options.clock);
    // The check has decided on every candle once by each path, so the code is warm by now.
    return [
      ...latencyRows(candles, options),
      ...throughputRows(candles, options),
      ...failureRows(candles, configuration('quantum'), options),
      ...backtestMemoryRows(
        seededCandles(options.quick ? 10_000 : 50_000, SEED),
        configuration('quantum'),
        options,
      ),
    ];
  },
};

/** The journal of what is about to be measured holds, and replays without a difference. */
function checkJournal(candles: Candles, clock: Clock): void {
  for (const path of PATHS) {
    const lines: string[] = [];
    backtest(candles, path, clock, (line) => lines.push(line));
    const verdict = verifyJournal(lines);
    if (!verdict.valid || !verdict.sealed) throw new Error(`the ${path} journal does not verify`);
    const { differenceCount } = replayJournal(lines, candles, { clock });
    if (differenceCount > 0) throw new Error(`the ${path} journal does not replay`);
  }
}

function latencyRows(candles: Candles, { clock, quick }: SuiteOptions): Row[] {
  const { quantum, twin } = stepTimes(candles, clock);
  const standIns = standInTimes(candles, clock);
  const bytes = bytesPerDecision(candles, clock, quick ? 5 : 25);
  const microseconds = (times: Float64Array, quantile: number): Figure =>
    quantileFigure(times, quantile, 0.001);
  const perSecond = (times: Float64Array): number => times.length / (sumOf(times) / 1e9);
  return [
    row({
      name: 'decision latency, p50',
      ...microseconds(quantum, 0.5),
      unit: 'µs',
      goal: 'decision/p50',
      peer: { name: TWIN, ...microseconds(twin, 0.5) },
    }),
    row({
      name: 'decision latency, p99',
      ...microseconds(quantum, 0.99),
      unit: 'µs',
      goal: 'decision/p99',
      peer: { name: TWIN, ...microseconds(twin, 0.99) },
    }),
    row({
      name: 'decisions on one core',
      value: perSecond(quantum),
      unit: '/s',
      goal: 'decision/rate',
      peer: { name: TWIN, value: perSecond(twin) },
    }),
    row({
      name: 'fallback: the twin’s answer once a circuit has failed, p99',
      ...microseconds(standIns, 0.99),
      unit: 'µs',
      goal: 'decision/fallback, p99',
      peer: { name: 'whole step', ...microseconds(twin, 0.99) },
    }),
    row({
      name: 'whole step where the twin decides, p99',
      ...microseconds(twin, 0.99),
      unit: 'µs',
      peer: { name: CIRCUITS, ...microseconds(quantum, 0.99) },
    }),
    row({
      name: 'allocated per decision',
      value: bytes.quantum,
      unit: 'bytes',
      peer: { name: TWIN, value: bytes.twin },
    }),
  ];
}

function throughputRows(candles: Candles, { clock, quick }: SuiteOptions): Row[] {
  const rates = interleave(PATHS, quick ? 3 : 5, (path) => {
    const started = clock.nowNs();
    const { decisions } = backtest(candles, path, clock, () => undefined);
    return decisions / ((clock.nowNs() - started) / 1e9);
  });
  return [
    row({
      name: 'backtest, journal signed',
      ...medianFigure(rates.quantum),
      unit: 'candles/s',
      goal: 'backtest/rate',
      peer: { name: TWIN, ...medianFigure(rates.twin) },
    }),
  ];
}

/** Nanoseconds of every decision, the two engines taking turns at each candle. */
function stepTimes(candles: Candles, clock: Clock): Record<DecisionPath, Float64Array> {
  using quantum = new Engine(configuration('quantum'), { clock });
  using twin = new Engine(configuration('twin'), { clock });
  const engines = { quantum, twin };
  const first = quantum.configuration.windowCandles - 1;
  return interleave(PATHS, candles.length - first, (path, round) => {
    const now = decisionTime(candles, first + round);
    const started = clock.nowNs();
    engines[path].step(candles, first + round, { now });
    return clock.nowNs() - started;
  });
}

/** Failures are rare, so the twin is not at its warmest when it stands in. */
const FAILS_ONE_IN = 10;

/** Nanoseconds of the twin's answers where another holds the qubits that the circuits need. */
function standInTimes(candles: Candles, clock: Clock): Float64Array {
  const pool = new QubitPool(POOL_QUBITS);
  using engine = new Engine(configuration('quantum'), { clock, pool });
  const times: number[] = [];
  for (let index = engine.configuration.windowCandles - 1; index < candles.length; index++) {
    const all = { owner: 'another', min: POOL_QUBITS, max: POOL_QUBITS };
    using _ = index % FAILS_ONE_IN === 0 ? pool.acquireNow(all) : undefined;
    const { timing } = engine.step(candles, index, { now: decisionTime(candles, index) });
    if (timing.standInNs !== undefined) times.push(timing.standInNs);
  }
  return Float64Array.from(times);
}

/** Decisions between two readings of the heap: few enough that no collection comes between. */
const BATCH = 8;

function bytesPerDecision(
  candles: Candles,
  clock: Clock,
  batches: number,
): Record<DecisionPath, number> {
  const perPath = PATHS.map((path) => {
    using subject = new Engine(configuration(path), { clock });
    let index = subject.configuration.windowCandles - 1;
    const samples = Array.from({ length: batches }, () =>
      allocatedBytes(() => {
        for (const end = index + BATCH; index < end; index++) {
          subject.step(candles, index, { now: decisionTime(candles, index) });
        }
      }),
    );
    return median(samples) / BATCH;
  });
  return { quantum: perPath[0], twin: perPath[1] };
}

function backtest(
  candles: Candles,
  path: DecisionPath,
  clock: Clock,
  writeLine: (line: string) => void,
) {
  using key = SigningKey.generate();
  const source = { dataName: 'seeded walk', dataHash: '0'.repeat(64) };
  return runBacktest(candles, configuration(path), { clock, key, ...source, writeLine });
}

function configuration(path: DecisionPath): EngineConfiguration {
  return engineConfiguration({
    pair: 'SEEDED',
    intervalMs: 86_400_000,
    periodsPerYear: 365.25,
    path,
  });
}

/** At the candle's close. */
function decisionTime(candles: Candles, index: number): number {
  return candles.time[index] + 86_400_000;
}
