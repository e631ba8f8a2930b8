import type { LearningOrchestrator } from '@sema/learning';
import type { QubitPool } from '@sema/resource-pool';
import { MonadHasher } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { AlgorithmPerformance } from './algorithm-performance.ts';
import type { AlgorithmPerformances } from './algorithm-performance.ts';
import { voteCount } from './board.ts';
import { BoardStream } from './board-stream.ts';
import { CircuitRecorder } from './circuit-recorder.ts';
import type { CircuitSummaries } from './circuit-recorder.ts';
import { checkConfiguration } from './configuration.ts';
import type { EngineConfiguration } from './configuration.ts';
import { decide } from './decide.ts';
import type { Decision, PathChoice } from './decide.ts';
import { decodeEngine, encodeEngine } from './engine-snapshot.ts';
import { QarError } from './errors.ts';
import {
  decidingConfiguration,
  frozenModel,
  gateOnRung,
  snapshotConfiguration,
} from './frozen-model.ts';
import { Account } from './execution/account.ts';
import { PaperExecution } from './execution/paper-execution.ts';
import type { ExecutedFill, WorkingOrder } from './execution/paper-execution.ts';
import type { Candles, CandleWindow } from './market-data/candles.ts';
import { windowAt } from './market-data/candles.ts';
import type { MachineMaker } from './machine.ts';
import { Model } from './model.ts';
import type { DecidingModel } from './model.ts';
import { OutcomeQueue } from './outcome-queue.ts';
import type { BufferUse } from './performance-monitor.ts';
import { pathsFor } from './paths.ts';
import type { Paths } from './paths.ts';
import type { DecisionReceipt, Outcome } from './receipt.ts';
import { decisionReceipt } from './decision-receipt.ts';
import type { TradedDecision } from './risk/intervention.ts';
import { marketGuard } from './risk/market-guard.ts';
import { RiskGate } from './risk/risk-gate.ts';
import { windowHash } from './window-hash.ts';

export interface EngineOptions {
  readonly clock: Clock;
  /** The qubits to lease from; a pool of 25 of its own when not given. */
  readonly pool?: QubitPool;
  /**
   * Runs the circuits; a machine without errors when not given. No receipt names it, so only
   * studies, which keep no journal, have a reason to give one.
   */
  readonly machine?: MachineMaker;
  /**
   * As a run or a session left it: its model decides, on the rung that its ladder had reached, and
   * learns nothing any more. The configuration may then differ from the snapshot's in what trades.
   */
  readonly frozen?: Uint8Array;
}

export interface StepOptions {
  /** When the decision is made, ms since the Unix epoch. */
  readonly now: number;
  /** In a replay: the path the receipt names. */
  readonly choice?: PathChoice;
}

/** When a step's parts were done, ns on the engine's clock. */
export interface StepTiming {
  readonly startedNs: number;
  /** When the last circuit's answer was read; `undefined` where none ran. */
  readonly readNs: number | undefined;
  /** How long the twin took to answer once circuits had failed; `undefined` where none did. */
  readonly standInNs: number | undefined;
  readonly endedNs: number;
}

export interface Step {
  readonly receipt: DecisionReceipt;
  /** What was traded in the candle, before the decision. */
  readonly fills: readonly ExecutedFill[];
  /** Position over equity at the candle's close, signed. */
  readonly exposure: number;
  /** Not part of the decision, and of no influence on it. */
  readonly timing: StepTiming;
}

export interface LearningFigures {
  /** Outcomes learned, those clipped, and those refused by reason. */
  readonly counts: LearningOrchestrator['counts'];
  /** Whether couplings of experts act on their weights. */
  readonly coupled: boolean;
  /** What couplings change in the Brier loss of held-back outcomes; below 0 they help. */
  readonly heldBack: {
    readonly difference: number;
    /** Its standard error, Infinity before the second. */
    readonly error: number;
    readonly count: number;
  };
}

/**
 * The decision engine for one pair: feed it candles in order, get a receipt for each.
 *
 * One step fills what the order in work can get in the candle, learns from the decision before the
 * last, whose outcome the open has just settled, decides at the close, and asks the risk gate.
 */
export class Engine implements Disposable {
  readonly configuration: EngineConfiguration;
  readonly #recorder: CircuitRecorder;
  readonly #performance: AlgorithmPerformance;
  readonly #paths: Paths;
  readonly #board: BoardStream;
  readonly #hasher = new MonadHasher();
  /** What is decided under: the configuration, but for what only trades under a frozen model. */
  readonly #settings: EngineConfiguration;
  readonly #frozen: DecidingModel | undefined;
  #model: Model;
  #account: Account;
  #gate: RiskGate;
  #outcomes = new OutcomeQueue();
  #execution: PaperExecution;
  #sequence = 0;
  #lastTime = -Infinity;

