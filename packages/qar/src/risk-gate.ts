import type { RiskLimits } from './configuration.ts';
import { QarError } from './errors.ts';
import type { Action } from './actions.ts';

/** Why the gate refused, in the order the rules are asked. */
export const DENIAL_REASONS = [
  'KILL_SWITCH',
  'HALTED',
  'REDUCING_ONLY',
  'STALE_DATA',
  'SHORTING_NOT_ALLOWED',
  'CONFIDENCE_BELOW_MINIMUM',
  'CRISIS_VOLATILITY',
  'DAILY_LOSS_LIMIT',
  'RATE_LIMIT',
  'NO_EQUITY',
  'BELOW_MINIMUM_NOTIONAL',
] as const;
export type DenialReason = (typeof DENIAL_REASONS)[number];

/**
 * ACTIVE opens and closes; REDUCING only closes; HALTED closes once and then waits for a person.
 */
export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';

export interface RiskQuestion {
  readonly action: Action;
  /** Born probability of the action, in [0, 1]. */
  readonly confidence: number;
  /** Annualised. */
  readonly volatility: number;
  /** When the decision is made, ms since the Unix epoch. */
  readonly now: number;
  /** Close time of the newest candle, ms since the Unix epoch. */
  readonly candleClosed: number;
  readonly price: number;
  readonly units: number;
  readonly equity: number;
}

export type RiskVerdict =
  | {
      readonly kind: 'order';
      readonly targetUnits: number;
      readonly limitFraction: number;
      /** Set when the entry asked for was refused and only the opposite position is closed. */
      readonly denied: DenialReason | undefined;
    }
  | { readonly kind: 'hold' }
  | { readonly kind: 'denied'; readonly reason: DenialReason };

export interface RiskState {
  readonly trading: TradingState;
  readonly killed: boolean;
  readonly rung: number;
  /** Returns of the trades closed on the present rung: count, sum, sum of squares. */
  readonly rungTrades: readonly [number, number, number];
  readonly peakEquity: number;
  /** [time ms, equity] of the last 24 hours, oldest first. */
  readonly recentEquity: readonly (readonly [number, number])[];
  /** Times of the orders of the last 24 hours, ms, oldest first. */
  readonly recentOrders: readonly number[];
}

const DAY_MS = 86_400_000;
/** Second-long candles fill a day with 86 400 marks; more than that cannot be in 24 hours. */
const MOST_MARKS = 86_401;

/**
 * The last word on every order. It can refuse an entry for any of `DENIAL_REASONS`; it never
 * refuses to reduce a position, except after a kill.
 */
export class RiskGate {
  readonly #limits: RiskLimits;
  #trading: TradingState = 'ACTIVE';
  #killed = false;
  #rung = 0;
  #rungTrades: [number, number, number] = [0, 0, 0];
  #peakEquity: number;
  #recentEquity: (readonly [number, number])[] = [];
  #recentOrders: number[] = [];

