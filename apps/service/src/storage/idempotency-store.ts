import type { Database, Query } from './database.ts';

export interface KeptAnswer {
  /** Hash of the request's body. */
  readonly request: string;
  readonly status: 200 | 201;
  readonly body: string;
}

type Row = [request: string, status: number, body: string];

const KEPT_MS = 24 * 3_600_000;
/** Beyond so many the oldest answers are forgotten early. */
const MOST_KEPT = 100_000;

/** The answers given under idempotency keys in the last 24 hours. */
export class IdempotencyStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #find: Query<Row>;
  readonly #put: Query<[]>;
  readonly #forgetOld: Query<[]>;
  readonly #forgetMany: Query<[]>;
  readonly #inProgress = new Set<string>();
  #kept = 0;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
    this.#find = database.query(
      'SELECT request, status, body FROM idempotency WHERE key = ? AND created_at > ?',
    );
    this.#put = database.query('INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)');
    this.#forgetOld = database.query('DELETE FROM idempotency WHERE created_at <= ?');
    this.#forgetMany = database.query(
      'DELETE FROM idempotency WHERE key IN ' +
        '(SELECT key FROM idempotency ORDER BY created_at DESC LIMIT -1 OFFSET ?)',
    );
    this.#forget();
  }

  find(key: string): KeptAnswer | undefined {
    const row = this.#find.first(key, this.#now() - KEPT_MS);
    if (row === undefined) return undefined;
    const [request, status, body] = row;
    return { request, status: status === 201 ? 201 : 200, body };
  }

  /** Claims a key until the function that is returned is called; `undefined` when it is claimed. */
  begin(key: string): (() => void) | undefined {
    if (this.#inProgress.has(key)) return undefined;
    this.#inProgress.add(key);
    return () => {
      this.#inProgress.delete(key);
    };
  }

  keep(key: string, { request, status, body }: KeptAnswer): void {
    this.#put.run(key, request, status, body, this.#now());
    this.#kept++;
    if (this.#kept % 1000 === 0) this.#forget();
  }

  #forget(): void {
    this.#database.transaction(() => {
      this.#forgetOld.run(this.#now() - KEPT_MS);
      this.#forgetMany.run(MOST_KEPT);
    });
  }
}
