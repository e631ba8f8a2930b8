import type { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import type { EngineConfiguration } from './configuration.ts';
import { encodeRun, readSections } from './engine-snapshot.ts';
import { Engine } from './engine.ts';
import type { Step } from './engine.ts';
import { QarError } from './errors.ts';
import { JournalWriter, parseLine, verifyJournal } from './journal.ts';
import type { Candle } from './market-data/candle-fault.ts';
import { CandleStream } from './market-data/candle-stream.ts';
import type { CandleVerdict } from './market-data/candle-stream.ts';
import type { BufferUse } from './performance-monitor.ts';
import type { DecisionReceipt } from './receipt.ts';
import type { RiskState } from './risk/risk-gate.ts';
import { applyIntervention, intervene } from './risk/intervention.ts';
import type { Intervention, InterventionReceipt } from './risk/intervention.ts';
import { entriesAfter, snapshotLine } from './session-journal.ts';
import type { MemoryAnswer, MemoryExchange, TickMemory } from './tick-memory.ts';

/** Where a session keeps what must outlive it: what is appended is durable on return. */
export interface SessionStore {
  /** Every candle appended so far, oldest first. */
  candles(): Iterable<Candle>;
  /** Every journal line appended so far, oldest first. */
  journal(): Iterable<string>;
  /** The last snapshot written. */
  snapshot(): Uint8Array | undefined;
  appendCandle(candle: Candle): void;
  appendLine(line: string): void;
  /** Replaces the snapshot at once, or leaves the old one. */
  writeSnapshot(bytes: Uint8Array): void;
}

export interface SessionOptions {
  readonly configuration: EngineConfiguration;
  readonly clock: Clock;
  readonly key: SigningKey;
  /** Name of the market, for the journal's header. */
  readonly name: string;
  /**
   * Decisions between two snapshots, or Infinity to keep them at `checkpoint` only. More snapshots
   * make a restart faster and a run slower.
   */
  readonly snapshotEvery: number;
  /** How far a candle's close may lie ahead of the receiver's clock, ms. */
  readonly clockToleranceMs: number;
  /** When a kept candle that has no receipt is decided on, ms since the Unix epoch. */
  readonly now: (candle: Candle) => number;
  /**
   * Keeps the learner's state between ticks, for `tick` to report on. No setting of the engine, and
   * none by default, because it decides nothing: the configuration in a journal's header is what
   * decides.
   */
  readonly memory?: TickMemory;
}

/** How a session found its place. */
export interface Recovery {
  readonly candles: number;
  readonly receipts: number;
  /** Receipts after the snapshot, each decided again and found the same. */
  readonly redecided: number;
  /** Candles that were kept and had no receipt yet; each was decided on now. */
  readonly caughtUp: number;
  readonly snapshot: 'none' | 'used' | 'unusable';
}

export interface SessionAnswer {
  readonly verdict: CandleVerdict;
  /** The decision, when the candle was the next and a whole window lies behind it. */
  readonly step: Step | undefined;
}

export interface TickAnswer extends SessionAnswer {
  /** What became of the state kept so far; `undefined` without a decision or without a memory. */
  readonly memory: MemoryAnswer | undefined;
}

/**
 * Decides on candles as they arrive, and survives being killed at any moment.
 *
 * A candle is kept before it is decided on, and its receipt is kept before `push` returns it: what
 * was answered is never lost, and no candle is decided on twice. Opened again over the same store,
 * a session goes on with the decisions it would have made.
 */
export class Session implements Disposable {
  readonly #options: SessionOptions;
  readonly #store: SessionStore;
  readonly #stream: CandleStream;
  readonly #engine: Engine;
  #writer: JournalWriter;
  #failed = false;
  #exchanged: Promise<MemoryExchange | undefined> = Promise.resolve(undefined);
  #recovery: Recovery = { candles: 0, receipts: 0, redecided: 0, caughtUp: 0, snapshot: 'none' };

  /**
   * @throws {QarError} `BAD_JOURNAL` when what the store holds was changed, belongs to another key
   *   or configuration, or decides otherwise now; `BAD_CONFIGURATION`.
   */
  constructor(store: SessionStore, options: SessionOptions) {
    const { configuration, clockToleranceMs, snapshotEvery } = options;
    if (!(Number.isInteger(snapshotEvery) || snapshotEvery === Infinity) || snapshotEvery < 1) {
      throw new QarError('BAD_CONFIGURATION', `snapshotEvery ${snapshotEvery} is not above 0`);
    }
    this.#options = options;
    this.#store = store;
    const { intervalMs, windowCandles } = configuration;
    this.#stream = new CandleStream({ intervalMs, windowCandles, clockToleranceMs });
    this.#writer = this.#journalWriter(undefined);
    const receipts = this.#verifyJournal();
    const restored = this.#restore(receipts);
    this.#engine = restored.engine;
    this.#catchUp(receipts, restored);
  }

  get recovery(): Recovery {
    return this.#recovery;
  }

  /** Decisions made, those of earlier runs included. */
  get decisions(): number {
    return this.#engine.sequence;
  }

  /** How much of the ring that keeps circuit runs is in use, for a `PerformanceMonitor`. */
  get circuitBuffer(): BufferUse {
    return this.#engine.circuitBuffer;
  }

  /** Candles taken, those of earlier runs included. */
  get candles(): number {
    return this.#stream.taken;
  }

  /** Expert weights where the market was last, in the order of `EXPERTS`, sum 1. */
  get weights(): Float64Array {
    return this.#engine.weights;
  }

  /** What the risk gate knows now. */
  get risk(): RiskState {
    return this.#engine.gate.state();
  }

  /**
   * Takes one candle. When it throws, nothing more can be pushed: open the session anew.
   *
   * @param now - the receiver's clock, ms since the Unix epoch.
   */
  push(candle: Candle, now: number): SessionAnswer {
    if (this.#failed) throw failedBefore();
    const verdict = this.#stream.push(candle, now);
    if (verdict.kind !== 'next') return { verdict, step: undefined };
    this.#failed = true;
    this.#store.appendCandle(candle);
    const step = this.#windowIsWhole() ? this.#decide(now) : undefined;
    this.#failed = false;
    return { verdict, step };
  }

  /**
   * Takes one candle as `push` does, and retrieves and preserves the learner's state around its
   * decision. The decision itself is on the exact weights, whatever comes back, so that it replays
   * bit for bit and a memory that fails costs no more than its report.
   */
  async tick(candle: Candle, now: number): Promise<TickAnswer> {
    const answer = this.push(candle, now);
    const memory = answer.step && (await this.preserve(answer.step));
    return { ...answer, memory };
  }

  /**
   * Retrieves the learner's state kept after the decision before, and preserves the one of now.
   *
   * @param step - what the last push decided.
   * @returns what became of the state kept so far; undefined in a session without memory.
   */
  preserve({ receipt }: Step): Promise<MemoryAnswer> | undefined {
    const { memory, configuration } = this.#options;
    if (memory === undefined) return undefined;
    const weights = this.#engine.weights.slice();
    const exchanged = this.#exchanged.then((last) =>
      memory.exchange(last?.ticket, weights, receipt, configuration.intervalMs),
    );
    this.#exchanged = exchanged;
    return exchanged.then(({ answer }) => answer);
  }

  /**
   * Does to the gate what a person asks for, or takes in a trade that was closed elsewhere, and
   * keeps it in the journal before it returns.
   *
   * @param at - the receiver's clock, ms since the Unix epoch.
   * @throws {QarError} `BAD_INTERVENTION`, which changes nothing; `SESSION_FAILED`.
   */
  intervene(intervention: Intervention, at: number): InterventionReceipt {
    if (this.#failed) throw failedBefore();
    const receipt = intervene(this.#engine, intervention, at);
    this.#failed = true;
    this.#writer.append(receipt);
    this.#failed = false;
    return receipt;
  }

  /** Keeps a snapshot, so that the next session starts at once. */
  checkpoint(): void {
    const { lastHash } = this.#writer;
    const { configuration } = this.#options;
    this.#store.writeSnapshot(encodeRun(this.#engine.snapshot(), lastHash, configuration));
  }

  [Symbol.dispose](): void {
    this.#failed = true;
    this.#engine[Symbol.dispose]();
  }

  #windowIsWhole(): boolean {
    return this.#stream.taken >= this.#options.configuration.windowCandles;
  }

  #decide(now: number): Step {
    const { candles } = this.#stream;
    const step = this.#engine.step(candles, candles.length - 1, { now });
    this.#writer.append(step.receipt);
    if (this.#engine.sequence % this.#options.snapshotEvery === 0) this.checkpoint();
    return step;
  }

  #journalWriter(lastHash: string | undefined): JournalWriter {
    const write = (line: string): void => {
      this.#store.appendLine(line);
    };
    return new JournalWriter(this.#options.key, write, lastHash);
  }

  /** Checks every line that is there, or writes the header; returns how many receipts there are. */
  #verifyJournal(): number {
    const publicKey = this.#options.key.verifyingKey.toText();
    const verdict = verifyJournal(this.#store.journal(), { publicKey });
    if (!verdict.valid && verdict.reason === 'EMPTY') {
      const { configuration, name } = this.#options;
      const version = 2;
      this.#writer.append({
        kind: 'header',
        format: 'sema-journal',
        version,
        configuration,
        data: { name, hash: null, candles: null },
        publicKey,
      });
      return 0;
    }
    if (!verdict.valid) throw badJournal(`line ${verdict.line}: ${verdict.reason}`);
    if (verdict.sealed) throw badJournal('it is sealed, so nothing can follow');
    this.#checkHeader();
    this.#writer = this.#journalWriter(verdict.lastHash);
    return verdict.receipts;
  }

  #checkHeader(): void {
    for (const text of this.#store.journal()) {
      const line = parseLine(text);
      const body = typeof line === 'string' ? undefined : line.body;
      const kept = body?.kind === 'header' ? JSON.stringify(body.configuration) : undefined;
      if (kept !== JSON.stringify(this.#options.configuration)) {
        throw badJournal('it was begun with another configuration');
      }
      return;
    }
  }

  /** The engine as the snapshot holds it, if the snapshot belongs to this journal. */
  #restore(receipts: number): Restored {
    const { configuration, clock } = this.#options;
    const bytes = this.#store.snapshot();
    const anew = (snapshot: Recovery['snapshot']): Restored => {
      return { engine: new Engine(configuration, { clock }), line: 0, snapshot };
    };
    if (bytes === undefined) return anew('none');
    try {
      const sections = readSections(bytes);
      if (sections.engine instanceof Uint8Array) {
        const engine = Engine.restore(configuration, { clock }, sections.engine);
        const line = snapshotLine(this.#store.journal(), sections.lastHash, engine.sequence);
        if (engine.sequence <= receipts && line !== undefined) {
          return { engine, line, snapshot: 'used' };
        }
        engine[Symbol.dispose]();
      }
    } catch (error) {
      // A snapshot only saves time: whatever is wrong with it, the journal has it all.
      if (!(error instanceof QarError)) throw error;
    }
    return anew('unusable');
  }

  /** Feeds the kept candles: decides again what has a receipt, and anew what has none. */
  #catchUp(receipts: number, { line, snapshot }: Restored): void {
    const from = this.#engine.sequence;
    const kept = entriesAfter(this.#store.journal(), line);
    let entry = this.#nextDecision(kept);
    let caughtUp = 0;
    for (const candle of this.#store.candles()) {
      if (this.#stream.push(candle, Infinity).kind !== 'next') {
        throw badJournal(`the candle at ${candle.time} does not follow the one before`);
      }
      const index = this.#stream.taken - this.#options.configuration.windowCandles;
      if (index < this.#engine.sequence) continue;
      if (entry === undefined) {
        this.#decide(this.#options.now(candle));
        caughtUp++;
      } else {
        this.#redecide(entry);
        entry = this.#nextDecision(kept);
      }
    }
    if (this.#engine.sequence < receipts) throw badJournal('candles of its receipts are missing');
    const candles = this.#stream.taken;
    const redecided = receipts - from;
    this.#recovery = { candles, receipts, redecided, caughtUp, snapshot };
  }

  /** The next decision's receipt, once what was done to the gate before it is done again. */
  #nextDecision(kept: Iterator<DecisionReceipt | InterventionReceipt, void>) {
    for (let entry = kept.next(); entry.done !== true; entry = kept.next()) {
      if (entry.value.kind === 'decision') return entry.value;
      applyIntervention(this.#engine, entry.value.intervention, entry.value.equity);
    }
    return undefined;
  }

  #redecide(recorded: DecisionReceipt): void {
    const { path, fallback, decidedAt: now } = recorded;
    const { candles } = this.#stream;
    const choice = { path, fallback };
    const { receipt } = this.#engine.step(candles, candles.length - 1, { now, choice });
    if (JSON.stringify(receipt) !== JSON.stringify(recorded)) {
      throw badJournal(`decision ${recorded.sequence} would be another one now`);
    }
  }
}

interface Restored {
  readonly engine: Engine;
  /** Index of the journal's line that the engine stands after. */
  readonly line: number;
  readonly snapshot: Recovery['snapshot'];
}

function failedBefore(): QarError {
  return new QarError('SESSION_FAILED', 'an earlier input could not be kept; open it anew');
}

function badJournal(reason: string): QarError {
  return new QarError('BAD_JOURNAL', `the kept session: ${reason}`);
}