  /** @throws {QarError} `BAD_SNAPSHOT`, `BAD_CONFIGURATION` for a frozen model. */
  constructor(configuration: EngineConfiguration, options: EngineOptions) {
    const { frozen } = options;
    const own = frozen === undefined ? configuration : snapshotConfiguration(frozen);
    const kept = frozen === undefined ? undefined : frozenModel(frozen, own);
    this.configuration = configuration;
    this.#settings = decidingConfiguration(own, configuration);
    this.#frozen = kept?.deciding;
    this.#recorder = new CircuitRecorder(options.clock);
    this.#performance = new AlgorithmPerformance(this.#recorder);
    this.#paths = pathsFor(this.#settings, this.#recorder, options);
    this.#board = new BoardStream(configuration.qubits.returnQubits);
    this.#model = kept?.model ?? Model.create(configuration);
    this.#account = new Account(configuration.startingEquity, configuration);
    this.#execution = this.#executionOf(undefined);
    this.#gate = gateOnRung(configuration, kept?.ladder);
  }

  /**
   * An engine that goes on where `snapshot` was taken, with the very same decisions.
   *
   * @throws {QarError} `BAD_SNAPSHOT`
   */
  static restore(
    configuration: EngineConfiguration,
    options: Omit<EngineOptions, 'frozen'>,
    snapshot: Uint8Array,
  ): Engine {
    const state = decodeEngine(snapshot, configuration);
    const engine = new Engine(configuration, options);
    engine.#model[Symbol.dispose]();
    engine.#model = state.model;
    engine.#account = state.account;
    engine.#gate = state.gate;
    engine.#outcomes = state.outcomes;
    engine.#execution = engine.#executionOf(state.order);
    engine.#sequence = state.sequence;
    engine.#lastTime = state.lastTime;
    return engine;
  }

