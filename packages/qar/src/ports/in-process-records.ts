import { PortError } from './port-error.ts';
import type { Bus, JournalLog, Kept, StoredRecord } from './ports.ts';
import { checkCount, checkName, checkSize } from './port-rules.ts';
import type { PortState } from './port-state.ts';
import { SubjectRecords } from './subject-records.ts';
import type { Wakeups } from './wakeups.ts';

export class InProcessBus implements Bus {
  readonly #state: PortState;
  readonly #wakeups: Wakeups;
  readonly #records: SubjectRecords;

  constructor(state: PortState, wakeups: Wakeups) {
    const { messagesPerSubject, names, totalBytes } = state.limits;
    this.#state = state;
    this.#wakeups = wakeups;
    this.#records = new SubjectRecords({
      perSubject: messagesPerSubject,
      records: Infinity,
      bytes: totalBytes,
      subjects: names,
    });
  }

  publish(subject: string, id: string, bytes: Uint8Array): Promise<Kept> {
    return this.#state.answer(() => {
      checkRecord(this.#state, subject, id, bytes);
      const known = this.#records.positionOf(subject, id);
      if (known !== undefined) return { position: known, duplicate: true };
      const kept = this.#records.add(subject, id, bytes);
      this.#wakeups.wake(subject);
      return kept;
    });
  }

  async *follow(subject: string, after: number, signal: AbortSignal): AsyncGenerator<StoredRecord> {
    checkFrom(this.#state, subject, after);
    let position = after;
    while (!signal.aborted) {
      this.#state.checkOpen();
      const record = this.#records.next(subject, position);
      if (record === undefined) {
        await this.#wakeups.wait(subject, signal);
        continue;
      }
      position = record.position;
      yield record;
    }
  }

  last(subject: string): Promise<StoredRecord | undefined> {
    return this.#state.answer(() => {
      checkName('subject', subject);
      return this.#records.last(subject);
    });
  }
}

export class InProcessJournal implements JournalLog {
  readonly #state: PortState;
  readonly #records: SubjectRecords;

  constructor(state: PortState) {
    const { journalRecords, names, totalBytes } = state.limits;
    this.#state = state;
    this.#records = new SubjectRecords({
      perSubject: Infinity,
      records: journalRecords,
      bytes: totalBytes,
      subjects: names,
    });
  }

  append(subject: string, id: string, bytes: Uint8Array, after: number): Promise<Kept> {
    return this.#state.answer(() => {
      checkRecord(this.#state, subject, id, bytes);
      checkCount('position', after);
      const newest = this.#records.last(subject)?.position ?? 0;
      if (newest === after) return this.#records.add(subject, id, bytes);
      const next = this.#records.next(subject, after);
      if (next?.id === id) return { position: next.position, duplicate: true };
      throw new PortError('CONFLICT', `the newest of ${subject} is at ${newest}, not at ${after}`);
    });
  }

  async *read(subject: string, after: number): AsyncGenerator<StoredRecord> {
    checkFrom(this.#state, subject, after);
    const newest = this.#records.last(subject)?.position ?? 0;
    for (let position = after; position < newest;) {
      const from = position;
      const record = await this.#state.answer(() => this.#records.next(subject, from));
      if (record === undefined) return;
      position = record.position;
      yield record;
    }
  }

  last(subject: string): Promise<StoredRecord | undefined> {
    return this.#state.answer(() => {
      checkName('subject', subject);
      return this.#records.last(subject);
    });
  }
}

function checkRecord(state: PortState, subject: string, id: string, bytes: Uint8Array): void {
  checkName('subject', subject);
  checkName('id', id);
  checkSize('a record', bytes, state.limits.recordBytes);
}

function checkFrom(state: PortState, subject: string, after: number): void {
  state.checkOpen();
  checkName('subject', subject);
  checkCount('position', after);
}
