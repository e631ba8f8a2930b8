import { CandleStream, Engine, JournalWriter, QarError } from '@sema/qar';
import type { Candle, CandleVerdict, DecisionReceipt, EngineConfiguration } from '@sema/qar';
import type { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import type { ModelChange } from './model-change.ts';

export interface ReplicaOptions {
  /** Name of the market, for the journal's header. */
  readonly market: string;
  /** All nodes sign with the same, so that it does not matter which one wrote a line. */
  readonly key: SigningKey;
  /** Times circuits. No decision depends on it. */
  readonly clock: Clock;
}

/** What one candle came to. */
export interface Taken {
  readonly verdict: CandleVerdict;
  readonly lines: readonly string[];
  /** The decision's line, when there was one. */
  readonly decision: { readonly line: string; readonly receipt: DecisionReceipt } | undefined;
}

/** All that a replica knows. */
export interface ReplicaState {
  readonly configuration: EngineConfiguration;
  readonly engine: Uint8Array;
  /** Hash of the last line; null before the header. */
  readonly lastHash: string | null;
  /** The candles that the next decision can see, oldest first. */
  readonly candles: readonly Candle[];
}

/**
 * The engine of one market as any node has it: a fold over the market's candles and changes.
 *
 * A decision is dated with its candle's close and all nodes have one key, so the lines are a
 * function of what was taken: two replicas that took the same wrote the same bytes.
 */
export class Replica implements Disposable {
  readonly #options: ReplicaOptions;
  readonly #pending: string[] = [];
  #engine: Engine;
  #stream: CandleStream;
  #writer: JournalWriter;

  /** @throws {QarError} `BAD_CONFIGURATION` */
  constructor(configuration: EngineConfiguration, options: ReplicaOptions) {
    this.#options = options;
    this.#stream = streamFor(configuration);
    this.#engine = new Engine(configuration, options);
    this.#writer = this.#newWriter();
    this.#begin(options.market);
  }

  /** @throws {QarError} `BAD_SNAPSHOT` when the parts of the state do not belong together. */
  static restore(state: ReplicaState, options: ReplicaOptions): Replica {
    const { configuration, engine: snapshot } = state;
    const replica = new Replica(configuration, options);
    replica.#engine[Symbol.dispose]();
    replica.#engine = Engine.restore(configuration, options, snapshot);
    for (const candle of state.candles) {
      if (replica.#push(candle).kind === 'next') continue;
      throw new QarError('BAD_SNAPSHOT', `the candle at ${String(candle.time)} does not follow`);
    }
    if (state.lastHash !== null) {
      replica.#pending.length = 0;
      replica.#writer = replica.#newWriter(state.lastHash);
    }
    return replica;
  }

  get configuration(): EngineConfiguration {
    return this.#engine.configuration;
  }

  /** Decisions since the last change, or since the beginning. */
  get decisions(): number {
    return this.#engine.sequence;
  }

  state(): ReplicaState {
    const { time, open, high, low, close, volume, length } = this.#stream.candles;
    const candles = Array.from({ length }, (_, i) => {
      const [t, o, h, l, c, v] = [time[i], open[i], high[i], low[i], close[i], volume[i]];
      return { time: t, open: o, high: h, low: l, close: c, volume: v };
    });
    return {
      configuration: this.configuration,
      engine: this.#engine.snapshot(),
      // What is still to be written is the header of a journal that has not begun.
      lastHash: this.#pending.length === 0 ? this.#writer.lastHash : null,
      candles,
    };
  }

  /**
   * Takes the next candle. When it throws, the replica is behind and must be given up.
   *
   * @param change - takes effect before the candle: the journal so far is sealed, and another
   *   begins whose header names the last hash of the one before. One that does not fit, such as
   *   another pair's, is left out.
   * @param repeated - the decision to make again, which took a path of its own.
   */
  take(candle: Candle, change?: ModelChange, repeated?: DecisionReceipt): Taken {
    if (change !== undefined) this.#change(change);
    const verdict = this.#push(candle);
    const { candles } = this.#stream;
    const { windowCandles, intervalMs } = this.configuration;
    if (verdict.kind !== 'next' || candles.length < windowCandles) {
      return { verdict, lines: this.#written(), decision: undefined };
    }
    const { receipt } = this.#engine.step(candles, candles.length - 1, {
      now: candle.time + intervalMs,
      ...(repeated && { choice: { path: repeated.path, fallback: repeated.fallback } }),
    });
    this.#writer.append(receipt);
    const lines = this.#written();
    return { verdict, lines, decision: { line: lines[lines.length - 1], receipt } };
  }

  [Symbol.dispose](): void {
    this.#engine[Symbol.dispose]();
  }

  #push(candle: Candle): CandleVerdict {
    return this.#stream.push(candle, candle.time + this.configuration.intervalMs);
  }

  #change({ configuration, learned }: ModelChange): void {
    const previous = this.#engine;
    const options = { ...this.#options, ...(learned && { learned }) };
    let engine;
    try {
      engine = Engine.succeed(previous, configuration, options);
    } catch (error) {
      // What cannot follow this engine can follow it on no node, so all leave it out alike.
      if (error instanceof QarError) return;
      throw error;
    }
    this.#writer.append({ kind: 'seal', decisions: previous.sequence });
    const { candles } = this.state();
    this.#engine = engine;
    previous[Symbol.dispose]();
    this.#stream = streamFor(configuration);
    for (const candle of candles) this.#push(candle);
    const { market } = this.#options;
    const name = `${market} after ${this.#writer.lastHash}`;
    this.#writer = this.#newWriter();
    this.#begin(name);
  }

  #begin(name: string): void {
    this.#writer.append({
      kind: 'header',
      format: 'sema-journal',
      version: 2,
      configuration: this.configuration,
      data: { name, hash: null, candles: null },
      publicKey: this.#options.key.verifyingKey.toText(),
    });
  }

  #newWriter(lastHash?: string): JournalWriter {
    const write = (line: string): void => void this.#pending.push(line);
    return new JournalWriter(this.#options.key, write, lastHash);
  }

  #written(): string[] {
    return this.#pending.splice(0);
  }
}

function streamFor({ intervalMs, windowCandles }: EngineConfiguration): CandleStream {
  return new CandleStream({ intervalMs, windowCandles, clockToleranceMs: 0 });
}
