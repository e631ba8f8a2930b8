import { BatchPredictor, Orchestrator, RHYTHMS_NS, RhythmSchedule } from '@sema/timing-buffer';
import type { Beat, Clock, Waiter } from '@sema/timing-buffer';
import { QarError } from '../errors.ts';
import type { Candle } from '../market-data/candle-fault.ts';
import type { PerformanceMonitor } from '../performance-monitor.ts';
import type { Session, TickAnswer } from '../session.ts';
import { BeatRecord } from './beat-record.ts';
import type { BeatFigures } from './beat-record.ts';
import { RegimePattern } from './market-picture.ts';
import type { MarketPicture } from './market-picture.ts';

/** The rhythms that carry work. */
export type WorkRhythm = keyof typeof RHYTHMS_NS;

export interface LiveAnswer extends TickAnswer {
  readonly candle: Candle;
}

export interface LiveOptions {
  /** Not disposed with the runtime. Let it keep no snapshots itself: `snapshotEvery: Infinity`. */
  readonly session: Session;
  readonly monitor: PerformanceMonitor;
  /** Of the beats: every rhythm has its beat 0 at this clock's 0. */
  readonly clock: Clock;
  /** When a candle is decided on, ms since the Unix epoch; asked as that is about to be done. */
  readonly now: (candle: Candle) => number;
  /** Candles that may wait for their beat, or for their analysis; at least 1. */
  readonly capacityCandles: number;
  /** Decisions after which the next planning beat keeps a snapshot; at least 1. */
  readonly snapshotEvery: number;
  /** Told each answer in the order of the candles, after candle and receipt are kept. */
  readonly answer: (answer: LiveAnswer) => void;
  /** Called at each beat of response before candles are taken: offer what is ready by now. */
  readonly gather?: () => void;
  /** Called at each beat of planning. */
  readonly planned?: (report: LiveReport) => void;
}

export interface LiveReport {
  readonly rhythms: Readonly<Record<WorkRhythm, BeatFigures>>;
  /** Candles that wait for their beat. */
  readonly waiting: number;
  /** Candles turned away because too many waited. */
  readonly refused: number;
  /** Candles that one beat of response may take, so that the other rhythms have their time. */
  readonly quotaCandles: number;
  readonly pattern: MarketPicture;
  /** Decisions at the last snapshot that a planning beat kept. */
  readonly snapshotAt: number;
}

interface Pending {
  answer: LiveAnswer;
  /** Whether nothing more is waited for, such as the memory's answer. */
  settled: boolean;
}

/** Part of a period of response that deciding may fill. */
const RESPONSE_SHARE = 0.5;

/** A beat that was announced a little early counts as due; the next one is 25 ms away. */
const EARLY_NS = 1_000_000;

/**
 * A session's work laid on rhythms: gamma takes what has arrived and decides; beta analyses what
 * was decided; theta looks for patterns; delta plans: how much a beat may take, and when a snapshot
 * is due.
 *
 * Rhythms say when work is done and nothing of what is decided: candles are decided in the order
 * they were offered, by `Session.push`, so the journal is the one of a session that is pushed the
 * same candles at the same times.
 */
