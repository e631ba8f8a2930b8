import { REGIMES } from '@sema/learning';
import type {
  AlgorithmFigures,
  BacktestRun,
  CollectiveFigures,
  EmergenceFigures,
  EngineConfiguration,
  ExpertFigures,
  LearningFigures,
  Reliability,
  SelectionFigures,
} from '@sema/qar';
import type { Comparison, ContenderId } from './comparison.ts';
import type { CandleFile } from './read-candles.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** One row of the comparison; a ratio that does not exist is null. */
export interface ComparisonRow {
  readonly id: ContenderId;
  readonly title: string;
  readonly finalEquity: number;
  readonly totalReturn: number;
  readonly annualReturn: number;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly maximumDrawdown: number;
  readonly turnover: number;
  readonly trades: number;
  readonly meanExposure: number;
}

type Counts = Readonly<Record<string, number>>;

/** What the timing buffer recorded of one circuit. */
export interface CircuitFigures {
  readonly runs: number;
  readonly meanExecutionNs: number;
  /** 1/(1 + σ/μ) of the execution time; 1 is perfectly steady. */
  readonly executionStability: number;
  readonly meanCoherence: number;
  /** Of all probabilities read, over a fixed histogram; null when none was read. */
  readonly entropyBits: number | null;
  readonly meanMeasurements: readonly number[];
}

/** What taught the learner, over the whole life of its model. */
export interface LearningSummary {
  readonly learned: number;
  readonly clipped: number;
  readonly refused: Counts;
  /** Whether couplings of experts act on their weights. */
  readonly coupled: boolean;
  /** What couplings change in the Brier loss of held-back outcomes, and its standard error. */
  readonly heldBack: {
    readonly difference: number;
    readonly error: number | null;
    readonly count: number;
  };
}

/** How good an algorithm's word was on the next move. */
export interface CalibrationFigures extends Omit<AlgorithmFigures, 'signature'> {
  readonly signature: Omit<AlgorithmFigures['signature'], 'measurements'> & {
    readonly measurements: readonly number[];
  };
}

/** How good selection and confidence were; reliabilities are null where no outcome is known. */
export interface SelectionSummary extends Omit<SelectionFigures, 'confidence' | 'preference'> {
  readonly confidence: Reliability | null;
  readonly preference: Reliability | null;
}

/**
 * What `result.json` holds and `--json` prints. Fractions are fractions of one, times milliseconds
 * since the Unix epoch, durations nanoseconds.
 */
export interface BacktestResult {
  readonly format: 'sema-result';
  readonly version: 1;
  readonly data: {
    readonly name: string;
    readonly sha256: string;
    readonly candles: number;
    readonly firstCandle: number;
    readonly lastCandle: number;
    readonly firstDecision: number;
    readonly lastDecision: number;
  };
  readonly configuration: EngineConfiguration;
  readonly verdict: Verdict;
  readonly comparison: readonly ComparisonRow[];
  readonly decisions: number;
  /** Decisions that went: flat, or a position whose evidence was rare enough. */
  readonly go: number;
  /** Decisions whose evidence is too common among positions that ended without profit. */
  readonly noGo: number;
  /** Windows on which the engine had nothing to say, by reason. */
  readonly undecided: Counts;
  readonly fills: number;
  readonly denials: Counts;
  readonly abstentions: {
    readonly meanPerDecision: number;
    readonly byReason: Counts;
    readonly byExpert: Counts;
  };
  /** Share of the decisions in each regime; `none` where the window had none. */
  readonly regimes: Counts;
  readonly paths: BacktestRun['paths'];
  readonly latency: {
    readonly sema: BacktestRun['latency'];
    readonly twin: BacktestRun['latency'];
  };
  readonly circuits: Readonly<Record<string, CircuitFigures>>;
  /** What the engine's monitor measured, beside its targets. */
  readonly monitor: BacktestRun['monitor'];
  /** By algorithm, `fusion` for the three together. */
  readonly calibration: Readonly<Record<string, CalibrationFigures>>;
  /** How good the word of each expert was. */
  readonly experts: readonly ExpertFigures[];
  readonly learning: LearningSummary;
  /** Hash of the model that decided and learned nothing; null where the model learned. */
  readonly frozenModel: string | null;
  readonly selection: SelectionSummary;
  /** Null where it was not measured. */
  readonly emergence: EmergenceFigures | null;
  /** Null where it was off. */
  readonly collective: CollectiveFigures | null;
  readonly twin: {
    readonly largestPreferenceDifference: number;
    readonly sameEquity: boolean;
  };
  readonly journal: {
    readonly path: string;
    readonly sealed: boolean;
    readonly lastHash: string;
    readonly publicKey: string;
  };
  readonly report: string;
}

