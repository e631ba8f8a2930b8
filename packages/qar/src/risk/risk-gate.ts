import type { Action } from '../actions.ts';
import { QarError } from '../errors.ts';
import type { DenialReason } from './denial.ts';
import { EquityRecord } from './equity-record.ts';
import type { EquityState } from './equity-record.ts';
import { Ladder } from './ladder.ts';
import type { LadderState } from './ladder.ts';
import type { ClosedTrade } from './protections.ts';
import { Protections } from './protections.ts';
import type { RiskLimits } from './risk-limits.ts';
import { stricter, tradingState } from './trading-state.ts';
import type { TradingState } from './trading-state.ts';
import { roundTowardsZero, venueDenial } from './venue.ts';

export interface RiskQuestion {
  readonly action: Action;
  /** Probability that the position ends in profit, in [0, 1]; undefined while it is unknown. */
  readonly confidence: number | undefined;
  /** Share of its size that an entry is to have; outside [0, 1] the nearer end counts. */
  readonly positionMultiplier: number;
  /** Experts that voted. */
  readonly votes: number;
  /** Whether the twin decided in place of circuits that failed. */
  readonly fallback: boolean;
  /** Annualised. */
  readonly volatility: number;
  /** Size of the newest candle's log return, in standard deviations of one candle's. */
  readonly jumpSigmas: number;
  /** Longest time between two candles of the latest, in intervals. */
  readonly gapIntervals: number;
  /** Volume of the newest candle, base units. */
  readonly volume: number;
  /** Mean volume of the latest candles, base units. */
  readonly usualVolume: number;
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
  readonly ladder: LadderState;
  readonly equity: EquityState;
  readonly trades: readonly ClosedTrade[];
  /** Times of the last orders, at most 2000, ms, ascending. */
  readonly recentOrders: readonly number[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Orders remembered: entries are limited to 1000 a day, and each has at most one exit. */
const MOST_ORDERS = 2000;

/**
 * The last word on every order. It can refuse an entry for any of `DENIALS`; it never refuses to
 * reduce a position, except after a kill.
 */
export class RiskGate {
  readonly #limits: RiskLimits;
  readonly #ladder: Ladder;
  readonly #equity: EquityRecord;
  readonly #protections: Protections;
  #trading: TradingState = 'ACTIVE';
  #recentOrders: number[] = [];

  constructor(limits: RiskLimits, startingEquity: number, intervalMs: number, parts?: GateParts) {
    this.#limits = limits;
    this.#ladder = parts?.ladder ?? new Ladder(limits);
    this.#equity = parts?.equity ?? new EquityRecord(startingEquity, limits.rollingDays);
    this.#protections = parts?.protections ?? new Protections(limits.protections, intervalMs);
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(limits: RiskLimits, intervalMs: number, state: RiskState): RiskGate {
    const recentOrders: readonly number[] = state.recentOrders;
    if (!isTimes(recentOrders)) {
      throw new QarError('BAD_SNAPSHOT', 'the recent orders are not times');
    }
    const parts: GateParts = {
      ladder: Ladder.restore(limits, state.ladder),
      equity: EquityRecord.restore(state.equity, limits.rollingDays),
      protections: Protections.restore(limits.protections, intervalMs, state.trades),
    };
    const gate = new RiskGate(limits, state.equity.peakEquity, intervalMs, parts);
    gate.#trading = tradingState(state.trading);
    gate.#recentOrders = [...recentOrders].sort((a, b) => a - b);
    return gate;
  }

  get trading(): TradingState {
    return this.#trading;
  }

  state(): RiskState {
    return {
      trading: this.#trading,
      ladder: this.#ladder.state(),
      equity: this.#equity.state(),
      trades: [...this.#protections.trades],
      recentOrders: [...this.#recentOrders],
    };
  }

  /** Refuses everything from now on, exits too: a person takes over the position. */
  kill(): void {
    this.#trading = 'KILLED';
  }

  /** Closes what is open and refuses entries, until a person resumes. */
  halt(): void {
    this.#trading = stricter(this.#trading, 'HALTED');
  }

  /** Refuses entries and lets exits through, until a person resumes. */
  reduce(): void {
    this.#trading = stricter(this.#trading, 'REDUCING');
  }

  /** Trades again, and measures draw-down anew from this equity. */
  resume(equity: number): void {
    this.#trading = 'ACTIVE';
    this.#equity.startAnew(equity);
  }

  /** Takes note of equity at a candle's close; may halt trading for draw-down. */
  mark(time: number, equity: number): void {
    this.#equity.mark(time, equity);
    const floor = this.#equity.peak * (1 - this.#limits.drawdownLimit);
    // Written so that equity that is not a number halts too.
    if (!(equity > floor)) this.halt();
  }

  recordTrade(trade: ClosedTrade): void {
    this.#ladder.record(trade.return);
    this.#protections.record(trade);
  }

  /** Answers one decision. An order that is returned counts towards the rate limits. */
  ask(question: RiskQuestion): RiskVerdict {
    if (this.#trading === 'KILLED') return { kind: 'denied', reason: 'KILL_SWITCH' };
    const side = question.action === 'long' ? 1 : question.action === 'short' ? -1 : 0;
    if (this.#trading === 'HALTED' && question.units !== 0) return this.#order(question.now, 0);
    if (side === 0) return question.units === 0 ? { kind: 'hold' } : this.#order(question.now, 0);
    if (Math.sign(question.units) === side) return { kind: 'hold' };
    const target = this.#entry(question, side);
    const reason =
      this.#dataDenial(question) ??
      this.#decisionDenial(question, side) ??
      this.#accountDenial(question) ??
      venueDenial(target, question.price, this.#limits.venue) ??
      this.#marketDenial(question, target);
    if (reason === undefined) return this.#order(question.now, target);
    // The entry is refused, but the opposite position it would have closed is still closed.
    return Math.sign(question.units) === -side
      ? this.#order(question.now, 0, reason)
      : { kind: 'denied', reason };
  }

  #dataDenial(question: RiskQuestion): DenialReason | undefined {
    const { now, candleClosed, price } = question;
    if (this.#trading === 'HALTED') return 'HALTED';
    if (this.#trading === 'REDUCING') return 'REDUCING_ONLY';
    const age = now - candleClosed;
    if (age < 0) return 'CLOCK_BEHIND_DATA';
    // From here on every rule is written so that what is not a number is refused.
    if (!(age <= this.#limits.maximumDataAgeMs)) return 'STALE_DATA';
    if (!(price > 0 && price < Infinity)) return 'BAD_PRICE';
    if (!(question.gapIntervals <= this.#limits.maximumGapIntervals)) return 'DATA_GAP';
    if (!(question.volume > 0)) return 'NO_VOLUME';
    if (!(question.jumpSigmas <= this.#limits.maximumJumpSigmas)) return 'PRICE_JUMP';
    return undefined;
  }

  #decisionDenial(question: RiskQuestion, side: number): DenialReason | undefined {
    const limits = this.#limits;
    if (question.fallback && !limits.entriesOnFallback) return 'FALLBACK_NOT_TRUSTED';
    if (!(question.votes >= limits.minimumVotes)) return 'TOO_FEW_VOTES';
    if (side < 0 && !limits.shorting) return 'SHORTING_NOT_ALLOWED';
    if (question.confidence === undefined) return 'CONFIDENCE_UNKNOWN';
    if (!(question.confidence >= limits.minimumConfidence)) return 'CONFIDENCE_BELOW_MINIMUM';
    if (!(question.volatility < limits.crisisVolatility)) return 'CRISIS_VOLATILITY';
    return undefined;
  }

  #accountDenial({ equity, now, candleClosed }: RiskQuestion): DenialReason | undefined {
    const limits = this.#limits;
    if (!(equity > 0)) return 'NO_EQUITY';
    if (equity <= this.#equity.dayHigh * (1 - limits.dailyLossLimit)) return 'DAILY_LOSS_LIMIT';
    const floor = this.#equity.rollingHigh * (1 - limits.rollingDrawdownLimit);
    if (equity <= floor) return 'ROLLING_DRAWDOWN';
    if (this.#ordersSince(now - HOUR_MS) >= limits.maximumOrdersPerHour) return 'HOURLY_RATE_LIMIT';
    if (this.#ordersSince(now - DAY_MS) >= limits.maximumOrdersPerDay) return 'RATE_LIMIT';
    return this.#protections.denial(candleClosed);
  }

  #marketDenial({ usualVolume }: RiskQuestion, target: number): DenialReason | undefined {
    const most = this.#limits.maximumVolumeShare * usualVolume;
    return Math.abs(target) <= most ? undefined : 'THIN_MARKET';
  }

  /** The position an entry asks for, in the venue's steps. */
  #entry({ equity, price, positionMultiplier }: RiskQuestion, side: number): number {
    const fraction = Math.max(0, Math.min(1, positionMultiplier)) * this.#ladder.fraction;
    const units = (side * fraction * equity) / price;
    return roundTowardsZero(units, this.#limits.venue.quantityStep);
  }

  #order(now: number, targetUnits: number, denied?: DenialReason): RiskVerdict {
    this.#remember(now);
    return { kind: 'order', targetUnits, limitFraction: this.#ladder.fraction, denied };
  }

  /** Keeps the times in order, also when the clock has jumped back. */
  #remember(now: number): void {
    const orders = this.#recentOrders;
    let place = orders.length;
    while (place > 0 && orders[place - 1] > now) place--;
    orders.splice(place, 0, now);
    if (orders.length > MOST_ORDERS) orders.shift();
  }

  #ordersSince(time: number): number {
    const orders = this.#recentOrders;
    let first = orders.length;
    while (first > 0 && !(orders[first - 1] <= time)) first--;
    return orders.length - first;
  }
}

function isTimes(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= MOST_ORDERS &&
    value.every((time) => Number.isFinite(time))
  );
}

interface GateParts {
  readonly ladder: Ladder;
  readonly equity: EquityRecord;
  readonly protections: Protections;
}
