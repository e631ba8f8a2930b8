import { PortError } from './port-error.ts';
import type { Kept, StoredRecord } from './ports.ts';

export interface RecordLimits {
  /** Of one subject: the oldest go. */
  readonly perSubject: number;
  /** Of all: no more are taken. */
  readonly records: number;
  readonly bytes: number;
  readonly subjects: number;
}

interface Subject {
  readonly records: StoredRecord[];
  readonly positions: Map<string, number>;
}

/**
 * Records by subject, in memory. Positions count over all subjects, as they do in a broker's
 * stream, so that nobody comes to rely on a subject's being dense.
 */
export class SubjectRecords {
  readonly #limits: RecordLimits;
  readonly #subjects = new Map<string, Subject>();
  #position = 0;
  #records = 0;
  #bytes = 0;

  constructor(limits: RecordLimits) {
    this.#limits = limits;
  }

  /** Where the record of this id is, as long as it is kept. */
  positionOf(subject: string, id: string): number | undefined {
    return this.#subjects.get(subject)?.positions.get(id);
  }

  /** @throws {PortError} `FULL` */
  add(subject: string, id: string, bytes: Uint8Array): Kept {
    const { perSubject } = this.#limits;
    this.#checkRoom(subject, bytes);
    const kept: Subject = this.#subjects.get(subject) ?? { records: [], positions: new Map() };
    this.#subjects.set(subject, kept);
    const position = ++this.#position;
    kept.records.push({ position, id, bytes: new Uint8Array(bytes) });
    kept.positions.set(id, position);
    this.#records++;
    this.#bytes += bytes.length;
    if (kept.records.length > perSubject) this.#dropOldest(kept);
    return { position, duplicate: false };
  }

  last(subject: string): StoredRecord | undefined {
    return copyOf(this.#subjects.get(subject)?.records.at(-1));
  }

  /** The first record of a subject after a position. O(log records). */
  next(subject: string, after: number): StoredRecord | undefined {
    const records = this.#subjects.get(subject)?.records ?? [];
    let low = 0;
    let high = records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (records[middle].position > after) high = middle;
      else low = middle + 1;
    }
    return copyOf(records[low]);
  }

  #checkRoom(subject: string, bytes: Uint8Array): void {
    const { records, bytes: totalBytes, subjects } = this.#limits;
    if (this.#records >= records) {
      throw new PortError('FULL', `${this.#records} records are kept, and no more`);
    }
    if (this.#bytes + bytes.length > totalBytes) {
      throw new PortError('FULL', `${totalBytes} bytes are kept, and no more`);
    }
    if (!this.#subjects.has(subject) && this.#subjects.size >= subjects) {
      throw new PortError('FULL', `${subjects} subjects are kept, and no more`);
    }
  }

  #dropOldest({ records, positions }: Subject): void {
    const dropped = records.shift();
    if (dropped === undefined) return;
    // The id may have come again since.
    if (positions.get(dropped.id) === dropped.position) positions.delete(dropped.id);
    this.#records--;
    this.#bytes -= dropped.bytes.length;
  }
}

function copyOf(record: StoredRecord | undefined): StoredRecord | undefined {
  return record && { ...record, bytes: new Uint8Array(record.bytes) };
}
