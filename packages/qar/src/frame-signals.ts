import type { Regime } from '@sema/learning';
import { monadHash } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { ACTIONS } from './actions.ts';
import type { Action } from './actions.ts';
import { voteCount } from './board.ts';
import { BoardStream } from './board-stream.ts';
import { CircuitRecorder } from './circuit-recorder.ts';
import type { EngineConfiguration } from './configuration.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import { frozenModel, gateOnRung } from './frozen-model.ts';
import type { Candles, CandleWindow } from './market-data/candles.ts';
import { windowAt } from './market-data/candles.ts';
import { Model } from './model.ts';
import type { DecidingModel } from './model.ts';
import { pathsFor } from './paths.ts';
import type { Paths } from './paths.ts';
import type { NoDecisionReason } from './receipt.ts';
import type { DenialReason } from './risk/denial.ts';
import type { LadderState } from './risk/ladder.ts';
import { marketGuard } from './risk/market-guard.ts';
import { evidenceOf } from './selection/evidence.ts';
import { windowColumns } from './window-hash.ts';

/** What a frozen model makes of one candle and the window that ends with it. */
export interface FrameSignal {
  /** Hash of the model and the window: equal for equal decisions. */
  readonly id: string;
  /** Null where the position, if there is one, is to stay as it is. */
  readonly action: Action | null;
  readonly confidence: number | null;
  readonly regime: Regime | null;
  /** What speaks for a position against the rest, log-odds; null where none is asked for. */
  readonly evidence: number | null;
  /** Share of the equity that the ladder grants the entry; 0 where it is refused or none. */
  readonly stake: number;
  /** Why the gate refuses the entry. */
  readonly denied: DenialReason | null;
  /** Why the model has nothing to say. */
  readonly undecided: NoDecisionReason | 'NO_GO' | null;
}

export interface FrameDeciderOptions {
  readonly clock: Clock;
  /** As `Session.checkpoint` writes it; without one the model has learned nothing and abstains. */
  readonly snapshot?: Uint8Array;
}

/**
 * Decides on any candle of any frame with a model that no longer learns: a pure function of the
 * model and the last `windowCandles` candles, whatever lies before or after them and whatever was
 * asked before. The gate judges an entry from no position and an account without history, on the
 * rung of the ladder that the snapshot has reached, as at the candle's close.
 */
export class FrameDecider implements Disposable {
  readonly configuration: EngineConfiguration;
  readonly #model: Model;
  readonly #frozen: DecidingModel;
  readonly #paths: Paths;
  readonly #ladder: LadderState | undefined;
  readonly #board: BoardStream;

  /** @throws {QarError} `BAD_SNAPSHOT` */
  constructor(configuration: EngineConfiguration, { clock, snapshot }: FrameDeciderOptions) {
    this.configuration = configuration;
    const kept = snapshot === undefined ? undefined : frozenModel(snapshot, configuration);
    this.#model = kept?.model ?? Model.create(configuration);
    this.#frozen = kept?.deciding ?? this.#model.frozen();
    this.#ladder = kept?.ladder;
    this.#paths = pathsFor(configuration, new CircuitRecorder(clock), { clock });
    this.#board = new BoardStream(configuration.qubits.returnQubits);
  }

  /** Hash of the model. */
  get model(): string {
    return this.#model.hash;
  }

  /**
   * The signal of candle `index`; `undefined` before a whole window lies behind it.
   *
   * @throws {QarError} `BAD_WINDOW`
   */
  signal(candles: Candles, index: number): FrameSignal | undefined {
    const { windowCandles, path } = this.configuration;
    if (index + 1 < windowCandles) return undefined;
    const window = windowAt(candles, index, windowCandles);
    const reading = this.#board.read(window);
    const choice = { path, fallback: null };
    const decision = decide(
      this.#frozen,
      window,
      reading,
      this.configuration,
      this.#paths,
      choice,
      null,
    );
    return { id: decisionId(this.model, window), ...this.#judged(decision, window) };
  }

  #judged(decision: Decision, window: CandleWindow): Omit<FrameSignal, 'id'> {
    const { regime = null } = decision;
    const nothing = { action: null, evidence: null, stake: 0, denied: null, regime };
    if (decision.kind === 'undecided') {
      return { ...nothing, confidence: null, undecided: decision.reason };
    }
    const { action, confidence, go } = decision.selection;
    const said = { confidence: confidence ?? null, regime };
    if (!go) return { ...nothing, ...said, undecided: 'NO_GO' };
    const last = window.length - 1;
    const closed = window.time[last] + this.configuration.intervalMs;
    // A gate that has seen nothing: what it answered before does not count.
    const verdict = gateOnRung(this.configuration, this.#ladder).ask({
      ...marketGuard(window, this.configuration.intervalMs),
      action,
      confidence,
      positionMultiplier: decision.emergence?.multiplier ?? 1,
      votes: voteCount(decision.seats),
      fallback: decision.fallback !== null,
      volatility: decision.volatility,
      now: closed,
      candleClosed: closed,
      price: window.close[last],
      units: 0,
      equity: this.configuration.startingEquity,
    });
    const preference = decision.answer.preferences[ACTIONS.indexOf(action)];
    return {
      action,
      ...said,
      evidence: action === 'flat' ? null : evidenceOf(preference),
      stake: verdict.kind === 'order' ? verdict.limitFraction : 0,
      denied: verdict.kind === 'denied' ? verdict.reason : null,
      undecided: null,
    };
  }

  [Symbol.dispose](): void {
    this.#paths.quantum?.[Symbol.dispose]();
    this.#model[Symbol.dispose]();
  }
}

function decisionId(model: string, window: CandleWindow): string {
  return monadHash('sema/frame-decision/v1', { model, ...windowColumns(window) });
}
