import { setTimeout as wait } from 'node:timers/promises';
import { checkCount, checkName, checkSize, PortError } from '@sema/qar/ports';
import type { JournalLog, Kept, StoredRecord } from '@sema/qar/ports';
import type { NatsLink } from './nats-link.ts';
import { encodeName } from './nats-names.ts';
import { idHeaders, NatsRecords } from './nats-records.ts';
import { streamNames } from './nats-streams.ts';

/** Between two looks for a record that a leader had and its successor does not show yet. */
const BEHIND_MS = 20;

/**
 * A journal is a chain of places, each named after the position that it follows: the record after 0
 * is at `<subject>.@0`, the one after 17 at `<subject>.@17`. A record is written on the condition
 * that its place is empty, which every replica checks as it writes. That a subject's newest is at a
 * given sequence would be the plainer condition, but servers of 2.9 check it in a cluster only
 * before they agree on the order of writes, and let two writers pass at once.
 *
 * Since nothing is ever deleted, no place is filled twice and the chain cannot fork.
 */
export class NatsJournal implements JournalLog {
  readonly #link: NatsLink;
  readonly #records: NatsRecords;
  readonly #subject: string;
  /**
   * Positions that are known to have been the newest of their subjects, for as many as are kept.
   */
  readonly #ends = new Map<string, number>();

  constructor(link: NatsLink) {
    const { stream, subject } = streamNames(link.settings.prefix).journal;
    this.#link = link;
    this.#records = new NatsRecords(link, stream);
    this.#subject = subject;
  }

  async append(subject: string, id: string, bytes: Uint8Array, after: number): Promise<Kept> {
    checkName('subject', subject);
    checkName('id', id);
    checkCount('position', after);
    checkSize('a record', bytes, this.#link.settings.limits.recordBytes);
    const place = this.#place(subject, after);
    const position = (await this.#isPosition(subject, after))
      ? await this.#fill(place, id, bytes)
      : undefined;
    if (position !== undefined) {
      this.#keepEnd(subject, position);
      return { position, duplicate: false };
    }
    // What came of an append whose answer was lost is found here, however late it is asked again.
    const found = await this.#records.last(place);
    if (found?.id === id) return { position: found.position, duplicate: true };
    throw new PortError('CONFLICT', `the newest of ${subject} is not at ${after}`);
  }

  async *read(subject: string, after: number): AsyncGenerator<StoredRecord> {
    checkName('subject', subject);
    checkCount('position', after);
    const newest = (await this.last(subject))?.position ?? 0;
    for (let position = after; position < newest;) {
      const record = await this.#next(subject, position);
      if (record.position > newest) return;
      position = record.position;
      yield record;
    }
  }

  async last(subject: string): Promise<StoredRecord | undefined> {
    checkName('subject', subject);
    const record = await this.#records.last(this.#places(subject));
    if (record !== undefined) this.#keepEnd(subject, record.position);
    return record;
  }

  #place(subject: string, after: number): string {
    return `${this.#subject}${encodeName(subject)}.@${after}`;
  }

  #places(subject: string): string {
    return `${this.#subject}${encodeName(subject)}.*`;
  }

  /** Whether a position is one after which there is a place: the newest, now or once. */
  async #isPosition(subject: string, after: number): Promise<boolean> {
    if (this.#ends.get(subject) === after) return true;
    return ((await this.last(subject))?.position ?? 0) === after;
  }

  /** The record's position; `undefined` when its place is taken. */
  async #fill(place: string, id: string, bytes: Uint8Array): Promise<number | undefined> {
    try {
      const { seq } = await this.#link.write(place, () =>
        this.#link.js.publish(place, bytes, {
          headers: idHeaders(id),
          expect: { lastSubjectSequence: 0 },
        }),
      );
      return seq;
    } catch (error) {
      if (error instanceof PortError && error.code === 'CONFLICT') return undefined;
      throw error;
    }
  }

  #keepEnd(subject: string, position: number): void {
    this.#ends.delete(subject);
    this.#ends.set(subject, position);
    if (this.#ends.size <= this.#link.settings.limits.names) return;
    for (const oldest of this.#ends.keys()) {
      this.#ends.delete(oldest);
      return;
    }
  }

  /** A record that is known to be there. */
  async #next(subject: string, after: number): Promise<StoredRecord> {
    const until = performance.now() + this.#link.settings.requestTimeoutMs;
    for (;;) {
      const record = await this.#records.next(this.#places(subject), after);
      if (record !== undefined) return record;
      if (performance.now() > until) {
        throw new PortError('UNAVAILABLE', `the leader lacks what follows ${after} of ${subject}`);
      }
      await wait(BEHIND_MS);
    }
  }
}
