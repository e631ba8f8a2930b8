import type { EngineConfiguration } from './configuration.ts';
import { QarError } from './errors.ts';
import { Account } from './execution/account.ts';
import type { Candles } from './market-data/candles.ts';
import { performanceMetrics } from './performance-metrics.ts';
import type { PerformanceMetrics } from './performance-metrics.ts';

export interface BaselineRun {
  /** Open time of each candle, ms since the Unix epoch: the same as a backtest's. */
  readonly time: Float64Array;
  readonly equity: Float64Array;
  readonly metrics: PerformanceMetrics;
}

/**
 * Buys once at the first open a backtest could fill at, at the same costs, and holds.
 *
 * @param exposure - fraction of equity bought, in [0, 1]; the rest stays in cash.
 * @throws {QarError} `NOT_ENOUGH_CANDLES`, `BAD_CONFIGURATION`
 */
export function buyAndHold(
  candles: Candles,
  configuration: EngineConfiguration,
  exposure = 1,
): BaselineRun {
  if (!(exposure >= 0 && exposure <= 1)) {
    throw new QarError('BAD_CONFIGURATION', `exposure ${exposure} is not in [0, 1]`);
  }
  const first = configuration.windowCandles - 1;
  const steps = candles.length - first;
  if (steps < 2) {
    throw new QarError('NOT_ENOUGH_CANDLES', `${steps} candles to hold over; 2 are needed`);
  }
  const account = new Account(configuration.startingEquity, configuration);
  const equity = new Float64Array(steps);
  const exposures = new Float64Array(steps);
  let tradedNotional = 0;
  for (let step = 0; step < steps; step++) {
    const index = first + step;
    if (step === 1) {
      const order = { targetUnits: Number.MAX_VALUE, limitFraction: exposure };
      const fill = account.fill(order, candles.open[index], candles.time[index]);
      tradedNotional += fill === undefined ? 0 : fill.units * fill.price;
    }
    equity[step] = account.equity(candles.close[index]);
    exposures[step] = account.exposure(candles.close[index]);
  }
  const trades = tradedNotional > 0 ? 1 : 0;
  const { periodsPerYear } = configuration;
  const record = { equity, exposure: exposures, tradedNotional, trades, periodsPerYear };
  return {
    time: candles.time.slice(first),
    equity,
    metrics: performanceMetrics(record),
  };
}

/** Holds nothing over the same span. */
export function holdCash(candles: Candles, configuration: EngineConfiguration): BaselineRun {
  return buyAndHold(candles, configuration, 0);
}
