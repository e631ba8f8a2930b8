import { hrtime } from 'node:process';
import type { Interface } from 'node:readline';
import { LiveRuntime, type LiveAnswer, type LiveReport, type TimingError } from '@sema/qar';
import type { PerformanceMonitor, Session } from '@sema/qar';
import { Metronome } from '../metronome.ts';
import { clockFrom } from '../system-clock.ts';
import type { Feed, FeedItem } from './feed.ts';

export interface LivePaper {
  /** Keeps no snapshots itself. */
  readonly session: Session;
  readonly monitor: PerformanceMonitor;
  readonly feed: Feed;
  /** Decisions between two snapshots. */
  readonly snapshotEvery: number;
  readonly answer: (answer: LiveAnswer) => void;
  /** Takes what a line led to that is no candle. */
  readonly say: (answer: object) => void;
  /** Called twice a second, and when the input has ended. */
  readonly planned: (report: PaperReport, atEnd: boolean) => void;
}

export interface PaperReport extends LiveReport {
  /** Of the metronome's waking. */
  readonly timing: TimingError | undefined;
}

/** More than this and the input waits. */
const CAPACITY = 1024;

/**
 * Decides on candles by the rhythms of a metronome until the input ends. Answers keep the order of
 * the lines.
 */
export async function runLive(lines: Interface, paper: LivePaper): Promise<void> {
  const live = new Live(lines, paper);
  using _ = live.start();
  for await (const line of lines) {
    if (line.trim() !== '') await live.take(paper.feed.take(line, Date.now()));
  }
  await live.finish();
}

class Live {
  readonly #lines: Interface;
  readonly #paper: LivePaper;
  readonly #origin = hrtime();
  readonly #runtime: LiveRuntime;
  #metronome: Metronome | undefined;
  #offered = 0;
  #answered = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(lines: Interface, paper: LivePaper) {
    this.#lines = lines;
    this.#paper = paper;
    const { session, monitor, snapshotEvery } = paper;
    this.#runtime = new LiveRuntime({
      session,
      monitor,
      clock: clockFrom(this.#origin),
      now: () => Date.now(),
      capacityCandles: CAPACITY,
      snapshotEvery,
      gather: () => this.#gather(),
      answer: (answer) => {
        this.#answered++;
        paper.answer(answer);
      },
      planned: (report) => this.#plan(report, false),
    });
  }

  start(): Metronome {
    this.#metronome = new Metronome(
      { origin: this.#origin },
      () => this.#beat(),
      (error) => this.#fail(error),
    );
    return this.#metronome;
  }

  async take(items: readonly FeedItem[]): Promise<void> {
    for (const item of items) {
      if ('candle' in item) {
        while (!this.#runtime.offer(item.candle)) await this.#nextBeat();
        this.#offered++;
      } else {
        // What came before it is answered before it.
        while (this.#answered < this.#offered) await this.#nextBeat();
        this.#paper.say(item.answer);
      }
    }
  }

  async finish(): Promise<void> {
    this.#throwFailure();
    await this.#runtime.finish();
    this.#plan(this.#runtime.report(), true);
  }

  /** What time alone has made ready goes behind what was read before it. */
  #gather(): void {
    for (const item of this.#paper.feed.ready(Date.now())) {
      if (!('candle' in item)) this.#paper.say(item.answer);
      else if (this.#runtime.offer(item.candle)) this.#offered++;
      else throw new Error(`more than ${String(CAPACITY)} candles wait`);
    }
  }

  #plan(report: LiveReport, atEnd: boolean): void {
    this.#paper.planned({ ...report, timing: this.#metronome?.timingError }, atEnd);
  }

  #beat(): void {
    try {
      if (this.#failure === undefined) this.#runtime.beat();
    } catch (error) {
      this.#fail(error);
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
    // Whoever waits for the next line is to wait no longer.
    this.#lines.close();
  }

  async #nextBeat(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
