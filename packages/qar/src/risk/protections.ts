import { QarError } from '../errors.ts';
import type { DenialReason } from './denial.ts';

/**
 * Locks on new positions after trades that went badly. A count of 0 switches a rule off.
 *
 * The rules are those of the protections that traders know from freqtrade.
 */
export interface ProtectionLimits {
  /** Candles without an entry after a position was closed. */
  readonly coolDownCandles: number;
  /** Stops hit within the look-back that lock entries. */
  readonly stopGuardTrades: number;
  /** Trades within the look-back from which their mean return is judged. */
  readonly lowProfitTrades: number;
  /** Mean return below which the low-profit rule locks. */
  readonly lowProfitReturn: number;
  /** Losing trades in a row that lock entries. */
  readonly lossStreakTrades: number;
  /** Candles that stop guard and low-profit rule look back over. */
  readonly lookbackCandles: number;
  /** Candles that a lock lasts, counted from the last trade that caused it. */
  readonly lockCandles: number;
}

export const NO_PROTECTIONS: ProtectionLimits = {
  coolDownCandles: 0,
  stopGuardTrades: 0,
  lowProfitTrades: 0,
  lowProfitReturn: 0,
  lossStreakTrades: 0,
  lookbackCandles: 100,
  lockCandles: 20,
};

export interface ClosedTrade {
  /** When the candle that it was closed in closed, ms since the Unix epoch. */
  readonly time: number;
  /** Profit over the notional closed. */
  readonly return: number;
  /** Whether a stop closed it. */
  readonly stopped: boolean;
}

/** Trades remembered; configuration keeps every count below it. */
export const MOST_TRADES = 256;

/** The last closed trades, and which locks they cause. */
export class Protections {
  readonly #limits: ProtectionLimits;
  readonly #intervalMs: number;
  #trades: ClosedTrade[] = [];

  constructor(limits: ProtectionLimits, intervalMs: number) {
    this.#limits = limits;
    this.#intervalMs = intervalMs;
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(limits: ProtectionLimits, intervalMs: number, trades: unknown): Protections {
    if (!Array.isArray(trades) || trades.length > MOST_TRADES || !trades.every(isClosedTrade)) {
      throw new QarError('BAD_SNAPSHOT', 'the closed trades are not what a gate remembers');
    }
    const protections = new Protections(limits, intervalMs);
    protections.#trades = [...trades];
    return protections;
  }

  get trades(): readonly ClosedTrade[] {
    return this.#trades;
  }

  record(trade: ClosedTrade): void {
    this.#trades.push(trade);
    if (this.#trades.length > MOST_TRADES) this.#trades.shift();
  }

  /** The first rule that locks entries at `time`. O(trades remembered). */
  denial(time: number): DenialReason | undefined {
    const last = this.#trades.at(-1);
    if (last === undefined) return undefined;
    if (this.#within(last, time, this.#limits.coolDownCandles)) return 'COOL_DOWN';
    if (this.#stopGuard(time)) return 'STOP_LOSS_GUARD';
    if (this.#lowProfit(time)) return 'LOW_PROFIT_LOCK';
    return this.#lossStreak(time) ? 'LOSS_STREAK' : undefined;
  }

  #stopGuard(time: number): boolean {
    const { stopGuardTrades } = this.#limits;
    if (stopGuardTrades === 0) return false;
    const stops = this.#trades.filter((trade) => trade.stopped && this.#recent(trade, time));
    return stops.length >= stopGuardTrades && this.#locks(stops.at(-1), time);
  }

  #lowProfit(time: number): boolean {
    const { lowProfitTrades, lowProfitReturn } = this.#limits;
    if (lowProfitTrades === 0) return false;
    const recent = this.#trades.filter((trade) => this.#recent(trade, time));
    if (recent.length < lowProfitTrades) return false;
    let sum = 0;
    for (const trade of recent) sum += trade.return;
    return sum / recent.length < lowProfitReturn && this.#locks(recent.at(-1), time);
  }

  #lossStreak(time: number): boolean {
    const { lossStreakTrades } = this.#limits;
    if (lossStreakTrades === 0 || this.#trades.length < lossStreakTrades) return false;
    const streak = this.#trades.slice(-lossStreakTrades);
    return streak.every((trade) => trade.return < 0) && this.#locks(streak.at(-1), time);
  }

  #recent(trade: ClosedTrade, time: number): boolean {
    return this.#within(trade, time, this.#limits.lookbackCandles);
  }

  #locks(trade: ClosedTrade | undefined, time: number): boolean {
    return trade !== undefined && this.#within(trade, time, this.#limits.lockCandles);
  }

  /** Whether less than `candles` candles have passed; a time that is no number counts as none. */
  #within(trade: ClosedTrade, time: number, candles: number): boolean {
    return candles > 0 && !(time - trade.time >= candles * this.#intervalMs);
  }
}

function isClosedTrade(value: unknown): value is ClosedTrade {
  if (typeof value !== 'object' || value === null) return false;
  const trade = value as Partial<Record<keyof ClosedTrade, unknown>>;
  return (
    Number.isFinite(trade.time) &&
    Number.isFinite(trade.return) &&
    typeof trade.stopped === 'boolean'
  );
}
