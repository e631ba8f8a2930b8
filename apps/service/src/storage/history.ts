import type { Candle, DecisionReceipt, JournalLine } from '@sema/qar';
import type { Database, Query } from './database.ts';

export interface HistoryPoint {
  readonly sequence: number;
  readonly time: number;
  readonly equity: number;
  readonly exposure: number;
  readonly trading: string;
  readonly regime: string | null;
  readonly weights: Float64Array;
}

type PointRow = [
  sequence: number,
  time: number,
  equity: number,
  exposure: number,
  trading: string,
  regime: string | null,
  weights: Uint8Array,
];

/** A decision as streams tell it. */
export interface DecisionEvent {
  readonly sequence: number;
  /** The journal's line, as it is kept. */
  readonly line: string;
  readonly candle: Candle;
  readonly exposure: number;
  readonly weights: Float64Array;
}

type EventRow = [
  sequence: number,
  line: string,
  exposure: number,
  weights: Uint8Array,
  ...candle: [number, number, number, number, number, number],
];

/** A line of the journal that holds a decision, as it is kept. */
export type DecisionLine = JournalLine & { readonly body: DecisionReceipt };

const POINT = 'sequence, time, equity, exposure, trading, regime, weights';

/** What a market has been through, by the number of the decision. */
export class History {
  readonly #market: number;
  readonly #add: Query<[]>;
  readonly #latest: Query<PointRow>;
  readonly #line: Query<[line: string]>;
  readonly #page: Query<[line: string]>;
  readonly #weights: Query<[weights: Uint8Array]>;
  readonly #events: Query<EventRow>;
  readonly #candles: Query<[number, number, number, number, number, number]>;

  constructor(database: Database, market: number) {
    this.#market = market;
    this.#add = database.query('INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#latest = database.query(
      `SELECT ${POINT} FROM history WHERE market = ? ORDER BY sequence DESC LIMIT ?`,
    );
    const lines =
      'SELECT line FROM history JOIN journal USING (market, position) WHERE history.market = ?';
    this.#line = database.query(`${lines} AND sequence = ?`);
    this.#page = database.query(`${lines} AND sequence > ? ORDER BY sequence LIMIT ?`);
    this.#weights = database.query('SELECT weights FROM history WHERE market = ? AND sequence = ?');
    this.#events = database.query(
      'SELECT sequence, line, exposure, weights, time, open, high, low, close, volume ' +
        'FROM history JOIN journal USING (market, position) JOIN candles USING (market, time) ' +
        'WHERE history.market = ? AND sequence > ? ORDER BY sequence LIMIT ?',
    );
    this.#candles = database.query(
      'SELECT time, open, high, low, close, volume FROM candles ' +
        'WHERE market = ? AND time >= ? AND time <= ? ORDER BY time DESC LIMIT ?',
    );
  }

  /** @param position - of the receipt's line in the journal. */
  add(point: HistoryPoint, position: number): void {
    const { sequence, time, equity, exposure, trading, regime, weights } = point;
    const bytes = Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength);
    this.#add.run(
      ...[this.#market, sequence, position, time, equity, exposure, trading, regime, bytes],
    );
  }

  /** The last so many points, oldest first. */
  latest(count: number): HistoryPoint[] {
    return this.#latest.all(this.#market, count).map(pointOf).reverse();
  }

  decision(sequence: number): DecisionLine | undefined {
    const row = this.#line.first(this.#market, sequence);
    return row === undefined ? undefined : decisionOf(row[0]);
  }

  /** Weights of the experts after a decision. */
  weightsAt(sequence: number): Float64Array | undefined {
    const row = this.#weights.first(this.#market, sequence);
    return row === undefined ? undefined : doubles(row[0]);
  }

  /** Journal lines of decisions after `sequence`, as text. */
  linesAfter(sequence: number, count: number): string[] {
    return this.#page.all(this.#market, sequence, count).map(([line]) => line);
  }

  /** What a stream tells of decisions after `sequence`. */
  eventsAfter(sequence: number, count: number): DecisionEvent[] {
    return this.#events.all(this.#market, sequence, count).map(eventOf);
  }

  /** The last so many candles within [from, to], oldest first. */
  candles(from: number, to: number, count: number): Candle[] {
    const rows = this.#candles.all(this.#market, from, to, count).reverse();
    return rows.map(([time, open, high, low, close, volume]) => ({
      time,
      open,
      high,
      low,
      close,
      volume,
    }));
  }
}

/** A line that this service's journal wrote, which the session verified when it opened. */
export function decisionOf(line: string): DecisionLine {
  return JSON.parse(line) as DecisionLine;
}

function pointOf([sequence, time, equity, exposure, trading, regime, bytes]: PointRow) {
  const weights = doubles(bytes);
  return { sequence, time, equity, exposure, trading, regime, weights };
}

function eventOf([sequence, line, exposure, weights, ...candle]: EventRow): DecisionEvent {
  const [time, open, high, low, close, volume] = candle;
  const values = { time, open, high, low, close, volume };
  return { sequence, line, exposure, weights: doubles(weights), candle: values };
}

function doubles(bytes: Uint8Array): Float64Array {
  // A copy, because the driver's bytes may start at any offset.
  return new Float64Array(new Uint8Array(bytes).buffer);
}
