import type { Candle } from '@sema/qar';
import { PORT_LIMITS } from '@sema/qar/ports';
import type { Ports } from '@sema/qar/ports';
import type { Clock } from '@sema/timing-buffer';
import type { CandleSink, FedCandle } from '../live/candle-sink.ts';
import { decodeMessage } from './candle-message.ts';
import { CandlePublisher } from './candle-publisher.ts';
import { ClusterError } from './cluster-error.ts';
import { marketNames, timeOfId } from './cluster-market.ts';
import type { ClusterMarket, MarketNames } from './cluster-market.ts';

/** A bus remembers ids for two minutes: by then it must have been asked what others published. */
const KNOWN_NS = 30e9;
/** Candles published until it is asked again how far nodes have come. */
const KNOWN_CANDLES = 10_000;
/** A bus keeps so many messages of a market, of which nodes may have half still before them. */
const MOST_AHEAD = PORT_LIMITS.messagesPerSubject / 2;

type SinkPorts = Pick<Ports, 'bus' | 'journal'>;

/**
 * A market of a cluster: its candles go where its owner follows them. Any number of sources may put
 * candles there at once, in whatever order they come and go: each candle is kept once.
 */
export class ClusterSink implements CandleSink {
  readonly names: MarketNames;
  readonly intervalMs: number;
  readonly windowCandles: number;
  readonly #ports: SinkPorts;
  readonly #clock: Clock;
  /** Undefined when what is there has to be asked before anything else. */
  #publisher: CandlePublisher | undefined;
  #lastTime: number | undefined;
  #lookedNs = 0;
  #publishedSince = 0;
  /** How many intervals nodes have still before them, at most. */
  #ahead = 0;

  private constructor(ports: SinkPorts, market: ClusterMarket, clock: Clock) {
    this.names = marketNames(market.venue, market.pair);
    this.intervalMs = market.configuration.intervalMs;
    this.windowCandles = market.configuration.windowCandles;
    this.#ports = ports;
    this.#clock = clock;
  }

  /** @throws {PortError} */
  static async open(ports: SinkPorts, market: ClusterMarket, clock: Clock): Promise<ClusterSink> {
    const sink = new ClusterSink(ports, market, clock);
    await sink.#look();
    return sink;
  }

  get lastTime(): number | undefined {
    return this.#lastTime;
  }

  /**
   * @throws {ClusterError} `NODES_BEHIND`: later, when nodes have decided more, they can be given.
   * @throws {PortError} `UNAVAILABLE`: they are to be given again, however often.
   */
  async *take(candles: Iterable<Candle>): AsyncGenerator<FedCandle> {
    for (const candle of candles) {
      yield { time: candle.time, outcome: await this.#put(candle) };
    }
  }

  async #put(candle: Candle): Promise<FedCandle['outcome']> {
    const publisher = await this.#current();
    if (publisher.last !== null && candle.time <= publisher.last) return 'there';
    try {
      this.#checkAhead();
      const { duplicate } = await publisher.publish(candle);
      this.#lastTime = candle.time;
      this.#publishedSince++;
      return duplicate ? 'there' : 'taken';
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'BAD_CANDLE') return 'refused';
      // It may be there or not, and so may those of others.
      this.#publisher = undefined;
      throw error;
    }
  }

  async #current(): Promise<CandlePublisher> {
    const isKnown =
      this.#clock.nowNs() - this.#lookedNs < KNOWN_NS && this.#publishedSince < KNOWN_CANDLES;
    return this.#publisher !== undefined && isKnown ? this.#publisher : this.#look();
  }

  async #look(): Promise<CandlePublisher> {
    const lookedNs = this.#clock.nowNs();
    const publisher = await CandlePublisher.resume(this.#ports.bus, this.names);
    const last = publisher.last ?? undefined;
    const decided = last === undefined ? undefined : await this.#decidedTime();
    this.#ahead = last === undefined ? 0 : (last - (decided ?? last)) / this.intervalMs;
    this.#lookedNs = lookedNs;
    this.#publishedSince = 0;
    this.#lastTime = last;
    this.#publisher = publisher;
    return publisher;
  }

  /** Time of the last candle that was decided on; before the first, of the first there is. */
  async #decidedTime(): Promise<number | undefined> {
    const { bus, journal } = this.#ports;
    const record = await journal.last(this.names.journal);
    if (record !== undefined) return timeOfId(this.names.market, record.id);
    for await (const { bytes } of bus.follow(this.names.candles, 0, new AbortController().signal)) {
      const message = decodeMessage(bytes);
      if (message?.kind === 'candle') return message.candle.time;
    }
    return undefined;
  }

  #checkAhead(): void {
    if (this.#ahead <= MOST_AHEAD) return;
    const intervals = String(Math.floor(this.#ahead));
    throw new ClusterError(
      'NODES_BEHIND',
      `nodes are ${intervals} intervals behind the candles of ${this.names.market}`,
    );
  }
}
