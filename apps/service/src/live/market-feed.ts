import type { CandleSink } from './candle-sink.ts';
import type { CandleSource } from './candle-source.ts';

export interface FeedOptions {
  readonly symbol: string;
  /** Ms since the Unix epoch. */
  readonly now: () => number;
  /** Resolves after so many ms, or at once when the signal is given. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

export interface FeedStatus {
  readonly symbol: string;
  /** Candles taken since the feed began. */
  readonly taken: number;
  /** Candles that were refused, of another value than before or invalid. */
  readonly refused: number;
  /** Open time of the newest candle taken; null before the first. */
  readonly lastTime: number | null;
  /** Failures in a row; 0 while all is well. */
  readonly failures: number;
  readonly lastFailure: string | null;
}

const PAGE = 500;
/** After a candle's close, so that the exchange has written it down. */
const SETTLE_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
const FIRST_RETRY_MS = 1000;

/**
 * Feeds a market the closed candles of an exchange: first what is missing since the last one kept,
 * or a whole window, then each as it closes. A failure of the exchange or of the sink is tried
 * again after 1, 2, 4 … 60 s; the market meanwhile gets nothing, and so decides nothing.
 */
export class MarketFeed {
  readonly #sink: CandleSink;
  readonly #source: CandleSource;
  readonly #options: FeedOptions;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #taken = 0;
  #refused = 0;
  #lastTime: number | undefined;
  #failures = 0;
  #lastFailure: string | null = null;

  constructor(sink: CandleSink, source: CandleSource, options: FeedOptions) {
    this.#sink = sink;
    this.#source = source;
    this.#options = options;
    this.#lastTime = sink.lastTime;
    this.#ended = this.#run();
  }

  get status(): FeedStatus {
    return {
      symbol: this.#options.symbol,
      taken: this.#taken,
      refused: this.#refused,
      lastTime: this.#lastTime ?? null,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
    };
  }

  /** Resolves when what was being fed has been taken. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let waitMs: number;
      try {
        waitMs = (await this.#fetch()) ? 0 : this.#untilNext();
        this.#failures = 0;
        this.#lastFailure = null;
      } catch (error) {
        waitMs = Math.min(LONGEST_WAIT_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 6));
        this.#failures++;
        // Its kind and no more: the text may hold an address with a key in it.
        this.#lastFailure = error instanceof Error ? error.name : 'unknown';
        this.#options.onFailure(error);
      }
      if (waitMs > 0) await this.#options.wait(waitMs, signal);
    }
  }

  /** Takes one page; true when there may be another one now. */
  async #fetch(): Promise<boolean> {
    const { symbol, now } = this.#options;
    const { intervalMs } = this.#sink;
    const since = this.#since();
    const rows = await this.#source.candles(symbol, intervalMs, since, PAGE);
    const closedBy = now();
    const closed = rows.filter(({ time }) => time >= since && time + intervalMs <= closedBy);
    if (closed.length === 0 || this.#stop.signal.aborted) return false;
    for await (const { time, outcome } of this.#sink.take(closed)) {
      if (outcome === 'refused') this.#refused++;
      else this.#lastTime = time;
      if (outcome === 'taken') this.#taken++;
      if (this.#stop.signal.aborted) return false;
    }
    return rows.length >= PAGE;
  }

  #since(): number {
    const { intervalMs, windowCandles } = this.#sink;
    if (this.#lastTime !== undefined) return this.#lastTime + intervalMs;
    const current = Math.floor(this.#options.now() / intervalMs) * intervalMs;
    return current - windowCandles * intervalMs;
  }

  #untilNext(): number {
    const { intervalMs } = this.#sink;
    const now = this.#options.now();
    const nextClose = (Math.floor(now / intervalMs) + 1) * intervalMs;
    return Math.min(LONGEST_WAIT_MS, nextClose - now + SETTLE_MS);
  }
}
