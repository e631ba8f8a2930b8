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
  /** Read, and not yet passed on. */
  readonly #queue: FeedItem[] = [];
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

  /** Fulfilled when all of it is on its way, so that input is read no faster than decided on. */
  async take(items: readonly FeedItem[]): Promise<void> {
    this.#queue.push(...items);
    this.#pump();
    while (this.#queue.length > 0) await this.#nextBeat();
  }

  async finish(): Promise<void> {
    do {
      this.#throwFailure();
      await this.#runtime.finish();
      this.#pump();
    } while (this.#queue.length > 0);
    this.#plan(this.#runtime.report(), true);
  }

  /** Passes on what was read, in its order, as far as there is room. */
  #pump(): void {
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      if ('candle' in item) {
        if (!this.#runtime.offer(item.candle)) return;
        this.#offered++;
      } else {
        // What came before it is answered before it.
        if (this.#answered < this.#offered) return;
        this.#paper.say(item.answer);
      }
      this.#queue.shift();
    }
  }

  /** What time alone has made ready comes after what was read before. */
  #gather(): void {
    this.#queue.push(...this.#paper.feed.ready(Date.now()));
    this.#pump();
  }

  #plan(report: LiveReport, atEnd: boolean): void {
    this.#paper.planned({ ...report, timing: this.#metronome?.timingError }, atEnd);
  }

  #beat(): void {
    try {
      if (this.#failure === undefined) {
        this.#runtime.beat();
        this.#pump();
      }
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
