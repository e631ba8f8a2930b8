import { PerformanceTracker } from '@sema/learning';
import type { CircuitReading, ReliabilityBin } from '@sema/learning';
import { CIRCUITS } from './circuit-recorder.ts';
import type { CircuitName, CircuitRecorder } from './circuit-recorder.ts';
import type { Decision } from './decide.ts';
import type { MarketOutcome } from './model.ts';
import { longShare } from './resources/algorithm-forecasts.ts';
import { ALGORITHMS } from './resources/qubit-shares.ts';

/**
 * How good an algorithm's word was on the next move, over its last 4 096 outcomes. LMSR and Hedge
 * give a probability of a gain. Prospect theory and the fusion give preferences; read as a
 * probability, long among long and short, theirs is too sure of itself, and the figures show it.
 */
export interface AlgorithmFigures {
  readonly outcomes: number;
  /** Share of moves on whose side its probability was. */
  readonly accuracy: number;
  /** Share of moves that were gains: what always saying so would have as accuracy. */
  readonly gainFrequency: number;
  /** Mean of (p − y)²; 1/4 for one who always says 1/2. */
  readonly brierScore: number;
  /** Forecasts in tenths of [0, 1] against how often they came true; empty bins are left out. */
  readonly reliability: readonly ReliabilityBin[];
  /** Mean distance of the two over those bins. */
  readonly calibrationError: number;
  /** Of its circuit, ns. */
  readonly meanExecutionNs: number;
  /** Times it was right in the last seven days of market time. */
  readonly successPatterns: number;
  /** How its circuit usually looks: the quantum signature. */
  readonly signature: {
    /** Born probabilities of the signature as a state, sum 1. */
    readonly measurements: Float64Array;
    readonly coherence: number;
    readonly successProbability: number;
  };
}

export type AlgorithmPerformances = Readonly<Record<CircuitName, AlgorithmFigures | undefined>>;

/** What an algorithm said of one window. */
interface Forecast {
  readonly name: CircuitName;
  readonly probabilityUp: number;
  readonly executionNs: number;
  readonly reading: CircuitReading;
}

const HISTORY = 4096;
const RELIABILITY_BINS = 10;

/**
 * Follows what each algorithm and their fusion said of the next move, and what came of it. Only
 * circuits are followed: a decision by the twin has no reading. No decision depends on any of this,
 * so a snapshot does not hold it, and it begins anew with each run.
 */
export class AlgorithmPerformance {
  readonly #recorder: CircuitRecorder;
  readonly #waiting = new Map<number, readonly Forecast[]>();
  readonly #trackers = new Map<CircuitName, PerformanceTracker>();
  #lastTime = -Infinity;

  constructor(recorder: CircuitRecorder) {
    this.#recorder = recorder;
  }

  /** Notes what was said at a decision whose outcome is to come. */
  await(decision: Decision): void {
    if (decision.kind !== 'decided' || decision.path !== 'quantum') return;
    const forecasts: Forecast[] = [];
    for (const name of CIRCUITS) {
      const latest = this.#recorder.latest(name);
      if (latest === undefined) continue;
      const { executionNs, reading } = latest;
      const probabilityUp =
        name === 'fusion'
          ? longShare(decision.answer.preferences)
          : decision.forecasts[ALGORITHMS.indexOf(name)];
      // A fusion that wants neither side says nothing of a gain.
      if (Number.isNaN(probabilityUp)) continue;
      forecasts.push({ name, probabilityUp, executionNs, reading });
    }
    this.#waiting.set(decision.lesson, forecasts);
  }

  /** Takes the outcome of an awaited decision in; a move of exactly zero has no side. */
  settle({ lesson, time, change }: MarketOutcome): void {
    const forecasts = this.#waiting.get(lesson);
    this.#waiting.delete(lesson);
    if (forecasts === undefined || change === 0) return;
    for (const { name, probabilityUp, executionNs, reading } of forecasts) {
      const happened = change > 0;
      const tracker = this.#trackerOf(name, reading.measurements.length);
      tracker.record({ time, probability: probabilityUp, happened, executionNs, reading });
    }
    this.#lastTime = time;
  }

  /** The figures so far; undefined for a circuit without an outcome. */
  figures(): AlgorithmPerformances {
    const figuresOf = (name: CircuitName): AlgorithmFigures | undefined => {
      const tracker = this.#trackers.get(name);
      return tracker === undefined ? undefined : figures(tracker, this.#lastTime);
    };
    return {
      lmsr: figuresOf('lmsr'),
      prospect: figuresOf('prospect'),
      hedge: figuresOf('hedge'),
      fusion: figuresOf('fusion'),
    };
  }

  #trackerOf(name: CircuitName, measurements: number): PerformanceTracker {
    const known = this.#trackers.get(name);
    if (known !== undefined) return known;
    const tracker = new PerformanceTracker({ history: HISTORY, measurements });
    this.#trackers.set(name, tracker);
    return tracker;
  }
}

function figures(tracker: PerformanceTracker, now: number): AlgorithmFigures | undefined {
  const { accuracy, brierScore, meanExecutionNs, signature } = tracker;
  const calibrationError = tracker.calibrationError(RELIABILITY_BINS);
  const { state, coherence, successProbability } = signature;
  if (
    accuracy === undefined ||
    brierScore === undefined ||
    meanExecutionNs === undefined ||
    calibrationError === undefined ||
    state === undefined ||
    coherence === undefined ||
    successProbability === undefined
  ) {
    return undefined;
  }
  const reliability = tracker.reliability(RELIABILITY_BINS);
  let gains = 0;
  for (const { frequency, count } of reliability) gains += frequency * count;
  return {
    outcomes: tracker.count,
    accuracy,
    gainFrequency: gains / tracker.count,
    brierScore,
    reliability,
    calibrationError,
    meanExecutionNs,
    successPatterns: tracker.successPatterns(now).length,
    signature: {
      measurements: state.map((amplitude) => amplitude * amplitude),
      coherence,
      successProbability,
    },
  };
}
