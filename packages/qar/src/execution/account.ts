import { QarError } from '../errors.ts';
import { roundTowardsZero } from '../risk/venue.ts';

/** A target the risk gate let through, filled from the next candle's open on. */
export interface Order {
  /** Position to hold after the fill, base units; negative is short. */
  readonly targetUnits: number;
  /** Largest absolute position at the fill, as a fraction of equity there, in [0, 1]. */
  readonly limitFraction: number;
}

export interface Fill {
  readonly time: number;
  /** Base units bought (positive) or sold (negative). */
  readonly units: number;
  /** Price paid or received, slippage included. */
  readonly price: number;
  /** Fee in quote currency. */
  readonly fee: number;
  /** Units after the fill. */
  readonly position: number;
  /** Equity right after the fill, at the fill's own open. */
  readonly equity: number;
  /**
   * Profit of the part that this fill closed, fees of both sides included; 0 when it only opened.
   */
  readonly realized: number;
  /** That profit over the notional closed, at its entry price; `undefined` when nothing closed. */
  readonly realizedReturn: number | undefined;
}

export interface AccountState {
  readonly cash: number;
  readonly units: number;
  /** Average entry price of the open units, slippage and fees included; 0 when flat. */
  readonly entryPrice: number;
}

export interface Costs {
  readonly feeRate: number;
  readonly slippageRate: number;
}

export interface FillLimits {
  /** Most base units to trade. */
  readonly mostUnits: number;
  /** Positions and trades are multiples of it, base units; 0 when any quantity is. */
  readonly quantityStep: number;
}

const WHOLE: FillLimits = { mostUnits: Infinity, quantityStep: 0 };

/**
 * Cash and one position in one pair. Orders fill at a given price, worse by the slippage, and pay
 * a fee on the notional.
 */
export class Account {
  #cash: number;
  #units = 0;
  #entryPrice = 0;
  readonly #costs: Costs;

  constructor(startingEquity: number, costs: Costs) {
    this.#cash = startingEquity;
    this.#costs = costs;
  }

  static restore(state: AccountState, costs: Costs): Account {
    const numbers = [state.cash, state.units, state.entryPrice];
    if (!numbers.every(Number.isFinite) || state.entryPrice < 0) {
      throw new QarError('BAD_SNAPSHOT', `the account holds ${numbers.join(', ')}`);
    }
    const account = new Account(state.cash, costs);
    account.#units = state.units;
    account.#entryPrice = state.entryPrice;
    return account;
  }

  get units(): number {
    return this.#units;
  }

  state(): AccountState {
    return { cash: this.#cash, units: this.#units, entryPrice: this.#entryPrice };
  }

  /** Cash plus position at a price. */
  equity(price: number): number {
    return this.#cash + this.#units * price;
  }

  /** Position over equity at a price, signed. */
  exposure(price: number): number {
    return (this.#units * price) / this.equity(price);
  }

  /** Average entry price of the open units, slippage and fees included; 0 when flat. */
  get entryPrice(): number {
    return this.#entryPrice;
  }

  /**
   * Moves towards the order's target at an open, clipped so that the position is within the order's
   * limit at that very price. `undefined` when nothing is traded.
   */
  fill(order: Order, open: number, time: number, limits = WHOLE): Fill | undefined {
    const goal = roundTowardsZero(this.#clip(order, open), limits.quantityStep);
    const wanted = goal - this.#units;
    const most = roundTowardsZero(limits.mostUnits, limits.quantityStep);
    const units = Math.min(most, Math.max(-most, wanted));
    if (units === 0) return undefined;
    // A whole fill ends at the very goal, which position plus trade may miss by a rounding error.
    const target = units === wanted ? goal : this.#units + units;
    const price = open * (units > 0 ? 1 + this.#costs.slippageRate : 1 - this.#costs.slippageRate);
    const fee = Math.abs(units) * price * this.#costs.feeRate;
    const closed = this.#close(units, price);
    this.#cash -= units * price + fee;
    this.#open(units, price);
    this.#units = target;
    return {
      time,
      units,
      price,
      fee,
      position: target,
      equity: this.equity(open),
      realized: closed.profit,
      realizedReturn: closed.notional > 0 ? closed.profit / closed.notional : undefined,
    };
  }

  /**
   * The target, moved inside the limit: |position| · open ≤ limit · equity, where equity is what is
   * left after the fill's own slippage and fee.
   */
  #clip(order: Order, open: number): number {
    const { feeRate, slippageRate } = this.#costs;
    const cost = slippageRate + feeRate * (1 + slippageRate);
    const limit = order.limitFraction;
    const equity = this.equity(open);
    const toClose = Math.abs(this.#units) * open * cost;
    const sameSide = order.targetUnits * this.#units > 0;
    const enlarged = (limit * (equity + toClose)) / (open * (1 + limit * cost));
    let largest = enlarged;
    if (!sameSide) largest = (limit * (equity - toClose)) / (open * (1 + limit * cost));
    else if (enlarged < Math.abs(this.#units)) {
      largest = (limit * (equity - toClose)) / (open * (1 - limit * cost));
    }
    largest = Math.max(0, largest);
    // Adding zero turns −0, which JSON cannot carry, into 0.
    return Math.min(largest, Math.max(-largest, order.targetUnits)) + 0;
  }

  #close(units: number, price: number): { profit: number; notional: number } {
    const closing = this.#units * units < 0 ? Math.min(Math.abs(units), Math.abs(this.#units)) : 0;
    if (closing === 0) return { profit: 0, notional: 0 };
    const side = Math.sign(this.#units);
    const fee = closing * price * this.#costs.feeRate;
    return {
      profit: side * closing * (price - this.#entryPrice) - fee,
      notional: closing * this.#entryPrice,
    };
  }

  #open(units: number, price: number): void {
    const target = this.#units + units;
    const opened = Math.abs(target) - (this.#units * target > 0 ? Math.abs(this.#units) : 0);
    if (target === 0) this.#entryPrice = 0;
    else if (opened > 0) {
      // A long costs its fee on top of the price; a short receives the price less the fee.
      const paid = price * (1 + Math.sign(target) * this.#costs.feeRate);
      const kept = Math.abs(target) - opened;
      this.#entryPrice = (this.#entryPrice * kept + paid * opened) / Math.abs(target);
    }
  }
}
