import type { Clock } from './clock.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { TimingBufferError } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import type { QueuedEvent } from './event-queue.ts';

/** The windows of the timing design, in ns: circuits, market data, decisions. */
export const QUANTUM_BATCH_NS = 1_000;
export const MARKET_SYNC_NS = 1_000_000;
export const DECISION_CYCLE_NS = 50_000_000;

/** Returns, or fulfils, at `untilNs` by the orchestrator's clock; earlier only if it is woken. */
export interface Waiter {
  wait(untilNs: number): void | Promise<void>;
}

/**
 * What a running event is told. A periodic event is handed the same object every time, so that no
 * garbage collection is owed to its running: copy what is to be kept.
 */
export interface Occasion {
  readonly id: number;
  /** When it was to run. */
  readonly intendedNs: number;
  /** When it does run. */
  readonly startedNs: number;
  /** How many times a periodic event was passed over before this, because it would be too late. */
  readonly missed: number;
}

export interface EventRequest {
  /** Whole nanoseconds of the orchestrator's clock, in [0, 2^53). A time that is past is late. */
  readonly timeNs: number;
  /** Of events due together the lowest number runs first, then the one scheduled first. */
  readonly priority: number;
  /** Must not be asynchronous: nobody would see it fail. */
  readonly run: (occasion: Occasion) => void;
}

export interface PeriodicRequest extends EventRequest {
  /** Whole nanoseconds, at least 1. It is to run at `timeNs + k · periodNs`, k = 0, 1, 2 … */
  readonly periodNs: number;
}

export interface OrchestratorOptions {
  readonly clock: Clock;
  /** How many events may wait at once, at least 1. */
  readonly capacityEvents: number;
  /** Events due less than this after the first are run with it. {@link QUANTUM_BATCH_NS}, or 0. */
  readonly batchNs: number;
  /** An event counts as late when it starts this long after its time, or longer. */
  readonly lateNs: number;
  /** Told what an event threw. Should it throw too, that is counted as another failure. */
  readonly onFailure: (error: unknown, occasion: Occasion) => void;
}

export interface OrchestratorMetrics {
  readonly waiting: number;
  readonly ran: number;
  readonly failed: number;
  readonly late: number;
  readonly missed: number;
  readonly cancelled: number;
  /** Requests turned away because the queue was full. */
  readonly refused: number;
}

interface ScheduledEvent extends QueuedEvent {
  readonly run: (occasion: Occasion) => void;
  readonly periodNs: number | undefined;
  readonly occasion: { -readonly [Field in keyof Occasion]: Occasion[Field] };
  cancelled: boolean;
}

/**
 * Runs events at their times, in the order (time, priority, id), on one thread.
 *
 * Times are absolute: an event that runs late runs all the same and moves no other. A periodic
 * event that is more than a period late runs once for all the times it has passed over, and next at
 * its first time still to come. Every time passed over enters the histogram of lateness with how
 * late it would have been, so that a stall shows in full and not as one late event.
 */
export class Orchestrator {
  /** How long after its intended time each event started. */
  readonly lateness = new DurationHistogram();
  readonly #options: OrchestratorOptions;
  readonly #queue = new EventQueue<ScheduledEvent>();
  readonly #events = new Map<number, ScheduledEvent>();
  #nextId = 0;
  #ran = 0;
  #failed = 0;
  #late = 0;
  #missed = 0;
  #cancelled = 0;
  #refused = 0;

  /** @throws {TimingBufferError} `CAPACITY_OUT_OF_RANGE`, `DURATION_OUT_OF_RANGE` */
  constructor(options: OrchestratorOptions) {
    const { capacityEvents, batchNs, lateNs } = options;
    if (!Number.isSafeInteger(capacityEvents) || capacityEvents < 1) {
      throw new TimingBufferError(
        'CAPACITY_OUT_OF_RANGE',
        `capacity ${String(capacityEvents)} is not a whole number of at least 1`,
      );
    }
    requireWhole(batchNs, 0, 'DURATION_OUT_OF_RANGE');
    requireWhole(lateNs, 0, 'DURATION_OUT_OF_RANGE');
    this.#options = options;
  }

  get metrics(): OrchestratorMetrics {
    return {
      waiting: this.#queue.size,
      ran: this.#ran,
      failed: this.#failed,
      late: this.#late,
      missed: this.#missed,
      cancelled: this.#cancelled,
      refused: this.#refused,
    };
  }

  /** When the first event is due; undefined when none is waiting. */
  get nextNs(): number | undefined {
    return this.#queue.first?.timeNs;
  }

