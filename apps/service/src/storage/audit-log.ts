import type { Database, Query } from './database.ts';

export interface AuditEntry {
  readonly entry: number;
  readonly at: number;
  /** Name of the token, and what the request said of the person. */
  readonly who: string;
  readonly request: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
}

type Row = [
  entry: number,
  at: number,
  who: string,
  request: string,
  action: string,
  subject: string,
  detail: string,
];

/** Every change of state that somebody asked for. It only grows. */
export class AuditLog {
  readonly #now: () => number;
  readonly #add: Query<[]>;
  readonly #page: Query<Row>;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#add = database.query(
      'INSERT INTO audit (at, who, request, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#page = database.query(
      'SELECT entry, at, who, request, action, subject, detail FROM audit ' +
        'WHERE entry > ? ORDER BY entry LIMIT ?',
    );
  }

  add({ who, request, action, subject, detail }: Omit<AuditEntry, 'entry' | 'at'>): void {
    this.#add.run(this.#now(), who, request, action, subject, detail);
  }

  after(entry: number, count: number): AuditEntry[] {
    return this.#page
      .all(entry, count)
      .map(([number, at, who, request, action, subject, detail]) => {
        return { entry: number, at, who, request, action, subject, detail };
      });
  }
}
