import { checkCount, checkName, checkSize, PortError } from '@sema/qar/ports';
import type { Bus, Kept, StoredRecord } from '@sema/qar/ports';
import { Hints } from './hints.ts';
import type { NatsLink } from './nats-link.ts';
import { idHeaders, NatsRecords } from './nats-records.ts';
import { streamNames } from './nats-streams.ts';

/** How often a follower asks without having been told that there is something. */
const POLL_MS = 1000;
/** How soon it asks again for what it was told of, doubled until {@link POLL_MS}. */
const FIRST_MS = 1;

export class NatsBus implements Bus {
  readonly #link: NatsLink;
  readonly #records: NatsRecords;

  constructor(link: NatsLink) {
    this.#link = link;
    this.#records = new NatsRecords(link, streamNames(link.settings.prefix).bus);
  }

  async publish(subject: string, id: string, bytes: Uint8Array): Promise<Kept> {
    checkName('subject', subject);
    checkName('id', id);
    checkSize('a message', bytes, this.#link.settings.limits.recordBytes);
    const wire = this.#records.wire(subject);
    const { seq, duplicate } = await this.#link.insist(subject, () =>
      // The broker remembers ids for all subjects of a stream at once.
      this.#link.js.publish(wire, bytes, { headers: idHeaders(id), msgID: `${wire} ${id}` }),
    );
    return { position: seq, duplicate };
  }

  /**
   * Records are always read from the stream, one after the other. That the subject was spoken on is
   * only a hint to look at once: it comes before the record is kept, or never, and nothing is lost.
   */
  async *follow(subject: string, after: number, signal: AbortSignal): AsyncGenerator<StoredRecord> {
    checkName('subject', subject);
    checkCount('position', after);
    this.#link.checkOpen();
    const { connection, closing } = this.#link;
    using hints = new Hints(connection, this.#records.wire(subject));
    const over = AbortSignal.any([signal, closing]);
    let position = after;
    let pauseMs = POLL_MS;
    while (!signal.aborted) {
      this.#link.checkOpen();
      const heard = hints.count;
      const record = await this.#next(subject, position);
      if (signal.aborted) return;
      if (record !== undefined) {
        position = record.position;
        pauseMs = FIRST_MS;
        yield record;
        continue;
      }
      if (hints.count !== heard) pauseMs = FIRST_MS;
      const isHinted = await hints.wait(pauseMs, over);
      pauseMs = isHinted ? FIRST_MS : Math.min(POLL_MS, 2 * pauseMs);
    }
  }

  async last(subject: string): Promise<StoredRecord | undefined> {
    checkName('subject', subject);
    return this.#records.last(subject);
  }

  /** Nothing also while the broker is away: a follower waits for it to come back. */
  async #next(subject: string, after: number): Promise<StoredRecord | undefined> {
    try {
      return await this.#records.next(subject, after);
    } catch (error) {
      if (error instanceof PortError && error.code === 'UNAVAILABLE') return undefined;
      throw error;
    }
  }
}
