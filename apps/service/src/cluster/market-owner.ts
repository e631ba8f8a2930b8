import type { DecisionReceipt } from '@sema/qar';
import { PortError } from '@sema/qar/ports';
import type { Ports } from '@sema/qar/ports';
import { decodeMessage } from './candle-message.ts';
import { CandleOrder } from './candle-order.ts';
import type { OrderedCandle } from './candle-order.ts';
import { candleId, marketNames, timeOfId } from './cluster-market.ts';
import type { ClusterMarket, MarketNames } from './cluster-market.ts';
import { encodeRecord } from './journal-record.ts';
import type { JournalRecord } from './journal-record.ts';
import { decisionOf, rebuildReplica } from './market-history.ts';
import type { RebuiltReplica } from './market-history.ts';
import { fetchChange } from './model-change.ts';
import type { Replica, ReplicaOptions } from './replica.ts';
import { encodeReplica } from './replica-snapshot.ts';

export interface OwnerOptions extends Pick<ReplicaOptions, 'key' | 'clock'> {
  readonly ports: Ports;
  /** Resolves after so long, or as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Records between two snapshots. */
  readonly snapshotEvery: number;
  /** How long to wait until a market that failed is opened anew, ms. */
  readonly retryMs: number;
  readonly events: OwnerEvents;
}

/** Who is told what happens to the markets of a node; each argument is the market's name. */
export interface OwnerEvents {
  /** Its end was found: this many records were decided again for it. */
  opened(market: string, repeated: number): void;
  /** A candle's record is kept, and its decision, if there is one, is published. */
  kept(market: string, receipt: DecisionReceipt | undefined): void;
  /** It was given up, and is opened anew after a while. */
  failed(market: string, error: unknown): void;
}

export interface OwnerStatus {
  readonly market: string;
  readonly state: 'opening' | 'open' | 'failed';
  /** Decisions since the last change of the model. */
  readonly decisions: number;
  /** Time of the last candle of the journal, ms; null before the first. */
  readonly lastTime: number | null;
}

/**
 * Owns one market: decides on its candles in order and keeps one record for each.
 *
 * A record is appended at the end of the journal that was read, or not at all, so of two owners
 * only one goes on; the other gives up what it has and reads again. A decision is published when
 * its record is kept, and after a start all that might not have been are published again, by ids
 * that make them known.
 */
export class MarketOwner {
  readonly names: MarketNames;
  readonly #market: ClusterMarket;
  readonly #options: OwnerOptions;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #state: OwnerStatus['state'] = 'opening';
  #now: { replica: Replica; place: RebuiltReplica['place']; position: number } | undefined;
  #shown: Pick<OwnerStatus, 'decisions' | 'lastTime'> = { decisions: 0, lastTime: null };
  #sinceSnapshot = 0;

  constructor(market: ClusterMarket, options: OwnerOptions) {
    this.names = marketNames(market.venue, market.pair);
    this.#market = market;
    this.#options = options;
    this.#ended = this.#run(this.#stopping.signal);
  }

  get status(): OwnerStatus {
    return { market: this.names.market, state: this.#state, ...this.#shown };
  }

  /** Finishes the candle in hand and keeps a snapshot, so that the next owner starts at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { sleep, retryMs, events } = this.#options;
    while (!signal.aborted) {
      this.#state = 'opening';
      try {
        await this.#open();
        await this.#follow(signal);
        if (this.#sinceSnapshot > 0) await this.#keepSnapshot();
      } catch (error) {
        this.#state = 'failed';
        events.failed(this.names.market, error);
      } finally {
        this.#now?.replica[Symbol.dispose]();
        this.#now = undefined;
      }
      await sleep(retryMs, signal);
    }
  }

  async #open(): Promise<void> {
    const { ports, key, clock, events } = this.#options;
    const { market, decisions } = this.names;
    const last = await ports.bus.last(decisions);
    const published = last === undefined ? -Infinity : (timeOfId(market, last.id) ?? -Infinity);
    const again = async (record: JournalRecord): Promise<void> => {
      if (record.candle.time > published) await this.#publish(record);
    };
    const options = { market, key, clock };
    const rebuilt = await rebuildReplica(ports, this.#market, this.names, options, again);
    const { replica, place, position, repeated } = rebuilt;
    this.#now = { replica, place, position };
    this.#sinceSnapshot = repeated;
    this.#show();
    this.#state = 'open';
    events.opened(market, repeated);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { place } = this.#opened;
    const order = new CandleOrder(place);
    const { bus } = this.#options.ports;
    for await (const { position, bytes } of bus.follow(this.names.candles, place.after, signal)) {
      order.offer(position, decodeMessage(bytes));
      for (let next = order.next(); next !== undefined; next = order.next()) {
        if (signal.aborted) return;
        await this.#take(next);
      }
    }
  }

  async #take({ candle, change: announced, place }: OrderedCandle): Promise<void> {
    const now = this.#opened;
    const { ports, snapshotEvery, events } = this.#options;
    const change = announced && (await fetchChange(ports.blobs, announced));
    const { lines, decision } = now.replica.take(candle, change);
    const record = { candle, place, change: announced, lines };
    const id = candleId(this.names.market, candle.time);
    const bytes = encodeRecord(record);
    const kept = await ports.journal.append(this.names.journal, id, bytes, now.position);
    if (kept.duplicate) {
      // Whoever wrote it may have been somebody else, who read the messages up to another place.
      throw new PortError('CONFLICT', `${id} is kept already`);
    }
    now.position = kept.position;
    now.place = place;
    await this.#publish(record);
    this.#show();
    events.kept(this.names.market, decision?.receipt);
    this.#sinceSnapshot++;
    if (this.#sinceSnapshot >= snapshotEvery) await this.#keepSnapshot();
  }

  /** Puts a record's decision where everybody can follow it; without effect when it is there. */
  async #publish(record: JournalRecord): Promise<void> {
    if (decisionOf(record) === undefined) return;
    const id = candleId(this.names.market, record.candle.time);
    const line = new TextEncoder().encode(record.lines[record.lines.length - 1]);
    await this.#options.ports.bus.publish(this.names.decisions, id, line);
  }

  /** Only once every decision in it is published: the next owner does not look before it. */
  async #keepSnapshot(): Promise<void> {
    this.#sinceSnapshot = 0;
    try {
      await this.#options.ports.blobs.put(this.names.snapshot, encodeReplica(this.#opened));
    } catch (error) {
      // Without it the next owner decides more records again, and that is all.
      if (!(error instanceof PortError)) throw error;
    }
  }

  get #opened() {
    if (this.#now === undefined) throw new Error('the market is not open');
    return this.#now;
  }

  #show(): void {
    const { replica, place } = this.#opened;
    this.#shown = { decisions: replica.decisions, lastTime: place.time };
  }
}
