import { mulberry32 } from '@sema/simulator';
import {
  deflatedSharpe,
  minimumTrackRecord,
  optimalMeanBlock,
  pairedInterval,
  probabilisticSharpe,
  sharpeMoments,
  stationaryBootstrap,
} from '@sema/qar/evaluation';
import type { TrialCount } from './trial-ledger.ts';

/** Over what returns and differences are told: a year, or the whole span where that is shorter. */
export interface Horizon {
  readonly periods: number;
  readonly words: 'a year' | 'over the span';
}

export interface JudgementOptions {
  readonly periodsPerYear: number;
  readonly horizon: Horizon;
  readonly confidence: number;
  readonly replications: number;
  readonly seed: number;
}

/** What one series of returns amounts to. Fractions of one; null where a figure does not exist. */
export interface SeriesFigures {
  /** Over the horizon, compounded. */
  readonly horizonReturn: number;
  readonly totalReturn: number;
  /** Annualised. */
  readonly sharpe: number | null;
  readonly maximumDrawdown: number;
  /** Probability that the true Sharpe ratio is above 0. */
  readonly probabilisticSharpe: number | null;
  /** Probability that it is above what the best of all trials would show by luck. */
  readonly deflatedSharpe: number | null;
  /** Periods needed to tell its Sharpe ratio from 0; null where no number is enough. */
  readonly minimumTrackRecord: number | null;
  readonly periods: number;
}

/** What one thing has over another: the mean difference over the horizon, not compounded. */
export interface Difference {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: 'better' | 'worse' | 'cannot be told' | 'the same';
}

export function horizonOf(periods: number, periodsPerYear: number): Horizon {
  return periods < periodsPerYear
    ? { periods, words: 'over the span' }
    : { periods: periodsPerYear, words: 'a year' };
}

export function figuresOf(
  returns: Float64Array,
  count: TrialCount,
  { periodsPerYear, confidence, horizon }: JudgementOptions,
): SeriesFigures {
  const moments = sharpeMoments(returns);
  const growth = growthOf(returns);
  const track = moments === undefined ? Infinity : minimumTrackRecord(moments, 0, confidence);
  return {
    horizonReturn: growth.total > 0 ? growth.total ** (horizon.periods / returns.length) - 1 : -1,
    totalReturn: growth.total - 1,
    sharpe: moments === undefined ? null : moments.sharpe * Math.sqrt(periodsPerYear),
    maximumDrawdown: growth.drawdown,
    probabilisticSharpe: moments === undefined ? null : probabilisticSharpe(moments, 0),
    deflatedSharpe: moments === undefined ? null : deflatedSharpe(moments, count),
    minimumTrackRecord: Number.isFinite(track) ? track : null,
    periods: returns.length,
  };
}

/** Of the left over the right, by resampling both together. */
export function differenceOf(
  left: Float64Array,
  right: Float64Array,
  options: JudgementOptions,
): Difference {
  const { confidence, replications, horizon, seed } = options;
  const block = optimalMeanBlock(left.map((value, i) => value - right[i]));
  const resample = stationaryBootstrap(block, mulberry32(seed));
  const found = pairedInterval(left, right, confidence, { resample, replications });
  const { difference, low, high } = found;
  return {
    mean: difference * horizon.periods,
    low: low * horizon.periods,
    high: high * horizon.periods,
    verdict: low > 0 ? 'better' : high < 0 ? 'worse' : low === high ? 'the same' : 'cannot be told',
  };
}

function growthOf(returns: Float64Array): { total: number; drawdown: number } {
  let [total, peak, drawdown] = [1, 1, 0];
  for (const change of returns) {
    total *= 1 + change;
    peak = Math.max(peak, total);
    drawdown = Math.max(drawdown, 1 - total / peak);
  }
  return { total, drawdown };
}
