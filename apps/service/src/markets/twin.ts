import { CandleStream, Engine } from '@sema/qar';
import type {
  Candle,
  DecisionReceipt,
  EngineConfiguration,
  InterventionReceipt,
  JournalLine,
} from '@sema/qar';
import type { Clock } from '@sema/timing-buffer';
import type { Database, Query } from '../storage/database.ts';
import type { MarketRecord } from '../storage/market-table.ts';

/** What the closed form decided, with an account of its own. */
export interface TwinPoint {
  readonly sequence: number;
  readonly time: number;
  readonly equity: number;
  readonly action: 'short' | 'flat' | 'long' | null;
  /** Probabilities of short, flat and long. */
  readonly preferences: readonly number[] | null;
  readonly outcome: DecisionReceipt['outcome']['kind'];
}

/** Points that are kept; what is older can be computed anew. */
export const MOST_TWIN_POINTS = 5000;
/** Journal lines taken before others get their turn: a few milliseconds of work. */
const LINES_A_TURN = 32;

type CandleRow = [time: number, ...prices: [number, number, number, number], volume: number];

/**
 * One market decided on a second time, in closed form: the same candles at the same times, and what
 * people did to the gate. It reads the market's journal and candles, writes nothing, and begins
 * only when somebody asks for it.
 */
export class Twin implements Disposable {
  readonly #market: number;
  readonly #engine: Engine;
  readonly #stream: CandleStream;
  readonly #lines: Query<[position: number, line: string]>;
  readonly #candles: Query<CandleRow>;
  #points: TwinPoint[] = [];
  #position = -1;
  #lastTime = -Number.MAX_VALUE;
  #work: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor({ market, settings }: MarketRecord, database: Database, clock: Clock) {
    const configuration: EngineConfiguration = { ...settings.configuration, path: 'twin' };
    const { intervalMs, windowCandles } = configuration;
    this.#market = market;
    this.#engine = new Engine(configuration, { clock });
    this.#stream = new CandleStream({ intervalMs, windowCandles, clockToleranceMs: 0 });
    this.#lines = database.query(
      'SELECT position, line FROM journal WHERE market = ? AND position > ? ' +
        'ORDER BY position LIMIT ?',
    );
    this.#candles = database.query(
      'SELECT time, open, high, low, close, volume FROM candles ' +
        'WHERE market = ? AND time > ? AND time <= ? ORDER BY time',
    );
  }

  /**
   * Its last decisions after `sequence`, oldest first, once it has made all that the journal holds.
   *
   * @param count - how many at most.
   */
  async latest(sequence: number, count: number): Promise<TwinPoint[]> {
    this.#work = this.#work.then(() => this.#catchUp());
    await this.#work;
    const first = this.#points.findIndex((point) => point.sequence > sequence);
    return first === -1 ? [] : this.#points.slice(Math.max(first, this.#points.length - count));
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#engine[Symbol.dispose]();
  }

  async #catchUp(): Promise<void> {
    while (!this.#disposed) {
      const lines = this.#lines.all(this.#market, this.#position, LINES_A_TURN);
      for (const [position, line] of lines) {
        this.#take(line);
        this.#position = position;
      }
      this.#points = this.#points.slice(-MOST_TWIN_POINTS);
      if (lines.length < LINES_A_TURN) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #take(line: string): void {
    // This service's journal wrote it, and the session verified it when it opened.
    const { body } = JSON.parse(line) as JournalLine;
    if (body.kind === 'intervention') this.#intervene(body);
    if (body.kind === 'decision') this.#points.push(this.#decide(body));
  }

  #decide({ time, decidedAt }: DecisionReceipt): TwinPoint {
    for (const row of this.#candles.all(this.#market, this.#lastTime, time)) {
      this.#stream.push(candleOf(row), Infinity);
    }
    this.#lastTime = time;
    const { candles } = this.#stream;
    const { receipt } = this.#engine.step(candles, candles.length - 1, { now: decidedAt });
    const { sequence, equity, verdict, outcome } = receipt;
    const action = verdict?.action ?? null;
    const preferences = verdict?.preferences ?? null;
    return { sequence, time, equity, action, preferences, outcome: outcome.kind };
  }

  #intervene({ intervention }: InterventionReceipt): void {
    const { gate } = this.#engine;
    switch (intervention.kind) {
      case 'halt':
        return gate.halt();
      case 'reduce':
        return gate.reduce();
      case 'kill':
        return gate.kill();
      case 'resume': {
        const { startingEquity } = this.#engine.configuration;
        return gate.resume(this.#points.at(-1)?.equity ?? startingEquity);
      }
      // The model learns of a trade closed elsewhere here too; its account is the market's.
      case 'trade': {
        const { decision } = intervention;
        if (decision !== undefined) this.#engine.learnTrade(decision, intervention.return > 0);
        return undefined;
      }
      case 'arm':
      case 'disarm':
        return undefined;
    }
  }
}

function candleOf([time, open, high, low, close, volume]: CandleRow): Candle {
  return { time, open, high, low, close, volume };
}

/** The twins of those markets that somebody has asked for one. */
export class Twins implements Disposable {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #twins = new Map<string, Twin>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  of(record: MarketRecord): Twin {
    const known = this.#twins.get(record.id);
    if (known !== undefined) return known;
    const twin = new Twin(record, this.#database, this.#clock);
    this.#twins.set(record.id, twin);
    return twin;
  }

  [Symbol.dispose](): void {
    for (const twin of this.#twins.values()) twin[Symbol.dispose]();
    this.#twins.clear();
  }
}
