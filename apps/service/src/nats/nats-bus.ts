import { checkCount, checkName, checkSize, PortError } from '@sema/qar/ports';
import type { Bus, Kept, StoredRecord } from '@sema/qar/ports';
import { Hints } from './hints.ts';
import type { NatsLink } from './nats-link.ts';
import { encodeName } from './nats-names.ts';
import { idHeaders, NatsRecords } from './nats-records.ts';
import { streamNames } from './nats-streams.ts';

/** How often a follower asks without having been told that there is something. */
const POLL_MS = 1000;
/** How soon it asks again for what it was told of, doubled until {@link POLL_MS}. */
const FIRST_MS = 1;

export class NatsBus implements Bus {
  readonly #link: NatsLink;
  readonly #records: NatsRecords;
  readonly #subject: string;

  constructor(link: NatsLink) {
    this.#link = link;
    const { stream, subject } = streamNames(link.settings.prefix).bus;
    this.#records = new NatsRecords(link, stream);
    this.#subject = subject;
  }

  async publish(subject: string, id: string, bytes: Uint8Array): Promise<Kept> {
    checkName('subject', subject);
    checkName('id', id);
    checkSize('a message', bytes, this.#link.settings.limits.recordBytes);
    const wire = this.#subject + encodeName(subject);
    const { seq, duplicate } = await this.#link.write(subject, () =>
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
    const wire = this.#subject + encodeName(subject);
    using hints = new Hints(connection, wire);
    const over = AbortSignal.any([signal, closing]);
    let position = after;
    let pauseMs = POLL_MS;
    while (!signal.aborted) {
      this.#link.checkOpen();
      const heard = hints.count;
      const record = await unlessAborted(this.#next(wire, position), over);
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
    return this.#records.last(this.#subject + encodeName(subject));
  }

  /** Nothing also while the broker is away: a follower waits for it to come back. */
  async #next(wire: string, after: number): Promise<StoredRecord | undefined> {
    try {
      return await this.#records.next(wire, after);
    } catch (error) {
      if (error instanceof PortError && error.code === 'UNAVAILABLE') return undefined;
      throw error;
    }
  }
}

/** What comes of the work, or nothing as soon as the signal aborts. */
function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      resolve(undefined);
    };
    signal.addEventListener('abort', stop);
    const forget = () => {
      signal.removeEventListener('abort', stop);
    };
    work.then(resolve, reject).finally(forget);
  });
}
