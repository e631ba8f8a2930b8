import {
  buyAndHold,
  holdCash,
  runBacktest,
  type BacktestOptions,
  type BacktestRun,
  type Candles,
  type EngineConfiguration,
  type PerformanceMetrics,
} from '@sema/qar';
import { candlesBetween } from './candles-between.ts';
import { percent } from './figures.ts';

export type ContenderId = 'sema' | 'twin' | 'buy-and-hold' | 'scaled-buy-and-hold' | 'cash';

/** One way to have spent the same span with the same equity and costs. */
export interface Contender {
  readonly id: ContenderId;
  readonly title: string;
  /** Equity at each close, as long as Sema's. */
  readonly equity: Float64Array;
  readonly metrics: PerformanceMetrics;
}

export interface Comparison {
  readonly sema: BacktestRun;
  /** The same engine with every circuit replaced by its closed form. */
  readonly twin: BacktestRun;
  readonly contenders: readonly Contender[];
  /** Largest absolute difference between an action's preference by the circuits and by the twin. */
  readonly largestPreferenceDifference: number;
  /** Whether the two had the same equity at every close, to half a cent. */
  readonly sameEquity: boolean;
}

const HALF_A_CENT = 0.005;

/**
 * Runs Sema and everything it is measured against over the same candles. Only Sema's run is
 * journaled and reports progress.
 */
export function compare(
  candles: Candles,
  configuration: EngineConfiguration,
  options: BacktestOptions,
): Comparison {
  const sema = runBacktest(candles, configuration, options);
  const from = candles.time.indexOf(sema.time[0]);
  const twin = runTwin(candles, configuration, options, from);
  const held = candlesBetween(
    candles,
    from - configuration.windowCandles + 1,
    from + sema.time.length,
  );
  const start = { ...configuration, startingEquity: sema.equity[0] };
  const exposure = Math.min(1, sema.metrics.meanExposure);
  const contenders: Contender[] = [
    { id: 'sema', title: 'Sema', ...sema },
    { id: 'twin', title: 'Classical twin', ...twin },
    { id: 'buy-and-hold', title: 'Buy and hold', ...buyAndHold(held, start) },
    {
      id: 'scaled-buy-and-hold',
      title: `Buy and hold at ${percent(exposure, 2)}`,
      ...buyAndHold(held, start, exposure),
    },
    { id: 'cash', title: 'Cash', ...holdCash(held, start) },
  ];
  return {
    sema,
    twin,
    contenders: contenders.map(({ id, title, equity, metrics }) => ({
      id,
      title,
      equity,
      metrics,
    })),
    largestPreferenceDifference: largestDifference(sema.preferences, twin.preferences),
    sameEquity: largestDifference(sema.equity, twin.equity) <= HALF_A_CENT,
  };
}

/** A resumed run is compared with a twin that has lived through the candles before it as well. */
function runTwin(
  candles: Candles,
  configuration: EngineConfiguration,
  options: BacktestOptions,
  from: number,
): BacktestRun {
  const twin: EngineConfiguration = { ...configuration, path: 'twin' };
  const { clock, key, dataName, dataHash, stopBefore, frozen } = options;
  const quiet = { clock, key, dataName, dataHash, writeLine: () => undefined };
  const rest = {
    ...quiet,
    ...(stopBefore !== undefined && { stopBefore }),
    ...(frozen !== undefined && { frozen }),
  };
  if (from === configuration.windowCandles - 1) return runBacktest(candles, twin, rest);
  const past = runBacktest(candles, twin, { ...quiet, stopBefore: from });
  return runBacktest(candles, twin, { ...rest, resume: past.snapshot });
}

function largestDifference(left: Float64Array, right: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < left.length; i++) {
    largest = Math.max(largest, Math.abs(left[i] - right[i]));
  }
  return largest;
}
