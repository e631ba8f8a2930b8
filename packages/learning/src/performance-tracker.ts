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
  /** A ring of outcomes; it grows until it has room for the history. */
  #rows: Float64Array = new Float64Array(0);
  #count = 0;
  /** Where in the ring the oldest outcome is. */
  #oldest = 0;

  /** @throws {LearningError} `INVALID_OPTION` */
  constructor({ history, measurements }: PerformanceTrackerOptions) {
    this.history = requireInteger(history, 'history', HISTORY_RANGE, 'INVALID_OPTION');
    this.#signature = new QuantumSignature({ size: measurements, memory: Math.max(2, history) });
    this.measurements = measurements;
  }

  /** Outcomes on record. */
  get count(): number {
    return this.#count;
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
    return this.#mean((rows, at) => rightness(rows[at + 1], rows[at + 2]));
  }

  /** Mean of (p − y)², 0 to 1; undefined without outcomes. */
  get brierScore(): number | undefined {
    return this.#mean((rows, at) => (rows[at + 1] - rows[at + 2]) * (rows[at + 1] - rows[at + 2]));
  }

  get meanExecutionNs(): number | undefined {
    return this.#mean((rows, at) => rows[at + 3]);
  }

  /**
   * Takes an outcome in, forgetting the oldest beyond `history`.
   *
   * @throws {LearningError} `INVALID_TIME`, `INVALID_FORECAST`, `LENGTH_MISMATCH`
   * @throws {TypeError} when `happened` is not a boolean
   */
  record({ time, probability, happened, executionNs, reading }: Performance): void {
    requireNumber(time, 'time', FINITE, 'INVALID_TIME');
    const last = this.#count > 0 ? this.#rows[this.#at(this.#count - 1)] : -Infinity;
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
    const at = this.#next();
    this.#rows[at] = time;
    this.#rows[at + 1] = probability;
    this.#rows[at + 2] = outcome;
    this.#rows[at + 3] = executionNs;
    this.#rows.set(reading.measurements, at + FIELDS);
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
    for (let k = 0; k < this.#count; k += 1) {
      const at = this.#at(k);
      const forecast = this.#rows[at + 1];
      const bin = sums[Math.min(bins - 1, Math.floor(forecast * bins))];
      bin.forecast += forecast;
      bin.happened += this.#rows[at + 2];
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
    const patterns: Float64Array[] = [];
    for (let k = this.#count - 1; k >= 0; k -= 1) {
      const at = this.#at(k);
      const time = this.#rows[at];
      if (rightness(this.#rows[at + 1], this.#rows[at + 2]) !== 1) continue;
      if (time > now || now - time > PATTERN_LIFETIME_MS) continue;
      patterns.push(bornState(this.#rows.subarray(at + FIELDS, at + this.#width)));
    }
    return patterns;
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
    const width = this.#width;
    const rows = new Float64Array(this.#count * width);
    for (let k = 0; k < this.#count; k += 1) {
      const at = this.#at(k);
      rows.set(this.#rows.subarray(at, at + width), k * width);
    }
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
    const width = tracker.#width;
    const length = fields.rows instanceof Float64Array ? fields.rows.length : NaN;
    const counts = { min: 0, max: history };
    const count = requireInteger(length / width, 'the number of rows', counts, code);
    const rows = restoredArray(fields.rows, 'rows', count * width, FINITE);
    let last = -Infinity;
    for (let k = 0; k < count; k += 1) {
      const row = rows.subarray(k * width, (k + 1) * width);
      const isFine =
        row[0] >= last &&
        row.subarray(1, 3).every((x) => x >= 0 && x <= 1) &&
        Number.isInteger(row[2]) &&
        row.subarray(3).every((x) => x >= 0) &&
        row.subarray(FIELDS).some((x) => x > 0);
      if (!isFine) throw new LearningError(code, `row ${k} is no outcome`);
      last = row[0];
    }
    tracker.#rows = rows;
    tracker.#count = count;
    tracker.#signature = signature;
    return tracker;
  }

  /** @param value - of the outcome whose numbers begin `at` there. */
  #mean(value: (rows: Float64Array, at: number) => number): number | undefined {
    if (this.#count === 0) return undefined;
    let sum = 0;
    for (let k = 0; k < this.#count; k += 1) sum += value(this.#rows, this.#at(k));
    return sum / this.#count;
  }

  /** Numbers kept of an outcome. */
  get #width(): number {
    return FIELDS + this.measurements;
  }

  /** Where the numbers of the k-th outcome begin, the oldest being 0. */
  #at(k: number): number {
    return ((this.#oldest + k) % this.history) * this.#width;
  }

  /** Makes room for one more outcome, by forgetting the oldest where need be. */
  #next(): number {
    if (this.#count === this.history) {
      this.#oldest = (this.#oldest + 1) % this.history;
      return this.#at(this.#count - 1);
    }
    const at = this.#count * this.#width;
    if (at === this.#rows.length) {
      const grown = new Float64Array(Math.min(this.history, 2 * this.#count + 1) * this.#width);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#count += 1;
    return at;
  }
}

function rightness(probability: number, outcome: number): number {
  if (probability === 0.5) return 0.5;
  return probability > 0.5 === (outcome === 1) ? 1 : 0;
}
