import { QarError } from '../errors.ts';
import { roundTowardsZero } from '../risk/venue.ts';
import type { Account, Fill, Order } from './account.ts';

export interface ExecutionRules {
  /** Largest part of a candle's volume that is filled in it, in (0, 1]. */
  readonly fillShare: number;
  /** Candles an order works for before the rest of it is given up. */
  readonly orderLifeCandles: number;
  /**
   * Loss from the entry price, as a fraction of it, at which a position is closed within a candle;
   * null for no stop.
   */
  readonly stopLossFraction: number | null;
}

export const DEFAULT_EXECUTION: ExecutionRules = {
  fillShare: 0.1,
  orderLifeCandles: 3,
  stopLossFraction: null,
};

/** The candle whose trading fills orders. */
export interface TradedCandle {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** Base units. */
  readonly volume: number;
}

/** A fill, and what asked for it. */
export interface ExecutedFill extends Fill {
  readonly cause: 'order' | 'stop';
}

export interface WorkingOrder extends Order {
  /** Candles it still works for, at least 1. */
  readonly candlesLeft: number;
}

export interface VenueSteps {
  readonly quantityStep: number;
  readonly priceStep: number;
}

/**
 * Fills orders from candles, in backtest, paper and dry run alike.
 *
 * An order fills at the open, as far as the candle's volume reaches, and its rest at the opens
 * after. A stop fills where the price first crosses it: at the stop, or at the open when the candle
 * opens beyond it; what the volume leaves of it waits for the next crossing. Within a candle the
 * open comes first and the stop after it.
 */
export class PaperExecution {
  readonly #account: Account;
  readonly #rules: ExecutionRules;
  readonly #steps: VenueSteps;
  #working: WorkingOrder | undefined;

  constructor(account: Account, rules: ExecutionRules, steps: VenueSteps, working?: WorkingOrder) {
    this.#account = account;
    this.#rules = rules;
    this.#steps = steps;
    this.#working = working;
  }

  /** What is left of the last order. */
  get working(): WorkingOrder | undefined {
    return this.#working;
  }

  /** Works for this order from the next open on, and no more for any other. */
  place({ targetUnits, limitFraction }: Order): void {
    const candlesLeft = this.#rules.orderLifeCandles;
    this.#working = { targetUnits, limitFraction, candlesLeft };
  }

  /** Gives up the rest of an order that would open or enlarge a position. */
  cancelEntry(): void {
    const { units } = this.#account;
    const target = this.#working?.targetUnits ?? 0;
    const reduces = Math.abs(target) < Math.abs(units) && target * units >= 0;
    if (!reduces) this.#working = undefined;
  }

  /** Trades one candle: the working order at its open, then the stop. At most two fills. */
  trade(candle: TradedCandle): ExecutedFill[] {
    const fills: ExecutedFill[] = [];
    let mostUnits = this.#rules.fillShare * candle.volume;
    const filled = this.#work(candle, mostUnits);
    if (filled !== undefined) {
      fills.push({ ...filled, cause: 'order' });
      mostUnits -= Math.abs(filled.units);
    }
    const stopped = this.#stop(candle, mostUnits);
    if (stopped !== undefined) {
      fills.push({ ...stopped, cause: 'stop' });
      this.#working = undefined;
    }
    return fills;
  }

  #work({ open, time }: TradedCandle, mostUnits: number): Fill | undefined {
    const order = this.#working;
    if (order === undefined) return undefined;
    const { quantityStep } = this.#steps;
    const fill = this.#account.fill(order, open, time, { mostUnits, quantityStep });
    const candlesLeft = order.candlesLeft - 1;
    const cut = fill === undefined ? mostUnits === 0 : Math.abs(fill.units) >= this.#cut(mostUnits);
    this.#working = cut && candlesLeft > 0 ? { ...order, candlesLeft } : undefined;
    return fill;
  }

  /** What a candle's volume cuts a fill down to. */
  #cut(mostUnits: number): number {
    return roundTowardsZero(mostUnits, this.#steps.quantityStep);
  }

  #stop({ open, high, low, time }: TradedCandle, mostUnits: number): Fill | undefined {
    const { stopLossFraction } = this.#rules;
    const { units, entryPrice } = this.#account;
    if (stopLossFraction === null || units === 0) return undefined;
    const side = Math.sign(units);
    const price = this.#stopPrice(entryPrice * (1 - side * stopLossFraction), side);
    const crossed = side > 0 ? low <= price : high >= price;
    if (!crossed) return undefined;
    const reached = side > 0 ? Math.min(open, price) : Math.max(open, price);
    const { quantityStep } = this.#steps;
    const order = { targetUnits: 0, limitFraction: 1 };
    return this.#account.fill(order, reached, time, { mostUnits, quantityStep });
  }

  /** On the venue's grid of prices, never nearer to the market than asked. */
  #stopPrice(price: number, side: number): number {
    const below = roundTowardsZero(price, this.#steps.priceStep);
    return side > 0 || below >= price ? below : below + this.#steps.priceStep;
  }
}

/** @throws {QarError} `BAD_SNAPSHOT` */
export function restoreWorkingOrder(value: unknown): WorkingOrder | undefined {
  if (value === null) return undefined;
  const order = (typeof value === 'object' ? value : {}) as Partial<
    Record<keyof WorkingOrder, unknown>
  >;
  const { targetUnits, limitFraction, candlesLeft } = order;
  const fine =
    typeof targetUnits === 'number' &&
    Number.isFinite(targetUnits) &&
    typeof limitFraction === 'number' &&
    limitFraction > 0 &&
    limitFraction <= 1 &&
    typeof candlesLeft === 'number' &&
    Number.isInteger(candlesLeft) &&
    candlesLeft > 0;
  if (!fine) throw new QarError('BAD_SNAPSHOT', 'the working order has no target, limit and life');
  return { targetUnits, limitFraction, candlesLeft };
}
