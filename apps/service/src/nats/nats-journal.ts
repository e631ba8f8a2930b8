import { checkCount, checkName, checkSize, PortError } from '@sema/qar/ports';
import type { JournalLog, Kept, StoredRecord } from '@sema/qar/ports';
import { setTimeout as wait } from 'node:timers/promises';
import type { NatsLink } from './nats-link.ts';
import { idHeaders, NatsRecords } from './nats-records.ts';
import { streamNames } from './nats-streams.ts';

/** Between two looks for a record that the leader has and a replica does not yet. */
const BEHIND_MS = 20;

export class NatsJournal implements JournalLog {
  readonly #link: NatsLink;
  readonly #records: NatsRecords;

  constructor(link: NatsLink) {
    this.#link = link;
    this.#records = new NatsRecords(link, streamNames(link.settings.prefix).journal);
  }

  /**
   * Appended on the condition that the broker itself checks, so that of two writers one is refused.
   * It is not told the id to remember: what came of an append whose answer was lost is in the
   * journal, where the next attempt finds it, however late.
   */
  async append(subject: string, id: string, bytes: Uint8Array, after: number): Promise<Kept> {
    checkName('subject', subject);
    checkName('id', id);
    checkCount('position', after);
    checkSize('a record', bytes, this.#link.settings.limits.recordBytes);
    const expect = { lastSubjectSequence: after };
    try {
      const { seq } = await this.#link.insist(subject, () =>
        this.#link.js.publish(this.#records.wire(subject), bytes, {
          headers: idHeaders(id),
          expect,
        }),
      );
      return { position: seq, duplicate: false };
    } catch (error) {
      if (!(error instanceof PortError && error.code === 'CONFLICT')) throw error;
      const next = await this.#records.following(subject, after);
      if (next?.id === id) return { position: next.position, duplicate: true };
      const message = `${subject} is not at ${after}: ${error.message}`;
      throw new PortError('CONFLICT', message, { cause: error });
    }
  }

  async *read(subject: string, after: number): AsyncGenerator<StoredRecord> {
    checkName('subject', subject);
    checkCount('position', after);
    const newest = (await this.#records.last(subject))?.position ?? 0;
    for (let position = after; position < newest;) {
      const record = await this.#read(subject, position);
      if (record.position > newest) return;
      position = record.position;
      yield record;
    }
  }

  async last(subject: string): Promise<StoredRecord | undefined> {
    checkName('subject', subject);
    return this.#records.last(subject);
  }

  /** A record that is known to be there. */
  async #read(subject: string, after: number): Promise<StoredRecord> {
    const until = performance.now() + this.#link.settings.requestTimeoutMs;
    for (;;) {
      const record = await this.#records.next(subject, after);
      if (record !== undefined) return record;
      if (performance.now() > until) {
        throw new PortError('UNAVAILABLE', `no replica has what follows ${after} of ${subject}`);
      }
      await wait(BEHIND_MS);
    }
  }
}
