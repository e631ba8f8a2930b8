import { SynthesisCryptoError } from '../errors.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { LatencyBucket } from './latency-histogram.ts';

/** Time is the caller's: monotonic nanoseconds. */
export interface Clock {
  nowNs(): number;
}

export interface MonitorOptions {
  readonly clock: Clock;
  /** Every how many calls of an operation one is timed; all are counted. At least 1. */
  readonly sampleEvery: number;
  /** What the 95th percentile of each operation should stay below, in nanoseconds. */
  readonly targetsNs: Readonly<Record<string, number>>;
}

export interface OperationSummary {
  readonly operation: string;
  readonly count: number;
  readonly errors: number;
  /** How many of the errors had which code of this package; `other` for the rest. */
  readonly errorCodes: Readonly<Record<string, number>>;
  readonly sampled: number;
  readonly sumNs: number;
  readonly meanNs: number | undefined;
  readonly p50Ns: number | undefined;
  readonly p95Ns: number | undefined;
  readonly p99Ns: number | undefined;
  readonly maximumNs: number;
  /** Of the sampled calls, for exporters that keep histograms. */
  readonly latencies: readonly LatencyBucket[];
}

/** What else there is to know at the time of a report, from those who know it. */
export interface Surroundings {
  readonly caches: Readonly<Record<string, { hits: number; misses: number; entries: number }>>;
  readonly pools: Readonly<Record<string, { taken: number; misses: number; ready: number }>>;
  readonly queue: { depth: number; capacity: number; rejected: number };
  readonly memory: { heapUsedBytes: number; heapLimitBytes: number };
}

export interface PerformanceReport extends Surroundings {
  readonly operations: readonly OperationSummary[];
  /** One sentence for each rule that the figures break; empty when all is well. */
  readonly recommendations: readonly string[];
}

const MAX_OPERATIONS = 64;
const ENOUGH = 100;

interface OperationRecord {
  calls: number;
  readonly errorCodes: Map<string, number>;
  readonly latency: LatencyHistogram;
}

interface Call {
  readonly record: OperationRecord;
  /** Undefined for a call that is counted and not timed. */
  readonly startNs: number | undefined;
}

/** Counts and times operations and says what the figures call for. At most 64 operations. */
export class PerformanceMonitor {
  readonly #options: MonitorOptions;
  readonly #records = new Map<string, OperationRecord>();

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` */
  constructor(options: MonitorOptions) {
    if (!Number.isInteger(options.sampleEvery) || options.sampleEvery < 1) {
      throw new SynthesisCryptoError('LIMIT_INVALID', 'sampleEvery is not a positive integer');
    }
    this.#options = options;
  }

  /** Runs an operation and notes how it went; whatever it throws is counted and thrown on. */
  measure<T>(operation: string, action: () => T): T {
    const call = this.#begin(operation);
    try {
      return action();
    } catch (error) {
      countError(call, error);
      throw error;
    } finally {
      this.#end(call);
    }
  }

  /** As {@link measure}, until the promise is settled: for worker pools and other slow answers. */
  async measureAsync<T>(operation: string, action: () => Promise<T>): Promise<T> {
    const call = this.#begin(operation);
    try {
      return await action();
    } catch (error) {
      countError(call, error);
      throw error;
    } finally {
      this.#end(call);
    }
  }

  /** Everything seen so far, as data for any exporter. */
  report(surroundings: Surroundings): PerformanceReport {
    const operations = [...this.#records].map(([operation, record]) =>
      summaryOf(operation, record),
    );
    return {
      ...surroundings,
      operations,
      recommendations: [
        ...operations.flatMap((summary) => this.#adviceOn(summary)),
        ...adviceOnSurroundings(surroundings),
      ],
    };
  }

  #adviceOn({ operation, count, errors, p95Ns }: OperationSummary): string[] {
    const advice: string[] = [];
    const target = this.#options.targetsNs[operation];
    if (target !== undefined && p95Ns !== undefined && p95Ns > target) {
      const times = (p95Ns / target).toFixed(1);
      advice.push(`${operation}: its 95th percentile is ${times} times the target; add workers`);
    }
    if (count >= ENOUGH && errors > count / 100) {
      advice.push(`${operation}: ${errors} of ${count} calls failed; look at their codes`);
    }
    return advice;
  }

  #begin(operation: string): Call {
    const record = this.#recordOf(operation);
    const isTimed = record.calls % this.#options.sampleEvery === 0;
    record.calls += 1;
    return { record, startNs: isTimed ? this.#options.clock.nowNs() : undefined };
  }

  #end({ record, startNs }: Call): void {
    if (startNs !== undefined) record.latency.record(this.#options.clock.nowNs() - startNs);
  }

  #recordOf(operation: string): OperationRecord {
    const known = this.#records.get(operation);
    if (known !== undefined) return known;
    if (this.#records.size >= MAX_OPERATIONS) {
      throw new SynthesisCryptoError('LIMIT_INVALID', `over ${MAX_OPERATIONS} operations`);
    }
    const record = {
      calls: 0,
      errorCodes: new Map<string, number>(),
      latency: new LatencyHistogram(),
    };
    this.#records.set(operation, record);
    return record;
  }
}

/** The codes are this package's own, so there are only so many. */
function countError({ record: { errorCodes } }: Call, error: unknown): void {
  const code = error instanceof SynthesisCryptoError ? error.code : 'other';
  errorCodes.set(code, (errorCodes.get(code) ?? 0) + 1);
}

function summaryOf(
  operation: string,
  { calls, errorCodes, latency }: OperationRecord,
): OperationSummary {
  let errors = 0;
  for (const count of errorCodes.values()) errors += count;
  return {
    operation,
    count: calls,
    errors,
    errorCodes: Object.fromEntries(errorCodes),
    sampled: latency.count,
    sumNs: latency.sum,
    meanNs: latency.mean,
    p50Ns: latency.percentile(0.5),
    p95Ns: latency.percentile(0.95),
    p99Ns: latency.percentile(0.99),
    maximumNs: latency.maximum,
    latencies: latency.buckets,
  };
}

function adviceOnSurroundings({ caches, pools, queue, memory }: Surroundings): string[] {
  const advice: string[] = [];
  for (const [name, { hits, misses }] of Object.entries(caches)) {
    if (hits + misses >= ENOUGH && hits < misses) {
      advice.push(`cache ${name}: fewer than half of the look-ups hit; enlarge it or leave it out`);
    }
  }
  for (const [name, { taken, misses }] of Object.entries(pools)) {
    if (taken >= ENOUGH && misses > taken / 100) {
      advice.push(
        `pool ${name}: ${misses} of ${taken} keys were made on the spot; raise its marks`,
      );
    }
  }
  if (queue.rejected > 0) advice.push(`queue: ${queue.rejected} jobs were refused; add workers`);
  if (memory.heapUsedBytes > 0.9 * memory.heapLimitBytes) {
    advice.push('memory: over nine tenths of the heap are in use; lower the limits of the caches');
  }
  return advice;
}
