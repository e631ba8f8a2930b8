import { LearningError } from './errors.ts';
import {
  requireEntry,
  requireInteger,
  requireLength,
  requireNumber,
  restoredArray,
  snapshotFields,
  type Range,
} from './validation.ts';

/** What is read off one run of an algorithm's circuit. */
export interface CircuitReading {
  /** Born probabilities, ≤ 16 of them, with sum at most 1. */
  readonly measurements: ArrayLike<number>;
  /** Purity of the register that was read, in [0, 1]. */
  readonly coherence: number;
  /** Probability of the outcomes that were selected, in [0, 1]. */
  readonly successProbability: number;
}

/** The whole state of a `QuantumSignature`. */
export interface SignatureSnapshot {
  readonly memory: number;
  /** Effective number of runs. */
  readonly weight: number;
  readonly coherence: number;
  readonly successProbability: number;
  readonly measurements: Float64Array;
}

const SIZE_RANGE: Range = { min: 1, max: 16 };
const MEMORY_RANGE: Range = { min: 2, max: 1_000_000 };
/** What is read off a state whose norm is 1 up to rounding. */
const NEARLY_FRACTION: Range = { min: 0, max: 1 + 1e-9 };

/**
 * How an algorithm usually looks on its register: the fading means of the Born probabilities it
 * reads, of the purity there, and of the probability that its selections succeed. As a state it is
 * Σ √(q̄_k/Σq̄)|k⟩; a run resembles it by the fidelity of the two states.
 */
export class QuantumSignature {
  readonly size: number;
  readonly memory: number;
  #weight = 0;
  #coherence = 0;
  #successProbability = 0;
  #measurements: Float64Array;

  /**
   * @param options - fixed for its life.
   * @param options.size - Born probabilities per run, in [1, 16].
   * @param options.memory - effective runs remembered, in [2, 1000000].
   * @throws {LearningError} `INVALID_OPTION`
   */
  constructor({ size, memory }: { size: number; memory: number }) {
    this.size = requireInteger(size, 'size', SIZE_RANGE, 'INVALID_OPTION');
    this.memory = requireInteger(memory, 'memory', MEMORY_RANGE, 'INVALID_OPTION');
    this.#measurements = new Float64Array(size);
  }

  /** The mean purity; undefined before the first run. */
  get coherence(): number | undefined {
    return this.#weight > 0 ? this.#coherence : undefined;
  }

  /** The mean probability of success; undefined before the first run. */
  get successProbability(): number | undefined {
    return this.#weight > 0 ? this.#successProbability : undefined;
  }

  /** The signature as a real state; undefined before the first run. */
  get state(): Float64Array | undefined {
    return this.#weight > 0 ? bornState(this.#measurements) : undefined;
  }

  /**
   * Takes one run in. O(size), allocates nothing.
   *
   * @returns how much it resembled the signature as it was before.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_FORECAST`
   */
  record(reading: CircuitReading): number | undefined {
    const resemblance = this.resemblance(reading);
    this.#weight = this.#weight * (1 - 1 / this.memory) + 1;
    const part = 1 / this.#weight;
    this.#coherence += part * (reading.coherence - this.#coherence);
    this.#successProbability += part * (reading.successProbability - this.#successProbability);
    for (let k = 0; k < this.size; k += 1) {
      this.#measurements[k] += part * (reading.measurements[k] - this.#measurements[k]);
    }
    return resemblance;
  }

  /**
   * How much a run looks like the signature: |⟨signature|run⟩|², in [0, 1]. A run far below the
   * usual says that the algorithm is asked something new, or that its circuit is broken.
   *
   * @returns undefined before the first run.
   * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_FORECAST`
   */
  resemblance(reading: CircuitReading): number | undefined {
    requireReading(reading, this.size);
    if (this.#weight === 0) return undefined;
    let overlap = 0;
    let usual = 0;
    let present = 0;
    for (let k = 0; k < this.size; k += 1) {
      const before = this.#measurements[k];
      const now = reading.measurements[k];
      overlap += Math.sqrt(before * now);
      usual += before;
      present += now;
    }
    return Math.min(1, (overlap * overlap) / (usual * present));
  }

  snapshot(): SignatureSnapshot {
    return {
      memory: this.memory,
      weight: this.#weight,
      coherence: this.#coherence,
      successProbability: this.#successProbability,
      measurements: this.#measurements.slice(),
    };
  }

  /**
   * A signature that continues bit for bit where the snapshot was taken.
   *
   * @throws {LearningError} `INVALID_SNAPSHOT`
   */
  static restore(snapshot: SignatureSnapshot): QuantumSignature {
    const fields = snapshotFields(snapshot);
    const code = 'INVALID_SNAPSHOT';
    const { measurements } = fields;
    const size = measurements instanceof Float64Array ? measurements.length : NaN;
    const signature = new QuantumSignature({
      size: requireInteger(size, 'size', SIZE_RANGE, code),
      memory: requireInteger(fields.memory, 'memory', MEMORY_RANGE, code),
    });
    const weights = { min: 0, max: signature.memory * (1 + 1e-9) };
    signature.#weight = requireNumber(fields.weight, 'weight', weights, code);
    signature.#coherence = requireNumber(fields.coherence, 'coherence', NEARLY_FRACTION, code);
    signature.#successProbability = requireNumber(
      fields.successProbability,
      'successProbability',
      NEARLY_FRACTION,
      code,
    );
    signature.#measurements = restoredArray(measurements, 'measurements', size, NEARLY_FRACTION);
    return signature;
  }
}

/** Refuses a reading with the wrong number of probabilities, or with none above 0. */
export function requireReading(reading: CircuitReading, size: number): void {
  const { measurements, coherence, successProbability } = reading;
  const code = 'INVALID_FORECAST';
  requireLength(measurements, 'measurements', size);
  let total = 0;
  for (let k = 0; k < size; k += 1) {
    total += requireEntry(measurements, k, 'measurements', NEARLY_FRACTION, code);
  }
  if (!(total > 0)) throw new LearningError(code, 'the measurements are all 0');
  requireNumber(coherence, 'coherence', NEARLY_FRACTION, code);
  requireNumber(successProbability, 'successProbability', NEARLY_FRACTION, code);
}

/** √(q/Σq): the real state that shows these probabilities. */
export function bornState(probabilities: ArrayLike<number>): Float64Array {
  let total = 0;
  for (let k = 0; k < probabilities.length; k += 1) total += probabilities[k];
  return Float64Array.from(probabilities, (q) => Math.sqrt(q / total));
}
