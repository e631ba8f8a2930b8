import { setTimeout as wait } from 'node:timers/promises';
import type { Candle, Candles } from '@sema/qar';
import type { ClusterSink } from '@sema/service/cluster';
import type { ClusterModule } from './cluster-module.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** How soon a signal is noticed while nothing else happens. */
const SLICE_MS = 100;

export interface FileFeedOptions {
  /** Asked at every candle; gives up by throwing. */
  readonly breathe: () => Promise<void>;
  /** Told why nothing goes on, and not again before something did. */
  readonly onWait: (why: string) => void;
  readonly onProgress: (done: number) => void;
}

/** How many candles of a file became what. */
export interface FileFed {
  published: number;
  /** Not after the last that was there. */
  leftOut: number;
  refused: number;
}

/**
 * Puts all candles of a file into a cluster. While the broker is away, or nodes have too much
 * before them, it waits for 0.1, 0.2, 0.4 … 5 s and tries again.
 *
 * @throws {PortError} other than `UNAVAILABLE`, and whatever `breathe` throws.
 */
export async function feedFile(
  sink: ClusterSink,
  candles: Candles,
  cluster: ClusterModule,
  { breathe, onWait, onProgress }: FileFeedOptions,
): Promise<FileFed> {
  const fed: FileFed = { published: 0, leftOut: 0, refused: 0 };
  let waitMs = FIRST_WAIT_MS;
  for (let done = 0; ;) {
    try {
      for await (const { outcome } of sink.take(candlesFrom(candles, done))) {
        fed[COUNTED[outcome]]++;
        onProgress(++done);
        waitMs = FIRST_WAIT_MS;
        await breathe();
      }
      return fed;
    } catch (error) {
      if (!passes(error, cluster)) throw error;
      if (waitMs === FIRST_WAIT_MS) onWait(error.message);
    }
    await calmly(waitMs, breathe);
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }
}

const COUNTED = { taken: 'published', there: 'leftOut', refused: 'refused' } as const;

/** Whether the same can be tried again later. */
function passes(error: unknown, { ClusterError, PortError }: ClusterModule): error is Error {
  if (error instanceof PortError) return error.code === 'UNAVAILABLE';
  return error instanceof ClusterError && error.code === 'NODES_BEHIND';
}

async function calmly(ms: number, breathe: () => Promise<void>): Promise<void> {
  const until = performance.now() + ms;
  for (let left = ms; left > 0; left = until - performance.now()) {
    await breathe();
    await wait(Math.min(left, SLICE_MS));
  }
}

function* candlesFrom(candles: Candles, from: number): Generator<Candle> {
  const { time, open, high, low, close, volume } = candles;
  for (let i = from; i < candles.length; i++) {
    yield {
      time: time[i],
      open: open[i],
      high: high[i],
      low: low[i],
      close: close[i],
      volume: volume[i],
    };
  }
}