  constructor(limits: RiskLimits, startingEquity: number) {
    this.#limits = limits;
    this.#peakEquity = startingEquity;
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(limits: RiskLimits, state: RiskState): RiskGate {
    const known = ['ACTIVE', 'REDUCING', 'HALTED'].includes(state.trading);
    const rungs = limits.ladder.length;
    if (!known || !Number.isInteger(state.rung) || state.rung < 0 || state.rung >= rungs) {
      throw new QarError('BAD_SNAPSHOT', `risk state ${state.trading}, rung ${String(state.rung)}`);
    }
    const gate = new RiskGate(limits, state.peakEquity);
    gate.#trading = state.trading;
    gate.#killed = state.killed;
    gate.#rung = state.rung;
    gate.#rungTrades = [...state.rungTrades];
    gate.#recentEquity = [...state.recentEquity];
    gate.#recentOrders = [...state.recentOrders];
    return gate;
  }

  get trading(): TradingState {
    return this.#trading;
  }

  state(): RiskState {
    return {
      trading: this.#trading,
      killed: this.#killed,
      rung: this.#rung,
      rungTrades: [...this.#rungTrades],
      peakEquity: this.#peakEquity,
      recentEquity: [...this.#recentEquity],
      recentOrders: [...this.#recentOrders],
    };
  }

  /** Refuses everything from now on, exits too: a person takes over the position. */
  kill(): void {
    this.#killed = true;
  }

  /** Ends REDUCING, HALTED or a kill, and measures draw-down anew from this equity. */
  resume(equity: number): void {
    this.#killed = false;
    this.#trading = 'ACTIVE';
    this.#peakEquity = equity;
  }

  /** Takes note of equity at a candle's close; may halt trading for draw-down. */
  mark(time: number, equity: number): void {
    this.#peakEquity = Math.max(this.#peakEquity, equity);
    this.#recentEquity.push([time, equity]);
    while (this.#recentEquity.length > MOST_MARKS || this.#recentEquity[0][0] < time - DAY_MS) {
      this.#recentEquity.shift();
    }
    const floor = this.#peakEquity * (1 - this.#limits.drawdownLimit);
    // Written so that equity that is not a number halts too.
    if (!(equity > floor)) this.#trading = 'HALTED';
  }

  /**
   * Takes note of a closed trade's return. After enough trades on a rung the ladder is climbed if
   * their mean is significantly above zero, and one rung is given up if it is significantly below.
   */
  recordTrade(tradeReturn: number): void {
    const [count, sum, squares] = this.#rungTrades;
    this.#rungTrades = [count + 1, sum + tradeReturn, squares + tradeReturn * tradeReturn];
    if (this.#rungTrades[0] < this.#limits.promotionTrades) return;
    const t = tStatistic(this.#rungTrades);
    const step = t >= this.#limits.promotionTStatistic ? 1 : 0;
    const back = t <= -this.#limits.promotionTStatistic ? 1 : 0;
    if (step === 0 && back === 0) return;
    this.#rung = Math.min(this.#limits.ladder.length - 1, Math.max(0, this.#rung + step - back));
    this.#rungTrades = [0, 0, 0];
  }

  /** Answers one decision. An order that is returned counts towards the rate limit. */
  ask(question: RiskQuestion): RiskVerdict {
    if (this.#killed) return { kind: 'denied', reason: 'KILL_SWITCH' };
    const side = question.action === 'long' ? 1 : question.action === 'short' ? -1 : 0;
    if (this.#trading === 'HALTED' && question.units !== 0) return this.#order(question, 0);
    if (side === 0) return question.units === 0 ? { kind: 'hold' } : this.#order(question, 0);
    if (Math.sign(question.units) === side) return { kind: 'hold' };
    const reason = this.#denial(question, side);
    if (reason === undefined) return this.#order(question, side);
    // The entry is refused, but the opposite position it would have closed is still closed.
    return Math.sign(question.units) === -side
      ? this.#order(question, 0, reason)
      : { kind: 'denied', reason };
  }

  #denial(question: RiskQuestion, side: number): DenialReason | undefined {
    const limits = this.#limits;
    const age = question.now - question.candleClosed;
    if (this.#trading === 'HALTED') return 'HALTED';
    if (this.#trading === 'REDUCING') return 'REDUCING_ONLY';
    if (!(age >= 0 && age <= limits.maximumDataAgeMs)) return 'STALE_DATA';
    if (side < 0 && !limits.shorting) return 'SHORTING_NOT_ALLOWED';
    if (!(question.confidence >= limits.minimumConfidence)) return 'CONFIDENCE_BELOW_MINIMUM';
    if (!(question.volatility < limits.crisisVolatility)) return 'CRISIS_VOLATILITY';
    if (question.equity <= this.#dayHigh() * (1 - limits.dailyLossLimit)) {
      return 'DAILY_LOSS_LIMIT';
    }
    if (this.#ordersSince(question.now - DAY_MS) >= limits.maximumOrdersPerDay) return 'RATE_LIMIT';
    if (!(question.equity > 0)) return 'NO_EQUITY';
    if (limits.ladder[this.#rung] * question.equity < limits.minimumNotional) {
      return 'BELOW_MINIMUM_NOTIONAL';
    }
    return undefined;
  }

  #order(question: RiskQuestion, side: number, denied?: DenialReason): RiskVerdict {
    this.#recentOrders.push(question.now);
    const fraction = this.#limits.ladder[this.#rung];
    return {
      kind: 'order',
      targetUnits: side === 0 ? 0 : (side * fraction * question.equity) / question.price,
      limitFraction: fraction,
      denied,
    };
  }

  /** Highest equity of the last 24 hours; −Infinity when none was marked. */
  #dayHigh(): number {
    let highest = -Infinity;
    for (const [, equity] of this.#recentEquity) highest = Math.max(highest, equity);
    return highest;
  }

  #ordersSince(time: number): number {
    while (this.#recentOrders.length > 0 && this.#recentOrders[0] <= time) {
      this.#recentOrders.shift();
    }
    return this.#recentOrders.length;
  }
}

function tStatistic([count, sum, squares]: readonly [number, number, number]): number {
  const mean = sum / count;
  const variance = (squares - count * mean * mean) / (count - 1);
  return variance > 0 ? mean / Math.sqrt(variance / count) : 0;
}
