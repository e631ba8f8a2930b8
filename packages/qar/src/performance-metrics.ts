import { pow } from '@sema/simulator/elementary';

export interface PerformanceMetrics {
  /** Last equity over the first, minus 1. */
  readonly totalReturn: number;
  /** Geometric, per year. */
  readonly annualReturn: number;
  /** Annualised, risk-free rate 0; `undefined` when the returns do not vary. */
  readonly sharpe: number | undefined;
  /** Annualised, against a target of 0; `undefined` without a losing period. */
  readonly sortino: number | undefined;
  /** Largest loss from an earlier peak, as a fraction of it. */
  readonly maximumDrawdown: number;
  /** Traded notional per year over mean equity. */
  readonly turnover: number;
  readonly trades: number;
  /** Mean absolute position over equity. */
  readonly meanExposure: number;
}

export interface PerformanceRecord {
  /** Equity at each close, ≥ 2 values, all > 0. */
  readonly equity: Float64Array;
  /** Position over equity at each close, signed. */
  readonly exposure: Float64Array;
  /** Absolute notional of every fill, summed. */
  readonly tradedNotional: number;
  readonly trades: number;
  readonly periodsPerYear: number;
}

/**
 * The usual figures of an equity curve. O(n).
 *
 * @see Sharpe (1994), The Sharpe ratio; Sortino & van der Meer (1991), Downside risk.
 */
export function performanceMetrics(record: PerformanceRecord): PerformanceMetrics {
  const { equity, periodsPerYear } = record;
  const periods = equity.length - 1;
  const growth = equity[periods] / equity[0];
  const { mean, deviation, downside, maximumDrawdown } = returnMoments(equity);
  const years = periods / periodsPerYear;
  const annualRoot = Math.sqrt(periodsPerYear);
  return {
    totalReturn: growth - 1,
    annualReturn: growth > 0 ? pow(growth, 1 / years) - 1 : -1,
    sharpe: deviation > 0 ? (mean / deviation) * annualRoot : undefined,
    sortino: downside > 0 ? (mean / downside) * annualRoot : undefined,
    maximumDrawdown,
    turnover: record.tradedNotional / average(equity) / years,
    trades: record.trades,
    meanExposure: average(record.exposure.map(Math.abs)),
  };
}

function returnMoments(equity: Float64Array) {
  const periods = equity.length - 1;
  let sum = 0;
  let losses = 0;
  let peak = equity[0];
  let maximumDrawdown = 0;
  for (let i = 1; i <= periods; i++) {
    const change = equity[i] / equity[i - 1] - 1;
    sum += change;
    losses += Math.min(0, change) * Math.min(0, change);
    peak = Math.max(peak, equity[i]);
    maximumDrawdown = Math.max(maximumDrawdown, 1 - equity[i] / peak);
  }
  const mean = sum / periods;
  // A second pass: subtracting squares would leave rounding noise where the returns are all alike.
  let squares = 0;
  for (let i = 1; i <= periods; i++) {
    const deviation = equity[i] / equity[i - 1] - 1 - mean;
    squares += deviation * deviation;
  }
  return {
    mean,
    deviation: Math.sqrt(squares / Math.max(1, periods - 1)),
    downside: Math.sqrt(losses / periods),
    maximumDrawdown,
  };
}

function average(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
