import { DurationHistogram } from '@sema/timing-buffer';
import type { Clock, Waiter } from '@sema/timing-buffer';
import { QarError } from '../errors.ts';
import { PidController } from './pid-controller.ts';
import type { PidGains } from './pid-controller.ts';

/**
 * Slow enough to average over jitter, fast enough to follow a machine that gets busy: the
 * prediction takes about twenty waits to come within a tenth of a lasting change.
 */
export const CEREBELLAR_GAINS: PidGains = { proportional: 0.05, integral: 0.1, derivative: 0.02 };

export interface CerebellarOptions {
  readonly clock: Clock;
  /** Sleeps, and oversleeps: this is what the scheduler learns to foresee. */
  readonly waiter: Waiter;
  readonly gains: PidGains;
  /** The most it asks to be woken before the time, in whole ns. Below the shortest wait. */
  readonly maximumLeadNs: number;
  /** How much before the time a wait may end, in whole ns; it sleeps again when woken earlier. */
  readonly earlyNs: number;
}

/** Errors of the waits so far: when each ended, against when it was to end; late is above 0. */
export interface TimingError {
  /** Waits that slept, and so taught something. */
  readonly waits: number;
  readonly meanNs: number;
  /** Root of the mean square. */
  readonly rootMeanSquareNs: number;
  /** Of the distance, early or late. */
  readonly p50Ns: number;
  readonly p99Ns: number;
}

/**
 * Waits that foresee how late their waking will be and ask to be woken as much earlier: a PID
 * controller on the timing error. It runs as fast as it is asked to wait: under the orchestrator's
 * layer of one millisecond it is a background loop that corrects itself a thousand times a second.
 *
 * A wait whose time was past when it began says something of the work before it and nothing of
 * sleeping, so it teaches nothing.
 */
export class CerebellarScheduler implements Waiter {
  readonly #options: CerebellarOptions;
  readonly #controller: PidController;
  readonly #distances = new DurationHistogram();
  #waits = 0;
  #sum = 0;
  #squares = 0;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: CerebellarOptions) {
    const { gains, maximumLeadNs, earlyNs } = options;
    requireWhole('maximumLeadNs', maximumLeadNs);
    requireWhole('earlyNs', earlyNs);
    this.#options = options;
    this.#controller = new PidController({
      gains,
      minimum: 0,
      maximum: maximumLeadNs,
      errorLimit: Math.max(1, maximumLeadNs),
    });
  }

  /** How late the next waking is predicted to be, in whole ns. */
  get predictedNs(): number {
    return Math.round(this.#controller.output);
  }

  /** Undefined before the first wait that slept. */
  get error(): TimingError | undefined {
    const waits = this.#waits;
    if (waits === 0) return undefined;
    return {
      waits,
      meanNs: this.#sum / waits,
      rootMeanSquareNs: Math.sqrt(this.#squares / waits),
      p50Ns: this.#distances.quantileNs(0.5) ?? NaN,
      p99Ns: this.#distances.quantileNs(0.99) ?? NaN,
    };
  }

  wait(untilNs: number): void | Promise<void> {
    const { clock, waiter } = this.#options;
    const wakeNs = untilNs - this.predictedNs;
    if (wakeNs <= clock.nowNs()) return this.#sleepOn(untilNs);
    const waiting = waiter.wait(wakeNs);
    if (waiting !== undefined) return waiting.then(() => this.#woken(untilNs));
    return this.#woken(untilNs);
  }

  #woken(untilNs: number): void | Promise<void> {
    const errorNs = this.#options.clock.nowNs() - untilNs;
    this.#waits++;
    this.#sum += errorNs;
    this.#squares += errorNs * errorNs;
    this.#distances.record(Math.abs(errorNs));
    this.#controller.update(errorNs);
    return this.#sleepOn(untilNs);
  }

  /** What is left when the waking came, or the wait began, earlier than a wait may end. */
  #sleepOn(untilNs: number): void | Promise<void> {
    const { clock, waiter, earlyNs } = this.#options;
    const soonestNs = untilNs - earlyNs;
    if (clock.nowNs() < soonestNs) return waiter.wait(soonestNs);
  }
}

function requireWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new QarError('BAD_CONFIGURATION', `${name} ${value} is not a whole number ≥ 0`);
}
