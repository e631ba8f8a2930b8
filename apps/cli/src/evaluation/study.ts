import { REGIMES } from '@sema/learning';
import {
  ACTIONS,
  Engine,
  EXPERTS,
  QarError,
  type Candles,
  type DecisionReceipt,
  type EngineConfiguration,
  type MachineMaker,
} from '@sema/qar';
import { systemClock } from '../system-clock.ts';

/** Everything one run of the engine over a file leaves for its evaluation; n decisions. */
export interface Study {
  readonly configuration: EngineConfiguration;
  /** Index of the first candle decided on. */
  readonly first: number;
  readonly decisions: number;
  /** Equity at each close, n. */
  readonly equity: Float64Array;
  /** 1 long, −1 short, 0 flat: the last action that was let go, n. */
  readonly signals: Int8Array;
  /** Born probability of each action, n × 3; zeros where there was no decision. */
  readonly preferences: Float64Array;
  /** Index into `REGIMES`, or 255, n. */
  readonly regimes: Uint8Array;
  /** What each expert said, n for each in the order of `EXPERTS`: a direction, or 0. */
  readonly directions: readonly Int8Array[];
  /** Return of every position that was closed. */
  readonly trades: readonly number[];
  readonly tradedNotional: number;
  /** Decisions that the twin made because the circuits had failed. */
  readonly fallbacks: number;
}

export interface StudyOptions {
  /** Called after every few candles; may throw to give the run up. */
  readonly breathe: (steps: number) => Promise<void>;
  /** Runs the circuits; one without errors when absent. */
  readonly machine?: MachineMaker;
}

const BREATH = 64;

/**
 * Runs the engine over all candles, without a journal.
 *
 * @throws {QarError} `NOT_ENOUGH_CANDLES`
 */
export async function studyEngine(
  candles: Candles,
  configuration: EngineConfiguration,
  { breathe, ...machine }: StudyOptions,
): Promise<Study> {
  const first = configuration.windowCandles - 1;
  const decisions = candles.length - first;
  if (decisions < 1) {
    throw new QarError('NOT_ENOUGH_CANDLES', `${candles.length} candles fill no window`);
  }
  using engine = new Engine(configuration, { clock: systemClock(), ...machine });
  const record = new StudyRecord(decisions);
  for (let index = first; index < candles.length; index++) {
    const now = candles.time[index] + configuration.intervalMs;
    const { receipt, fills } = engine.step(candles, index, { now });
    record.add(receipt);
    for (const { units, price, realizedReturn } of fills) {
      record.tradedNotional += Math.abs(units) * price;
      if (realizedReturn !== undefined) record.trades.push(realizedReturn);
    }
    if ((index - first) % BREATH === BREATH - 1) await breathe(BREATH);
  }
  await breathe(decisions % BREATH);
  return { configuration, first, decisions, ...record };
}

class StudyRecord {
  readonly equity: Float64Array;
  readonly signals: Int8Array;
  readonly preferences: Float64Array;
  readonly regimes: Uint8Array;
  readonly directions: readonly Int8Array[];
  readonly trades: number[] = [];
  tradedNotional = 0;
  fallbacks = 0;
  #row = 0;

  constructor(decisions: number) {
    this.equity = new Float64Array(decisions);
    this.signals = new Int8Array(decisions);
    this.preferences = new Float64Array(decisions * ACTIONS.length);
    this.regimes = new Uint8Array(decisions).fill(255);
    this.directions = EXPERTS.map(() => new Int8Array(decisions));
  }

  add({ equity, regime, seats, verdict, fallback }: DecisionReceipt): void {
    const row = this.#row++;
    this.equity[row] = equity;
    if (fallback !== null) this.fallbacks++;
    if (regime !== null) this.regimes[row] = REGIMES.indexOf(regime);
    seats.forEach((seat, expert) => {
      if ('direction' in seat) this.directions[expert][row] = seat.direction;
    });
    this.preferences.set(verdict?.preferences ?? [], row * ACTIONS.length);
    // Too close to call changes nothing.
    const before = row === 0 ? 0 : this.signals[row - 1];
    this.signals[row] = verdict?.go === true ? ACTIONS.indexOf(verdict.action) - 1 : before;
  }
}
