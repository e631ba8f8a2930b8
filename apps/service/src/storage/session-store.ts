import type { Candle, SessionStore } from '@sema/qar';
import type { Database, Query } from './database.ts';

type CandleRow = [
  time: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

/** The id under which a session keeps the one snapshot it starts from. */
export const LATEST = 'latest';

/** A session's candles, journal and snapshot as rows of the database. */
export class SqliteSessionStore implements SessionStore {
  readonly #market: number;
  readonly #now: () => number;
  readonly #candles: Query<CandleRow>;
  readonly #journal: Query<[line: string]>;
  readonly #snapshot: Query<[bytes: Uint8Array]>;
  readonly #addCandle: Query<[]>;
  readonly #addLine: Query<[]>;
  readonly #putSnapshot: Query<[]>;
  #position: number;
  #lastLine = '';

  constructor(database: Database, market: number, now: () => number) {
    this.#market = market;
    this.#now = now;
    this.#candles = database.query(
      'SELECT time, open, high, low, close, volume FROM candles WHERE market = ? ORDER BY time',
    );
    this.#journal = database.query('SELECT line FROM journal WHERE market = ? ORDER BY position');
    this.#snapshot = database.query('SELECT bytes FROM snapshots WHERE market = ? AND id = ?');
    this.#addCandle = database.query('INSERT INTO candles VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#addLine = database.query('INSERT INTO journal VALUES (?, ?, ?)');
    this.#putSnapshot = database.query(
      'INSERT OR REPLACE INTO snapshots (market, id, sequence, created_at, bytes) ' +
        'VALUES (?, ?, 0, ?, ?)',
    );
    const count = database.query<[count: number]>('SELECT count(*) FROM journal WHERE market = ?');
    this.#position = count.first(market)?.[0] ?? 0;
  }

  /** Journal lines kept: the next one's position. */
  get position(): number {
    return this.#position;
  }

  /** The line appended last. */
  get lastLine(): string {
    return this.#lastLine;
  }

  *candles(): Generator<Candle, void> {
    for (const [time, open, high, low, close, volume] of this.#candles.each(this.#market)) {
      yield { time, open, high, low, close, volume };
    }
  }

  *journal(): Generator<string, void> {
    for (const [line] of this.#journal.each(this.#market)) yield line;
  }

  snapshot(): Uint8Array | undefined {
    return this.#snapshot.first(this.#market, LATEST)?.[0];
  }

  appendCandle({ time, open, high, low, close, volume }: Candle): void {
    this.#addCandle.run(this.#market, time, open, high, low, close, volume);
  }

  appendLine(line: string): void {
    this.#addLine.run(this.#market, this.#position, line);
    this.#position++;
    this.#lastLine = line;
  }

  writeSnapshot(bytes: Uint8Array): void {
    this.#putSnapshot.run(this.#market, LATEST, this.#now(), bytes);
  }
}
