import { LearningError } from './errors.ts';
import { applyPatternPhase, type SplitState } from './pattern-phase.ts';
import {
  bornState,
  QuantumSignature,
  requireReading,
  type CircuitReading,
  type SignatureSnapshot,
} from './quantum-signature.ts';
import {
  requireBoolean,
  requireInteger,
  requireNumber,
  restoredArray,
  snapshotFields,
  type Range,
} from './validation.ts';

/** Market time for which a success pattern is kept: seven days, ms. */
export const PATTERN_LIFETIME_MS = 7 * 86_400_000;

export interface PerformanceTrackerOptions {
  /** Outcomes and success patterns kept at most, in [1, 65536]. */
  readonly history: number;
  /** Born probabilities that a run of the algorithm reads, in [1, 16]. */
  readonly measurements: number;
}

/** One answer of an algorithm, and what came of it. */
export interface Performance {
  /** Market time of the outcome, ms, not before that of the last one. */
  readonly time: number;
  /** The probability that was given, in [0, 1]. */
  readonly probability: number;
  readonly happened: boolean;
  /** How long the circuit took, ns, ≥ 0. */
  readonly executionNs: number;
  /** What was read off the circuit. */
  readonly reading: CircuitReading;
}

/** One bin of a reliability curve. */
export interface ReliabilityBin {
  readonly meanForecast: number;
  /** How often it happened. */
  readonly frequency: number;
  readonly count: number;
}

/** The whole state of a `PerformanceTracker`. */
export interface PerformanceSnapshot {
  readonly history: number;
  /**
   * Oldest first, per outcome: time, probability, 1 if it happened, execution ns, Born
   * probabilities.
   */
  readonly rows: Float64Array;
  readonly signature: SignatureSnapshot;
}

const HISTORY_RANGE: Range = { min: 1, max: 65_536 };
const FRACTION: Range = { min: 0, max: 1 };
const FINITE: Range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
const NOT_NEGATIVE: Range = { min: 0, max: Number.MAX_VALUE };
const BINS_RANGE: Range = { min: 1, max: 100 };
/** Success patterns that take part in `amplify`, the newest. */
const AMPLIFIED_PATTERNS = 8;
const FIELDS = 4;

/**
 * How well one algorithm does: accuracy, calibration and time over its last outcomes, what its
 * register showed when it was right, and its quantum signature.
 */
export class PerformanceTracker {
  readonly history: number;
  readonly measurements: number;
  #signature: QuantumSignature;
  readonly #rows: Float64Array[] = [];

  /** @throws {LearningError} `INVALID_OPTION` */
  constructor({ history, measurements }: PerformanceTrackerOptions) {
    this.history = requireInteger(history, 'history', HISTORY_RANGE, 'INVALID_OPTION');
    this.#signature = new QuantumSignature({ size: measurements, memory: Math.max(2, history) });
    this.measurements = measurements;
  }

  /** Outcomes on record. */
  get count(): number {
    return this.#rows.length;
  }

  /** How the algorithm usually looks. */
  get signature(): Pick<
    QuantumSignature,
    'state' | 'coherence' | 'successProbability' | 'resemblance'
  > {
    return this.#signature;
  }

  /** Share of outcomes on whose side of 1/2 the probability was; 1/2 itself is half right. */
  get accuracy(): number | undefined {
    return this.#mean((row) => rightness(row[1], row[2]));
  }

  /** Mean of (p − y)², 0 to 1; undefined without outcomes. */
  get brierScore(): number | undefined {
    return this.#mean((row) => (row[1] - row[2]) * (row[1] - row[2]));
  }

  get meanExecutionNs(): number | undefined {
    return this.#mean((row) => row[3]);
  }

  /**
   * Takes an outcome in, forgetting the oldest beyond `history`.
   *
   * @throws {LearningError} `INVALID_TIME`, `INVALID_FORECAST`, `LENGTH_MISMATCH`
   * @throws {TypeError} when `happened` is not a boolean
   */
  record({ time, probability, happened, executionNs, reading }: Performance): void {
    requireNumber(time, 'time', FINITE, 'INVALID_TIME');
    const last = this.#rows.at(-1)?.[0] ?? -Infinity;
    if (time < last) {
      throw new LearningError(
        'INVALID_TIME',
        `an outcome at ${time} is before the last at ${last}`,
      );
    }
    requireNumber(probability, 'probability', FRACTION, 'INVALID_FORECAST');
    requireNumber(executionNs, 'executionNs', NOT_NEGATIVE, 'INVALID_FORECAST');
    const outcome = requireBoolean(happened, 'happened') ? 1 : 0;
    requireReading(reading, this.measurements);
    const row = new Float64Array(FIELDS + this.measurements);
    row.set([time, probability, outcome, executionNs]);
    row.set(Float64Array.from(reading.measurements), FIELDS);
    if (this.#rows.length === this.history) this.#rows.shift();
    this.#rows.push(row);
    this.#signature.record(reading);
  }