  /**
   * @returns the event's id, or undefined when as many events wait as may: try again when some
   *   have run.
   * @throws {TimingBufferError} `TIMESTAMP_OUT_OF_RANGE`, `PRIORITY_OUT_OF_RANGE`
   */
  schedule(request: EventRequest): number | undefined {
    return this.#add(request, undefined);
  }

  /**
   * Schedules an event that keeps its place in the queue until it is cancelled.
   *
   * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE` for its period, and as {@link schedule}
   */
  every(request: PeriodicRequest): number | undefined {
    requireWhole(request.periodNs, 1, 'DURATION_OUT_OF_RANGE');
    return this.#add(request, request.periodNs);
  }

  /** Whether the event was there to be cancelled. A periodic event may cancel itself as it runs. */
  cancel(id: number): boolean {
    const event = this.#events.get(id);
    if (event === undefined) return false;
    if (event.index >= 0) this.#queue.remove(event);
    event.cancelled = true;
    this.#events.delete(id);
    this.#cancelled += 1;
    return true;
  }

  /**
   * Runs what is due, in order, but no more events than are waiting now: one that schedules itself
   * at once cannot keep this from returning.
   *
   * @returns how many ran.
   */
  runDue(): number {
    const { clock, batchNs } = this.#options;
    const most = this.#queue.size;
    for (let ran = 0; ran < most; ran += 1) {
      const event = this.#queue.first;
      const nowNs = clock.nowNs();
      const isDue =
        event !== undefined && (event.timeNs <= nowNs || event.timeNs - nowNs < batchNs);
      if (!isDue) return ran;
      this.#queue.remove(event);
      event.occasion.startedNs = nowNs;
      this.#start(event);
    }
    return most;
  }

  /** Waits and runs until nothing is due before `endNs`. Without an end: until nothing waits. */
  async run(waiter: Waiter, endNs = Infinity): Promise<void> {
    for (;;) {
      const next = this.nextNs;
      if (next === undefined || next >= endNs) return;
      // A waiter that blocks returns nothing to wait for, and then no time is lost on a promise.
      const waiting = waiter.wait(next);
      if (waiting !== undefined) await waiting;
      this.runDue();
    }
  }

  #add(request: EventRequest, periodNs: number | undefined): number | undefined {
    const { timeNs, priority, run } = request;
    requireWhole(timeNs, 0, 'TIMESTAMP_OUT_OF_RANGE');
    if (!Number.isFinite(priority)) {
      throw new TimingBufferError('PRIORITY_OUT_OF_RANGE', `priority ${String(priority)}`);
    }
    if (this.#events.size >= this.#options.capacityEvents) {
      this.#refused += 1;
      return undefined;
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const occasion = { id, intendedNs: timeNs, startedNs: timeNs, missed: 0 };
    const event = { id, priority, timeNs, periodNs, run, occasion, index: -1, cancelled: false };
    this.#events.set(id, event);
    this.#queue.add(event);
    return id;
  }

  /** Runs an event whose occasion says when: passed on, the time would be boxed each time. */
  #start(event: ScheduledEvent): void {
    const { occasion } = event;
    occasion.missed = this.#passOver(event);
    occasion.intendedNs = event.timeNs;
    const lateness = Math.max(0, occasion.startedNs - event.timeNs);
    this.lateness.record(lateness);
    if (lateness > 0 && lateness >= this.#options.lateNs) this.#late += 1;
    this.#ran += 1;
    if (event.periodNs === undefined) this.#events.delete(event.id);
    try {
      event.run(occasion);
    } catch (error) {
      this.#failed += 1;
      this.#report(error, occasion);
    }
    if (event.periodNs === undefined || event.cancelled) return;
    event.timeNs += event.periodNs;
    this.#queue.add(event);
  }

  /** Moves a periodic event to its last time that is not after now; counts the times before. */
  #passOver(event: ScheduledEvent): number {
    if (event.periodNs === undefined) return 0;
    const nowNs = event.occasion.startedNs;
    const missed = Math.max(0, Math.floor((nowNs - event.timeNs) / event.periodNs));
    if (missed === 0) return 0;
    event.timeNs += missed * event.periodNs;
    this.lateness.recordSeries(nowNs - event.timeNs + event.periodNs, event.periodNs, missed);
    this.#missed += missed;
    this.#late += missed;
    return missed;
  }

  #report(error: unknown, occasion: Occasion): void {
    try {
      this.#options.onFailure(error, occasion);
    } catch {
      // There is nobody left to tell, and the loop must go on.
      this.#failed += 1;
    }
  }
}

function requireWhole(
  value: number,
  least: number,
  code: 'TIMESTAMP_OUT_OF_RANGE' | 'DURATION_OUT_OF_RANGE',
): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new TimingBufferError(
      code,
      `${String(value)} is not a whole number of nanoseconds in [${least}, 2^53)`,
    );
  }
}