export class LiveRuntime {
  readonly #options: LiveOptions;
  readonly #orchestrator: Orchestrator;
  readonly #beats: Readonly<Record<WorkRhythm, BeatRecord>>;
  readonly #duration = new BatchPredictor({ weight: 1 / 16, margin: 4 });
  readonly #pattern = new RegimePattern();
  readonly #arrived: Candle[] = [];
  readonly #pending: Pending[] = [];
  /** How many of those pending were answered. */
  #told = 0;
  /** Done when the memory has answered every decision so far. */
  #exchanged: Promise<void> = Promise.resolve();
  #refused = 0;
  #quota: number;
  #picture: MarketPicture;
  #snapshotAt: number;
  #failure: { readonly error: unknown } | undefined;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(options: LiveOptions) {
    requireCount('capacityCandles', options.capacityCandles);
    requireCount('snapshotEvery', options.snapshotEvery);
    this.#options = options;
    this.#quota = options.capacityCandles;
    this.#picture = this.#pattern.picture();
    this.#snapshotAt = options.session.decisions;
    this.#beats = {
      gamma: new BeatRecord(),
      beta: new BeatRecord(),
      theta: new BeatRecord(),
      delta: new BeatRecord(),
    };
    this.#orchestrator = new Orchestrator({
      clock: options.clock,
      capacityEvents: 4,
      batchNs: EARLY_NS,
      lateNs: RHYTHMS_NS.gamma,
      onFailure: (error) => (this.#failure ??= { error }),
    });
    this.#subscribe('gamma', 0, () => this.#respond(this.#quota));
    this.#subscribe('beta', 1, () => this.#analyse());
    this.#subscribe('theta', 2, () => (this.#picture = this.#pattern.picture()));
    this.#subscribe('delta', 3, () => this.#plan());
  }

  /**
   * Leaves a candle for the next beat of response.
   *
   * @returns false when as many wait as may: offer it again after a beat.
   */
  offer(candle: Candle): boolean {
    if (this.#arrived.length >= this.#options.capacityCandles) {
      this.#refused++;
      return false;
    }
    this.#arrived.push(candle);
    return true;
  }

  /**
   * Does the work of every rhythm whose beat is due, and returns at once when none is.
   *
   * @throws whatever a candle's decision threw; the session is then to be opened anew.
   */
  beat(): void {
    this.#orchestrator.runDue();
    this.#throwFailure();
  }

  /** Waits and works until `endNs` by the runtime's clock. Throws as `beat` does. */
  async run(waiter: Waiter, endNs: number): Promise<void> {
    await this.#orchestrator.run(waiter, endNs);
    this.#throwFailure();
  }

  /** Does all work that waits, of every rhythm, and keeps a snapshot. Throws as `beat` does. */
  async finish(): Promise<void> {
    while (this.#arrived.length + this.#pending.length > 0) {
      this.#respond(Infinity);
      await this.#exchanged;
      this.#throwFailure();
      this.#analyse();
    }
    this.#picture = this.#pattern.picture();
    if (this.#options.session.decisions > 0) this.#snapshot();
  }

  report(): LiveReport {
    const { gamma, beta, theta, delta } = this.#beats;
    return {
      rhythms: {
        gamma: gamma.figures(),
        beta: beta.figures(),
        theta: theta.figures(),
        delta: delta.figures(),
      },
      waiting: this.#arrived.length,
      refused: this.#refused,
      quotaCandles: this.#quota,
      pattern: this.#picture,
      snapshotAt: this.#snapshotAt,
    };
  }

  #subscribe(rhythm: WorkRhythm, priority: number, work: () => void): void {
    const schedule = new RhythmSchedule(this.#orchestrator, { startNs: 0 });
    const run = (beat: Beat): void => {
      this.#beats[rhythm].add(beat);
      if (this.#failure === undefined) work();
    };
    schedule.subscribe(rhythm, this.#options.clock.nowNs(), { priority, run });
  }

  /** Immediate response: decides on what has arrived, and answers. */
  #respond(most: number): void {
    const { clock, capacityCandles, gather } = this.#options;
    gather?.();
    for (let taken = 0; taken < most && this.#pending.length < capacityCandles; taken++) {
      const candle = this.#arrived.shift();
      if (candle === undefined) return;
      const startedNs = clock.nowNs();
      this.#decide(candle);
      this.#duration.observe(Math.max(0, clock.nowNs() - startedNs));
      this.#tell();
    }
  }

  #decide(candle: Candle): void {
    const { session, now } = this.#options;
    const given = session.push(candle, now(candle));
    const exchange = given.step && session.preserve(given.step);
    const settled = exchange === undefined;
    const pending: Pending = { answer: { ...given, candle, memory: undefined }, settled };
    this.#pending.push(pending);
    if (settled) return;
    this.#exchanged = exchange.then(
      (memory) => {
        pending.answer = { ...pending.answer, memory };
        pending.settled = true;
        this.#tell();
      },
      (error: unknown) => {
        this.#failure ??= { error };
        pending.settled = true;
      },
    );
  }

  /** Gives the answers that nothing is missing from, up to the first from which something is. */
  #tell(): void {
    while (this.#pending[this.#told]?.settled === true) {
      this.#options.answer(this.#pending[this.#told].answer);
      this.#told++;
    }
  }

  /** Analysis: how well the decisions were made, and what they saw. */
  #analyse(): void {
    for (const { answer } of this.#pending.splice(0, this.#told)) {
      if (answer.step === undefined) continue;
      this.#options.monitor.record(answer.step, answer.memory);
      this.#pattern.add(answer.step.receipt);
    }
    this.#told = 0;
  }

  /** Planning: the next beats' quota, the snapshot, and a report. */
  #plan(): void {
    const { session, capacityCandles, snapshotEvery, planned } = this.#options;
    const allowedNs = this.#duration.allowedNs();
    const fitting =
      allowedNs === undefined || allowedNs === 0
        ? capacityCandles
        : Math.floor((RESPONSE_SHARE * RHYTHMS_NS.gamma) / allowedNs);
    this.#quota = Math.min(capacityCandles, Math.max(1, fitting));
    if (session.decisions - this.#snapshotAt >= snapshotEvery) this.#snapshot();
    planned?.(this.report());
  }

  #snapshot(): void {
    this.#options.session.checkpoint();
    this.#snapshotAt = this.#options.session.decisions;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function requireCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new QarError('BAD_CONFIGURATION', `${name} ${value} is not a whole number above 0`);
}