  /**
   * An engine of another configuration that takes over the money, the gate and the order in work.
   * It has decided nothing yet, and has learned what `learned` holds, or nothing.
   *
   * @param options - `learned` is a snapshot of any engine of `configuration`, of which only the
   *   model counts.
   * @throws {QarError} `BAD_CONFIGURATION` when pair or interval differ; `BAD_SNAPSHOT` when
   *   `learned` is not one of `configuration`, or the gate does not fit its limits.
   */
  static succeed(
    previous: Engine,
    configuration: EngineConfiguration,
    options: EngineOptions & { readonly learned?: Uint8Array },
  ): Engine {
    const { pair, intervalMs, risk } = configuration;
    if (pair !== previous.configuration.pair || intervalMs !== previous.configuration.intervalMs) {
      throw new QarError('BAD_CONFIGURATION', 'another pair or interval is another market');
    }
    checkConfiguration(configuration);
    const gate = RiskGate.restore(risk, intervalMs, previous.#gate.state());
    const account = Account.restore(previous.#account.state(), configuration);
    const { learned } = options;
    const model = learned && decodeEngine(learned, configuration).model;
    const engine = new Engine(configuration, options);
    if (model !== undefined) {
      engine.#model[Symbol.dispose]();
      engine.#model = model;
    }
    engine.#gate = gate;
    engine.#account = account;
    engine.#execution = engine.#executionOf(previous.#execution.working);
    return engine;
  }

  /** Hash of the model as it stands. */
  get model(): string {
    return this.#model.hash;
  }

  /** Decisions made so far. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Open time of the last candle decided on, −Infinity before the first. */
  get lastTime(): number {
    return this.#lastTime;
  }

  /** Expert weights where the market was last, in the order of `EXPERTS`, sum 1. */
  get weights(): Float64Array {
    return this.#model.weights;
  }

  /** The gate, for a person to halt, kill or resume. */
  get gate(): RiskGate {
    return this.#gate;
  }

  /**
   * Decides on candle `end`, seeing the window that ends there and nothing after it.
   *
   * @throws {QarError} `OUT_OF_ORDER` when the candle is not newer than the last;
   *   `NOT_ENOUGH_CANDLES`
   *   before a whole window is there. Either leaves the engine as it was.
   */
  step(candles: Candles, end: number, options: StepOptions): Step {
    const startedNs = this.#recorder.nowNs();
    const window = windowAt(candles, end, this.configuration.windowCandles);
    const last = window.length - 1;
    const time = window.time[last];
    if (!(time > this.#lastTime)) {
      throw new QarError('OUT_OF_ORDER', `candle ${time} is not newer than ${this.#lastTime}`);
    }
    const close = window.close[last];
    const fills = this.#trade(window, last);
    const settled = this.#outcomes.settle(window.open[last], time);
    if (this.#frozen === undefined) this.#model.open(window.open[last], settled);
    if (settled !== undefined) this.#performance.settle(settled);
    const equity = this.#account.equity(close);
    this.#gate.mark(time + this.configuration.intervalMs, equity);
    const model = this.#model.hash;
    const decision = this.#decide(window, options.choice);
    this.#outcomes.add(decision);
    this.#performance.await(decision);
    const outcome = this.#askGate(decision, window, { time, close, equity, now: options.now });
    // An order works only for as long as decisions ask for it.
    if (outcome.kind !== 'order' && outcome.kind !== 'hold') this.#execution.cancelEntry();
    const receipt = decisionReceipt({
      sequence: this.#sequence,
      time,
      decidedAt: options.now,
      window: windowHash(this.#hasher, window),
      model,
      decision,
      outcome,
      trading: this.#gate.trading,
      fills,
      equity,
    });
    this.#sequence++;
    this.#lastTime = time;
    return {
      receipt,
      fills,
      exposure: this.#account.exposure(close),
      timing: this.#timing(startedNs),
    };
  }

  /**
   * Learns what became of a position that was really taken, elsewhere, on a decision of this
   * market's: how likely a profit is on such evidence, and how rare it is among losses. A frozen
   * model learns nothing.
   */
  learnTrade(decision: TradedDecision, profitable: boolean): void {
    if (this.#frozen === undefined) this.#model.learnTrade(decision, profitable);
  }

  /** The whole engine as bytes. */
  snapshot(): Uint8Array {
    const state = {
      model: this.#model,
      account: this.#account,
      gate: this.#gate,
      outcomes: this.#outcomes,
      order: this.#execution.working,
      sequence: this.#sequence,
      lastTime: this.#lastTime,
    };
    return encodeEngine(state, this.configuration);
  }

  /** How good the word of each algorithm was since this engine was made or restored. */
  algorithmPerformances(): AlgorithmPerformances {
    return this.#performance.figures();
  }

  /** Outcomes learned and refused since the first candle, and what is made of experts together. */
  learning(): LearningFigures {
    const { counts, synergy } = this.#model.learning;
    const { mean, error, count } = synergy.heldBackDifference();
    return { counts, coupled: synergy.engaged, heldBack: { difference: mean, error, count } };
  }

  /** Statistics of every circuit since the last call. */
  closeCircuitWindow(): CircuitSummaries {
    return this.#recorder.close();
  }

  /** How much of the ring that keeps circuit runs is in use. */
  get circuitBuffer(): BufferUse {
    const { nextSequence, capacitySlots } = this.#recorder.ring;
    // One slot is always about to be written.
    return { written: nextSequence, capacity: capacitySlots - 1 };
  }

  [Symbol.dispose](): void {
    this.#paths.quantum?.[Symbol.dispose]();
    this.#model[Symbol.dispose]();
  }

  #timing(startedNs: number): StepTiming {
    const { lastReadNs } = this.#recorder;
    const readNs = lastReadNs >= startedNs ? lastReadNs : undefined;
    const standInNs = this.#recorder.standInSince(startedNs);
    return { startedNs, readNs, standInNs, endedNs: this.#recorder.nowNs() };
  }

  #executionOf(working: WorkingOrder | undefined): PaperExecution {
    const { execution, risk } = this.configuration;
    return new PaperExecution(this.#account, execution, risk.venue, working);
  }

  #trade(window: CandleWindow, last: number): ExecutedFill[] {
    const fills = this.#execution.trade({
      time: window.time[last],
      open: window.open[last],
      high: window.high[last],
      low: window.low[last],
      volume: window.volume[last],
    });
    for (const { time, realizedReturn, cause } of fills) {
      if (realizedReturn === undefined) continue;
      const closed = time + this.configuration.intervalMs;
      this.#gate.recordTrade({ time: closed, return: realizedReturn, stopped: cause === 'stop' });
    }
    return fills;
  }

  #decide(window: CandleWindow, choice: PathChoice | undefined): Decision {
    const asked = choice ?? { path: this.configuration.path, fallback: null };
    // A replay takes the path that was taken then, however long it takes now.
    const limitMs = choice === undefined ? this.configuration.circuitDeadlineMs : null;
    const reading = this.#board.read(window);
    const model = this.#frozen ?? this.#model;
    return decide(model, window, reading, this.#settings, this.#paths, asked, limitMs);
  }

  #askGate(decision: Decision, window: CandleWindow, at: MarketMoment): Outcome {
    const halted = this.#gate.trading !== 'ACTIVE';
    if (decision.kind === 'undecided') return { kind: 'no-decision', reason: decision.reason };
    // What does not go changes nothing, unless the gate wants the position closed.
    if (!decision.selection.go && !halted) return { kind: 'no-go' };
    const guard = marketGuard(window, this.configuration.intervalMs);
    const verdict = this.#gate.ask({
      jumpSigmas: guard.jumpSigmas,
      gapIntervals: guard.gapIntervals,
      volume: guard.volume,
      usualVolume: guard.usualVolume,
      action: decision.selection.go ? decision.selection.action : 'flat',
      confidence: decision.selection.confidence,
      positionMultiplier: decision.emergence?.multiplier ?? 1,
      votes: voteCount(decision.seats),
      fallback: decision.fallback !== null,
      volatility: decision.volatility,
      now: at.now,
      candleClosed: at.time + this.configuration.intervalMs,
      price: at.close,
      units: this.#account.units,
      equity: at.equity,
    });
    if (verdict.kind !== 'order') return verdict;
    const { targetUnits, limitFraction, denied } = verdict;
    this.#execution.place({ targetUnits, limitFraction });
    return { kind: 'order', targetUnits, limitFraction, denied: denied ?? null };
  }
}

interface MarketMoment {
  readonly time: number;
  readonly close: number;
  readonly equity: number;
  readonly now: number;
}
