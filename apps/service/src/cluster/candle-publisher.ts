import { candleFault } from '@sema/qar';
import type { Candle } from '@sema/qar';
import type { Bus, Kept, Ports } from '@sema/qar/ports';
import { decodeMessage, encodeMessage } from './candle-message.ts';
import { ClusterError } from './cluster-error.ts';
import { candleId } from './cluster-market.ts';
import type { MarketNames } from './cluster-market.ts';
import { keepChange } from './model-change.ts';
import type { ModelChange } from './model-change.ts';

/**
 * Puts the candles of one market where its owner follows them, each with the time of the one
 * before. A candle that is there already is kept once.
 */
export class CandlePublisher {
  readonly #bus: Bus;
  readonly #names: MarketNames;
  #last: number | null;

  /** @param last - time of the last candle published, null before the first. */
  constructor(bus: Bus, names: MarketNames, last: number | null) {
    this.#bus = bus;
    this.#names = names;
    this.#last = last;
  }

  /** Goes on after what is there. */
  static async resume(bus: Bus, names: MarketNames): Promise<CandlePublisher> {
    return new CandlePublisher(bus, names, await lastCandleTime(bus, names.candles));
  }

  /** Time of the last candle published, null before the first. */
  get last(): number | null {
    return this.#last;
  }

  /**
   * When it throws `UNAVAILABLE`, publish the same candle again.
   *
   * @throws {ClusterError} `BAD_CANDLE` for one that is no candle or older than the last.
   * @throws {PortError}
   */
  async publish(candle: Candle): Promise<Kept> {
    const fault = candleFault(candle);
    if (fault !== undefined) throw new ClusterError('BAD_CANDLE', fault.message);
    if (this.#last !== null && candle.time <= this.#last) {
      const times = `${String(candle.time)} is not after ${String(this.#last)}`;
      throw new ClusterError('BAD_CANDLE', times);
    }
    const message = encodeMessage({ kind: 'candle', candle, after: this.#last });
    const id = candleId(this.#names.market, candle.time);
    const kept = await this.#bus.publish(this.#names.candles, id, message);
    this.#last = candle.time;
    return kept;
  }
}

/** Time of the newest candle of a subject, whatever else was announced after it. */
async function lastCandleTime(bus: Bus, subject: string): Promise<number | null> {
  const newest = await bus.last(subject);
  if (newest === undefined) return null;
  const signal = new AbortController().signal;
  // Nearly always the newest is a candle, and the first look finds it.
  for (let back = 1; ; back *= 2) {
    const from = Math.max(0, newest.position - back);
    let time: number | null = null;
    for await (const { position, bytes } of bus.follow(subject, from, signal)) {
      const message = decodeMessage(bytes);
      if (message?.kind === 'candle') time = message.candle.time;
      if (position >= newest.position) break;
    }
    if (time !== null || from === 0) return time;
  }
}

/**
 * Has a market decided by another configuration or model from the first candle of time `from` on,
 * or from the first that is published after it if that is later. What is announced last, stands.
 *
 * @throws {PortError}
 */
export async function announceChange(
  { blobs, bus }: Pick<Ports, 'blobs' | 'bus'>,
  names: MarketNames,
  change: ModelChange,
  from: number,
): Promise<Kept> {
  const kept = await keepChange(blobs, change);
  const id = `${names.market}/change/${kept.sha256.slice(0, 16)}/${String(from)}`;
  return bus.publish(names.candles, id, encodeMessage({ kind: 'change', from, ...kept }));
}
