import { PerformanceMonitor, Session } from '@sema/qar';
import type {
  Candle,
  CandleVerdict,
  Intervention,
  InterventionReceipt,
  PerformanceReport,
  RiskState,
  Step,
} from '@sema/qar';
import type { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { ServiceError } from '../service-error.ts';
import type { Database } from '../storage/database.ts';
import { History } from '../storage/history.ts';
import type { DecisionEvent } from '../storage/history.ts';
import type { MarketRecord } from '../storage/market-table.ts';
import { SqliteSessionStore } from '../storage/session-store.ts';

export interface MarketSurroundings {
  readonly database: Database;
  readonly key: SigningKey;
  readonly clock: Clock;
  /** Ms since the Unix epoch. */
  readonly now: () => number;
  /** Told of every decision, after it is kept. */
  readonly onStep: (market: Market, step: Step) => void;
  readonly onFailure: (market: Market, error: unknown) => void;
}

export interface TakenCandle {
  readonly candle: Candle;
  readonly verdict: CandleVerdict;
  readonly step: Step | undefined;
}

/** Who follows a market as it goes. */
export interface MarketListener {
  decision(event: DecisionEvent): void;
  /** A candle was taken that no decision was made on. */
  candle(candle: Candle): void;
  intervention(receipt: InterventionReceipt): void;
}

const SNAPSHOT_EVERY = 4096;
/** Exchanges' clocks and ours agree to a second or two. */
const CLOCK_TOLERANCE_MS = 5000;
/** Candles decided on before others get their turn: about as many as fit in a millisecond. */
const CANDLES_A_TURN = 4;

/**
 * One market: a session over the database, and who listens to it.
 *
 * Candles, their receipts and their history are kept in one transaction before anyone is told. If
 * that fails, the session is opened anew from what was kept.
 */
export class Market implements Disposable {
  readonly record: MarketRecord;
  readonly history: History;
  readonly #around: MarketSurroundings;
  readonly #listeners = new Set<MarketListener>();
  readonly #monitor: PerformanceMonitor;
  #store: SqliteSessionStore;
  #session: Session | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @throws {QarError} as `Session` does. */
  constructor(record: MarketRecord, around: MarketSurroundings) {
    this.record = record;
    this.#around = around;
    this.history = new History(around.database, record.market);
    this.#store = this.#newStore();
    const { decideAt, configuration } = record.settings;
    this.#monitor = new PerformanceMonitor({
      intervalMs: configuration.intervalMs,
      live: decideAt === 'receipt',
    });
    this.#session = this.#openSession();
  }

  get id(): string {
    return this.record.id;
  }

  /** The session; opened anew when the last one failed. */
  get session(): Session {
    this.#session ??= this.#reopenedSession();
    return this.#session;
  }

  /** Whether the session was given up and not yet opened anew. */
  get failed(): boolean {
    return this.#session === undefined;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  get risk(): RiskState {
    return this.session.risk;
  }

  performance(): PerformanceReport {
    return this.#monitor.report(this.session.circuitBuffer);
  }

  listen(listener: MarketListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Takes candles in their order, after whatever was given before them. */
  async take(candles: readonly Candle[]): Promise<TakenCandle[]> {
    if (this.#waiting === 0 && candles.length <= CANDLES_A_TURN) return this.#takeNow(candles);
    return this.#inTurn(async () => {
      const taken: TakenCandle[] = [];
      for (let from = 0; from < candles.length; from += CANDLES_A_TURN) {
        taken.push(...this.#takeNow(candles.slice(from, from + CANDLES_A_TURN)));
        // So that a long list does not keep every other market waiting.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return taken;
    });
  }

  /**
   * Does to the gate what is asked for, in one transaction with what `alsoKeep` writes.
   *
   * @throws {QarError} `BAD_INTERVENTION`
   */
  intervene(intervention: Intervention, alsoKeep: () => void): InterventionReceipt {
    const receipt = this.#kept((session) => {
      alsoKeep();
      return session.intervene(intervention, this.#around.now());
    });
    for (const listener of this.#listeners) listener.intervention(receipt);
    return receipt;
  }

  /** Keeps a snapshot now, and gives its bytes. */
  checkpoint(): Uint8Array {
    this.session.checkpoint();
    const bytes = this.#store.snapshot();
    if (bytes === undefined) throw new Error('the snapshot just written is not there');
    return bytes;
  }

  /** The journal's lines, oldest first. */
  journal(): Iterable<string> {
    return this.#store.journal();
  }

  /** Resolves when all that was given has been taken. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  [Symbol.dispose](): void {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#waiting++;
    const done = this.#turn.then(work).finally(() => {
      this.#waiting--;
    });
    // Whoever waits next starts after this, however it ended.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #takeNow(candles: readonly Candle[]): TakenCandle[] {
    const events: (() => void)[] = [];
    const taken = this.#kept((session) =>
      candles.map((candle) => {
        const { verdict, step } = session.push(candle, this.#timeOf(candle));
        if (step !== undefined) {
          const event = this.#record(candle, step, session);
          events.push(() => {
            this.#tell((listener) => {
              listener.decision(event);
            });
          });
        } else if (verdict.kind === 'next') {
          events.push(() => {
            this.#tell((listener) => {
              listener.candle(candle);
            });
          });
        }
        return { candle, verdict, step };
      }),
    );
    for (const { step } of taken) {
      if (step === undefined) continue;
      this.#monitor.record(step);
      this.#around.onStep(this, step);
    }
    for (const tell of events) tell();
    return taken;
  }

  #record(candle: Candle, step: Step, session: Session): DecisionEvent {
    const { sequence, time, equity, trading, regime } = step.receipt;
    const { exposure } = step;
    const weights = session.weights.slice();
    const point = { sequence, time, equity, exposure, trading, regime, weights };
    this.history.add(point, this.#store.position - 1);
    return { sequence, line: this.#store.lastLine, candle, exposure, weights };
  }

  #tell(what: (listener: MarketListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }

  /** Runs `work` in one transaction; when it throws, the session is behind and is given up. */
  #kept<Result>(work: (session: Session) => Result): Result {
    const { session } = this;
    try {
      return this.#around.database.transaction(() => work(session));
    } catch (error) {
      this.#session = undefined;
      session[Symbol.dispose]();
      this.#around.onFailure(this, error);
      throw error;
    }
  }

  #timeOf(candle: Candle): number {
    const { decideAt, configuration } = this.record.settings;
    return decideAt === 'close' ? candle.time + configuration.intervalMs : this.#around.now();
  }

  #newStore(): SqliteSessionStore {
    return new SqliteSessionStore(this.#around.database, this.record.market, () =>
      this.#around.now(),
    );
  }

  #openSession(): Session {
    const { key, clock, database } = this.#around;
    const { configuration } = this.record.settings;
    return database.transaction(
      () =>
        new Session(this.#store, {
          configuration,
          clock,
          key,
          name: this.id,
          snapshotEvery: SNAPSHOT_EVERY,
          clockToleranceMs: CLOCK_TOLERANCE_MS,
          now: (candle) => this.#timeOf(candle),
        }),
    );
  }

  #reopenedSession(): Session {
    try {
      this.#store = this.#newStore();
      return this.#openSession();
    } catch (error) {
      this.#around.onFailure(this, error);
      throw new ServiceError('MARKET_FAILED', 'the market cannot be opened; see the log', {
        cause: error,
        retryAfterSeconds: 5,
      });
    }
  }
}
