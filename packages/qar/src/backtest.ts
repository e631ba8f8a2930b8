import type { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import type { AlgorithmPerformances } from './algorithm-performance.ts';
import { BoardRecord } from './board-record.ts';
import type { ExpertFigures } from './board-record.ts';
import type { CircuitSummaries } from './circuit-recorder.ts';
import type { EngineConfiguration } from './configuration.ts';
import { encodeRun, readSections } from './engine-snapshot.ts';
import { Engine } from './engine.ts';
import type { LearningFigures } from './engine.ts';
import { QarError } from './errors.ts';
import type { ExecutedFill } from './execution/paper-execution.ts';
import { JournalWriter } from './journal.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { Candles } from './market-data/candles.ts';
import { PerformanceMonitor } from './performance-monitor.ts';
import type { PerformanceReport } from './performance-monitor.ts';
import { performanceMetrics } from './performance-metrics.ts';
import type { PerformanceMetrics } from './performance-metrics.ts';
import type { JournalHeader } from './receipt.ts';
import { RunRecord } from './run-record.ts';
import type { DecisionCounts } from './run-record.ts';
import { SelectionRecord } from './selection/selection-record.ts';
import type { SelectionFigures } from './selection/selection-record.ts';

export interface BacktestOptions {
  /** Times the decisions; nothing decided depends on it. */
  readonly clock: Clock;
  readonly key: SigningKey;
  /** Name of the candle file, for the journal. */
  readonly dataName: string;
  /** SHA-256 of the candle file's bytes, hex. */
  readonly dataHash: string;
  /** Takes one journal line, without its line end. */
  readonly writeLine: (line: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Snapshot of an earlier run over the same candles; its journal is continued. */
  readonly resume?: Uint8Array;
  /** Snapshot whose model decides and learns nothing: see `EngineOptions.frozen`. */
  readonly frozen?: Uint8Array;
  /** Index of the first candle that is left for later; the journal then stays unsealed. */
  readonly stopBefore?: number;
}

export interface BacktestRun extends DecisionCounts {
  readonly configuration: EngineConfiguration;
  /** Hash of the model that decided and learned nothing; undefined where the model learned. */
  readonly frozenModel: string | undefined;
  /** Open time of each candle decided on, ms since the Unix epoch; n of them. */
  readonly time: Float64Array;
  /** Equity at each close, n. */
  readonly equity: Float64Array;
  /** Position over equity at each close, signed, n. */
  readonly exposure: Float64Array;
  /** Index into `REGIMES`, 255 where the window had none, n. */
  readonly regimes: Uint8Array;
  /** n × 4, row by row; a row of zeros where the window had none. */
  readonly memberships: Float64Array;
  /** n × experts, row by row. */
  readonly weights: Float64Array;
  /** n × 3 in the order of `ACTIONS`; a row of zeros where there was no decision. */
  readonly preferences: Float64Array;
  readonly fills: readonly ExecutedFill[];
  /** From a candle to its receipt; signing is not in it. */
  readonly latency: {
    readonly count: number;
    readonly p50Ns: number;
    readonly p99Ns: number;
    readonly maxNs: number;
  };
  readonly circuits: CircuitSummaries;
  /** Without synchronisation and buffer: a backtest is not live, and nobody reads on the way. */
  readonly monitor: PerformanceReport;
  /** How good the word of each algorithm was; undefined where no circuit of it ran. */
  readonly performance: AlgorithmPerformances;
  /** How good the word of each expert was, in the order of `EXPERTS`. */
  readonly experts: readonly ExpertFigures[];
  readonly learning: LearningFigures;
  /** How good selection and confidence were. */
  readonly selection: SelectionFigures;
  readonly metrics: PerformanceMetrics;
  /** Resumes this run; of one by a frozen model, that model's. */
  readonly snapshot: Uint8Array;
  /** Hash of the journal's last line, hex. */
  readonly lastHash: string;
  /** Whether every candle was decided on, so that the journal is complete. */
  readonly sealed: boolean;
}

const PROGRESS_EVERY = 64;

/**
 * Decides on every candle that has a whole window behind it, and writes the journal. The same
 * candles, configuration and key give the same journal bytes, resumed or not.
 *
 * @throws {QarError} `NOT_ENOUGH_CANDLES` without two candles to decide on; `BAD_SNAPSHOT`.
 */
export function runBacktest(
  candles: Candles,
  configuration: EngineConfiguration,
  options: BacktestOptions,
): BacktestRun {
  const { engine, journal, first } = begin(candles, configuration, options);
  using _ = engine;
  const end = Math.min(options.stopBefore ?? candles.length, candles.length);
  if (end - first < 2) {
    throw new QarError('NOT_ENOUGH_CANDLES', `${end - first} candles to decide on; 2 are needed`);
  }
  const frozenModel = options.frozen === undefined ? undefined : engine.model;
  if (options.resume === undefined) {
    journal.append(header(candles, configuration, { ...options, frozenModel }));
  }
  const latency = new LatencyHistogram();
  const record = new RunRecord(end - first);
  const selection = new SelectionRecord(end - first, configuration);
  const board = new BoardRecord(end - first);
  const monitor = new PerformanceMonitor({ intervalMs: configuration.intervalMs, live: false });
  for (let index = first; index < end; index++) {
    const now = candles.time[index] + configuration.intervalMs;
    const started = options.clock.nowNs();
    const step = engine.step(candles, index, { now });
    latency.record(options.clock.nowNs() - started);
    journal.append(step.receipt);
    record.add(step, engine.weights);
    selection.add(step.receipt, candles.open[index]);
    board.add(step.receipt.seats, candles.open[index]);
    monitor.record(step);
    if ((index - first) % PROGRESS_EVERY === 0) options.onProgress?.(index - first, end - first);
  }
  options.onProgress?.(end - first, end - first);
  const sealed = end === candles.length;
  if (sealed) journal.append({ kind: 'seal', decisions: engine.sequence });
  return {
    configuration,
    frozenModel,
    ...record.columns(),
    ...record.counts(),
    latency: latencyOf(latency),
    circuits: engine.closeCircuitWindow(),
    monitor: monitor.report(undefined),
    performance: engine.algorithmPerformances(),
    experts: board.figures(),
    learning: engine.learning(),
    selection: selection.figures(),
    metrics: performanceMetrics({
      ...record.performance(),
      periodsPerYear: configuration.periodsPerYear,
    }),
    snapshot: options.frozen ?? encodeRun(engine.snapshot(), journal.lastHash, configuration),
    lastHash: journal.lastHash,
    sealed,
  };
}

function begin(candles: Candles, configuration: EngineConfiguration, options: BacktestOptions) {
  const { clock, key, resume, frozen } = options;
  if (resume === undefined) {
    const journal = new JournalWriter(key, options.writeLine);
    return {
      engine: new Engine(configuration, { clock, ...(frozen !== undefined && { frozen }) }),
      journal,
      first: configuration.windowCandles - 1,
    };
  }
  if (frozen !== undefined) {
    throw new QarError('BAD_SNAPSHOT', 'a run by a frozen model has nothing to go on with');
  }
  const { engine: bytes, lastHash } = readSections(resume);
  if (!(bytes instanceof Uint8Array) || typeof lastHash !== 'string') {
    throw new QarError('BAD_SNAPSHOT', 'the bytes are not a snapshot of a run');
  }
  const engine = Engine.restore(configuration, { clock }, bytes);
  const first = candles.time.indexOf(engine.lastTime) + 1;
  if (first === 0) {
    throw new QarError('BAD_SNAPSHOT', `no candle is at ${engine.lastTime}, where the run stopped`);
  }
  return { engine, journal: new JournalWriter(key, options.writeLine, lastHash), first };
}

function header(
  candles: Candles,
  configuration: EngineConfiguration,
  options: BacktestOptions & { readonly frozenModel: string | undefined },
): JournalHeader {
  const { frozenModel } = options;
  return {
    kind: 'header',
    format: 'sema-journal',
    version: 2,
    configuration,
    ...(frozenModel !== undefined && { frozenModel }),
    data: { name: options.dataName, hash: options.dataHash, candles: candles.length },
    publicKey: options.key.verifyingKey.toText(),
  };
}

function latencyOf(histogram: LatencyHistogram): BacktestRun['latency'] {
  return {
    count: histogram.count,
    p50Ns: histogram.percentileNs(0.5) ?? NaN,
    p99Ns: histogram.percentileNs(0.99) ?? NaN,
    maxNs: histogram.maximumNs,
  };
}
