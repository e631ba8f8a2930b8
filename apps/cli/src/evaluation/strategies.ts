import { Hedge } from '@sema/algorithms';
import { EXPERTS, type Candles, type EngineConfiguration } from '@sema/qar';
import { netReturns } from '@sema/qar/evaluation';
import type { Study } from './study.ts';

/** One rule for being in the market with the whole of equity, over the same periods as others. */
export interface Strategy {
  readonly id: string;
  readonly title: string;
  /** Position over equity through each period: −1, 0 or 1. */
  readonly positions: Float64Array;
  /** Return of each period, net of costs. */
  readonly net: Float64Array;
}

/** The market between the opens at which decisions could be traded. */
export interface Market {
  /** From the open after each decision to the next, as long as every strategy. */
  readonly changes: Float64Array;
  readonly costRate: number;
  readonly shorting: boolean;
}

/** The last two decisions have no outcome yet, so they have no period. */
export function marketOf(candles: Candles, study: Study): Market {
  const { configuration, first, decisions } = study;
  const changes = Float64Array.from({ length: Math.max(0, decisions - 2) }, (_, i) => {
    return candles.open[first + i + 2] / candles.open[first + i + 1] - 1;
  });
  return {
    changes,
    costRate: configuration.feeRate + configuration.slippageRate,
    shorting: configuration.risk.shorting,
  };
}

/** @param signal - the side of each period; a short is no position where shorts are not allowed. */
function strategy(
  id: string,
  title: string,
  market: Market,
  signal: (period: number) => number,
): Strategy {
  const positions = Float64Array.from(market.changes, (_, period) => {
    const side = Math.sign(signal(period));
    return side < 0 && !market.shorting ? 0 : side;
  });
  return { id, title, positions, net: netReturns({ ...market, positions }) };
}

export function semaStrategy(id: string, title: string, study: Study, market: Market): Strategy {
  return strategy(id, title, market, (period) => study.signals[period]);
}

/** What Sema is measured against, cash and holding first, then each expert alone. */
export function benchmarks(study: Study, market: Market): Strategy[] {
  const { directions, configuration } = study;
  const hedged = plainHedge(study, market, configuration);
  const majority = (period: number) => directions.reduce((sum, said) => sum + said[period], 0);
  return [
    strategy('cash', 'Cash', market, () => 0),
    strategy('buy-and-hold', 'Buy and hold', market, () => 1),
    strategy('plain-hedge', 'Plain Hedge', market, (period) => hedged[period]),
    strategy('majority', 'Majority of experts', market, majority),
    ...EXPERTS.map(({ name }, expert) =>
      strategy(`expert-${name}`, `Expert ${name}`, market, (period) => directions[expert][period]),
    ),
  ];
}

/**
 * Hedge without regimes, contexts or circuits: a wrong direction loses 1, an abstention ½, and the
 * weighted vote decides. The outcome of a decision is known two decisions later.
 */
function plainHedge(
  { directions }: Study,
  { changes }: Market,
  { learningRate }: EngineConfiguration,
): Float64Array {
  const hedge = new Hedge({ experts: directions.length, learningRate });
  return Float64Array.from(changes, (_, period) => {
    const known = period - 2;
    if (known >= 0 && changes[known] !== 0) {
      hedge.update(directions.map((said) => lossOf(said[known], changes[known])));
    }
    const weights = hedge.weights();
    return directions.reduce((sum, said, expert) => sum + weights[expert] * said[period], 0);
  });
}

function lossOf(direction: number, change: number): number {
  if (direction === 0) return 0.5;
  return direction > 0 === change > 0 ? 0 : 1;
}

/** The engine with its risk gate and ladder: from close to close, over the same decisions. */
export function tradedReturns({ equity, decisions }: Study): Float64Array {
  return Float64Array.from(
    { length: Math.max(0, decisions - 2) },
    (_, i) => equity[i + 1] / equity[i] - 1,
  );
}
