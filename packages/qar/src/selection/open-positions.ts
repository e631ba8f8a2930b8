import { REGIMES } from '@sema/learning';
import { QarError } from '../errors.ts';
import { LEAST_EVIDENCE, MOST_EVIDENCE } from './evidence.ts';
import { isBetween } from './restored-numbers.ts';

/** A position as a decision asked for it, taken or not. */
export interface ProposedPosition {
  /** 1 long, −1 short. */
  readonly side: 1 | -1;
  readonly evidence: number;
  /** Index into `REGIMES`. */
  readonly regime: number;
  /** Whether the decision went. */
  readonly went: boolean;
}

/** What became of one. */
export interface SettledPosition extends ProposedPosition {
  readonly profitable: boolean;
}

export interface TradingCosts {
  /** Fee per traded notional. */
  readonly feeRate: number;
  /** Price given up on each fill, as a fraction of it. */
  readonly slippageRate: number;
}

/** Side (0 for none), evidence, regime, 1 if it went, entry price (0 before it is known). */
const FIELDS = 5;

/**
 * Whether one unit bought (side 1) or sold short (side −1) at one price and closed at another ends
 * in profit, after fee and slippage both ways.
 */
export function isProfitable(
  side: 1 | -1,
  entry: number,
  exit: number,
  { feeRate, slippageRate }: TradingCosts,
): boolean {
  const kept = (1 - slippageRate) * (1 - feeRate);
  const paid = (1 + slippageRate) * (1 + feeRate);
  return side === 1 ? exit * kept > entry * paid : entry * kept > exit * paid;
}

/**
 * The positions that decisions of the last candles asked for, each followed for a fixed number of
 * candles, whether the account took it or not: in at the open after the decision, out at the open
 * so many candles later. One slot a candle; a decision for none leaves its slot empty. O(1).
 */
export class OpenPositions {
  readonly #candles: number;
  readonly #costs: TradingCosts;
  #rows: Float64Array;
  #newest = 0;

  /** @param candles - for which a position is held, ≥ 1. */
  constructor(candles: number, costs: TradingCosts) {
    this.#candles = candles;
    this.#costs = costs;
    this.#rows = new Float64Array(FIELDS * (candles + 1));
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(
    candles: number,
    costs: TradingCosts,
    { rows, newest }: { readonly rows: unknown; readonly newest: unknown },
  ): OpenPositions {
    const positions = new OpenPositions(candles, costs);
    const isSlot =
      Number.isInteger(newest) && typeof newest === 'number' && isBetween(newest, 0, candles);
    if (!isSlot || !(rows instanceof Float64Array) || !areRows(rows, candles + 1)) {
      throw new QarError('BAD_SNAPSHOT', 'the open positions are not what a run leaves open');
    }
    positions.#rows = rows.slice();
    positions.#newest = newest;
    return positions;
  }

  /**
   * Takes the open of the next candle: the entry of the newest position, the exit of the oldest.
   *
   * @returns the one that was closed; undefined where none was.
   */
  advance(open: number): SettledPosition | undefined {
    const rows = this.#rows;
    const newest = this.#newest * FIELDS;
    if (rows[newest] !== 0) rows[newest + 4] = open;
    this.#newest = (this.#newest + 1) % (this.#candles + 1);
    const oldest = this.#newest * FIELDS;
    const side = rows[oldest];
    if (side !== 1 && side !== -1) return undefined;
    rows[oldest] = 0;
    return {
      side,
      evidence: rows[oldest + 1],
      regime: rows[oldest + 2],
      went: rows[oldest + 3] === 1,
      profitable: isProfitable(side, rows[oldest + 4], open, this.#costs),
    };
  }

  /** Notes the position that the decision of this candle asks for. */
  propose({ side, evidence, regime, went }: ProposedPosition): void {
    const row = this.#newest * FIELDS;
    const rows = this.#rows;
    rows[row] = side;
    rows[row + 1] = evidence;
    rows[row + 2] = regime;
    rows[row + 3] = went ? 1 : 0;
    rows[row + 4] = 0;
  }

  /** Side, evidence and 1 if it went, of the newest position; zeros where there is none. */
  newest(): readonly [side: number, evidence: number, went: number] {
    const row = this.#newest * FIELDS;
    if (this.#rows[row] === 0) return [0, 0, 0];
    return [this.#rows[row], this.#rows[row + 1], this.#rows[row + 3]];
  }

  snapshot(): { readonly rows: Float64Array; readonly newest: number } {
    return { rows: this.#rows.slice(), newest: this.#newest };
  }
}

function areRows(rows: Float64Array, count: number): boolean {
  if (rows.length !== FIELDS * count) return false;
  for (let row = 0; row < rows.length; row += FIELDS) {
    const [side, evidence, regime, went, entry] = rows.subarray(row, row + FIELDS);
    const isRow =
      (side === 0 || side === 1 || side === -1) &&
      (evidence === 0 || isBetween(evidence, LEAST_EVIDENCE, MOST_EVIDENCE)) &&
      Number.isInteger(regime) &&
      isBetween(regime, 0, REGIMES.length - 1) &&
      (went === 0 || went === 1) &&
      isBetween(entry, 0, Number.MAX_VALUE);
    if (!isRow) return false;
  }
  return true;
}