  /**
   * The reliability curve: forecasts in equal bins of [0, 1] against how often they came true.
   * Empty bins are left out.
   *
   * @param bins - in [1, 100].
   * @throws {LearningError} `INVALID_OPTION`
   * @see Murphy & Winkler (1977), Reliability of subjective probability forecasts
   */
  reliability(bins: number): ReliabilityBin[] {
    requireInteger(bins, 'bins', BINS_RANGE, 'INVALID_OPTION');
    const sums = Array.from({ length: bins }, () => ({ forecast: 0, happened: 0, count: 0 }));
    for (const row of this.#rows) {
      const bin = sums[Math.min(bins - 1, Math.floor(row[1] * bins))];
      bin.forecast += row[1];
      bin.happened += row[2];
      bin.count += 1;
    }
    return sums
      .filter(({ count }) => count > 0)
      .map(({ forecast, happened, count }) => ({
        meanForecast: forecast / count,
        frequency: happened / count,
        count,
      }));
  }

  /** Mean of |forecast − frequency| over the bins of `reliability`, weighted by their counts. */
  calibrationError(bins: number): number | undefined {
    const curve = this.reliability(bins);
    if (this.count === 0) return undefined;
    let error = 0;
    for (const { meanForecast, frequency, count } of curve) {
      error += (count / this.count) * Math.abs(meanForecast - frequency);
    }
    return error;
  }

  /**
   * What the register showed when the algorithm was right, as real states, newest first: those of
   * the seven days of market time before `now`.
   */
  successPatterns(now: number): Float64Array[] {
    requireNumber(now, 'now', FINITE, 'INVALID_TIME');
    return this.#rows
      .filter((row) => rightness(row[1], row[2]) === 1)
      .filter((row) => row[0] <= now && now - row[0] <= PATTERN_LIFETIME_MS)
      .map((row) => bornState(row.subarray(FIELDS)))
      .reverse();
  }

  /**
   * Turns a state towards what past successes looked like, in place: for each of the eight newest
   * success patterns the phase φ on |p⟩ and then on the state as it was, so that 1 − |⟨p|ψ⟩|²
   * shrinks by (1 − 2(1 − cos φ)|⟨p|ψ⟩|²)². φ is π/3 times how far accuracy is above 1/2, over 1/2:
   * an algorithm without successes or no better than chance leaves the state alone. Unitary, O(2^n)
   * a pattern.
   *
   * @param amplitudes - `measurements` real numbers with norm 1 ± 1e-9.
   * @throws {LearningError} `INVALID_TIME`, `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`
   */
  amplify(amplitudes: ArrayLike<number>, now: number): SplitState {
    const state: SplitState = {
      real: Float64Array.from(amplitudes),
      imaginary: new Float64Array(amplitudes.length),
    };
    const skill = Math.max(0, 2 * (this.accuracy ?? 0.5) - 1);
    const patterns = this.successPatterns(now).slice(0, AMPLIFIED_PATTERNS);
    // Split evenly, so that all of them together turn no further than one of them would.
    const phase = (skill * Math.PI) / 3 / Math.max(1, patterns.length);
    for (const pattern of patterns) {
      applyPatternPhase(state, pattern, phase);
      applyPatternPhase(state, amplitudes, phase);
    }
    return state;
  }

  snapshot(): PerformanceSnapshot {
    const width = FIELDS + this.measurements;
    const rows = new Float64Array(this.count * width);
    this.#rows.forEach((row, k) => {
      rows.set(row, k * width);
    });
    return { history: this.history, rows, signature: this.#signature.snapshot() };
  }

  /**
   * A tracker that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: PerformanceSnapshot): PerformanceTracker {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    // It checks its own fields.
    const signature = QuantumSignature.restore(fields.signature as SignatureSnapshot);
    const history = requireInteger(fields.history, 'history', HISTORY_RANGE, code);
    const tracker = new PerformanceTracker({ history, measurements: signature.size });
    const width = FIELDS + signature.size;
    const length = fields.rows instanceof Float64Array ? fields.rows.length : NaN;
    const counts = { min: 0, max: history };
    const count = requireInteger(length / width, 'the number of rows', counts, code);
    const rows = restoredArray(fields.rows, 'rows', count * width, FINITE);
    let last = -Infinity;
    for (let k = 0; k < count; k += 1) {
      const row = rows.slice(k * width, (k + 1) * width);
      const isFine =
        row[0] >= last &&
        row.subarray(1, 3).every((x) => x >= 0 && x <= 1) &&
        Number.isInteger(row[2]) &&
        row.subarray(3).every((x) => x >= 0) &&
        row.subarray(FIELDS).some((x) => x > 0);
      if (!isFine) throw new LearningError(code, `row ${k} is no outcome`);
      last = row[0];
      tracker.#rows.push(row);
    }
    tracker.#signature = signature;
    return tracker;
  }

  #mean(value: (row: Float64Array) => number): number | undefined {
    if (this.count === 0) return undefined;
    let sum = 0;
    for (const row of this.#rows) sum += value(row);
    return sum / this.count;
  }
}

function rightness(probability: number, outcome: number): number {
  if (probability === 0.5) return 0.5;
  return probability > 0.5 === (outcome === 1) ? 1 : 0;
}