/** Where a run's files are, and who signed its journal. */
export interface RunFiles {
  readonly journal: string;
  readonly report: string;
  readonly publicKey: string;
}

export function backtestResult(
  file: CandleFile,
  comparison: Comparison,
  files: RunFiles,
): BacktestResult {
  const { sema, twin, largestPreferenceDifference, sameEquity } = comparison;
  return {
    format: 'sema-result',
    version: 1,
    data: {
      name: file.name,
      sha256: file.hash,
      candles: file.candles.length,
      firstCandle: file.candles.time[0],
      lastCandle: file.candles.time[file.candles.length - 1],
      firstDecision: sema.time[0],
      lastDecision: sema.time[sema.time.length - 1],
    },
    configuration: sema.configuration,
    verdict: verdictOf(comparison),
    comparison: comparisonRows(comparison),
    decisions: sema.decisions,
    go: sema.decisions - sema.noGo - total(sema.undecided),
    noGo: sema.noGo,
    undecided: sema.undecided,
    fills: sema.fills.length,
    denials: sema.denials,
    abstentions: {
      meanPerDecision: total(sema.abstentions) / sema.decisions,
      byReason: sema.abstentions,
      byExpert: sema.abstentionsByExpert,
    },
    regimes: regimeShares(sema.regimes),
    paths: sema.paths,
    latency: { sema: sema.latency, twin: twin.latency },
    circuits: circuitFigures(sema.circuits),
    monitor: sema.monitor,
    calibration: calibrationFigures(sema.performance),
    experts: sema.experts,
    learning: learningSummary(sema.learning),
    frozenModel: sema.frozenModel ?? null,
    selection: {
      ...sema.selection,
      confidence: sema.selection.confidence ?? null,
      preference: sema.selection.preference ?? null,
    },
    emergence: sema.emergence ?? null,
    collective: sema.collective ?? null,
    twin: { largestPreferenceDifference, sameEquity },
    journal: {
      path: files.journal,
      sealed: sema.sealed,
      lastHash: sema.lastHash,
      publicKey: files.publicKey,
    },
    report: files.report,
  };
}

function comparisonRows(comparison: Comparison): ComparisonRow[] {
  return comparison.contenders.map(({ id, title, equity, metrics }) => ({
    id,
    title,
    finalEquity: equity[equity.length - 1],
    ...metrics,
    sharpe: metrics.sharpe ?? null,
    sortino: metrics.sortino ?? null,
  }));
}

/** A circuit that never ran has no figures and is left out. */
function circuitFigures(circuits: BacktestRun['circuits']): BacktestResult['circuits'] {
  const figures: Record<string, CircuitFigures> = {};
  for (const [name, summary] of Object.entries(circuits)) {
    if (summary === undefined) continue;
    figures[name] = {
      runs: summary.count,
      meanExecutionNs: summary.meanExecutionNs,
      executionStability: summary.executionStability,
      meanCoherence: summary.meanCoherence,
      entropyBits: summary.entropyBits ?? null,
      meanMeasurements: Array.from(summary.meanMeasurements),
    };
  }
  return figures;
}

/** An algorithm whose circuit never met an outcome has no figures and is left out. */
function calibrationFigures(
  performance: BacktestRun['performance'],
): BacktestResult['calibration'] {
  const figures: Record<string, CalibrationFigures> = {};
  for (const [name, one] of Object.entries(performance)) {
    if (one === undefined) continue;
    const { measurements, ...signature } = one.signature;
    figures[name] = {
      ...one,
      signature: { ...signature, measurements: Array.from(measurements) },
    };
  }
  return figures;
}

function learningSummary({ counts, coupled, heldBack }: LearningFigures): LearningSummary {
  const { learned, clipped, ...refused } = counts;
  const error = Number.isFinite(heldBack.error) ? heldBack.error : null;
  return { learned, clipped, refused, coupled, heldBack: { ...heldBack, error } };
}

function regimeShares(regimes: Uint8Array): Counts {
  const shares: Record<string, number> = {};
  for (const name of [...REGIMES, 'none']) shares[name] = 0;
  for (const index of regimes) shares[REGIMES[index] ?? 'none'] += 1 / regimes.length;
  return shares;
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, value) => sum + value, 0);
}
