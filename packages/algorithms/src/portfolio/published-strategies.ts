import type { RandomSource } from '@sema/simulator';
import { bestAsset, bestConstantPortfolio } from './best-in-hindsight.ts';
import { ConfidenceWeighted } from './confidence-weighted.ts';
import { BuyAndHold, ConstantRebalanced } from './constant-portfolios.ts';
import { ExponentiatedGradientPortfolio } from './exponentiated-gradient.ts';
import {
  ExponentialAverageReversion,
  MovingAverageReversion,
  PassiveAggressive,
} from './mean-reversion.ts';
import type { PriceRelatives } from './price-relatives.ts';
import { RobustMedianReversion } from './robust-median-reversion.ts';
import { uniformWeights } from './strategy.ts';
import type { PortfolioStrategy } from './strategy.ts';
import { UniversalPortfolio } from './universal.ts';

/** Names as in the OLPS toolbox. `best` and `bcrp` know the whole market beforehand. */
export type PublishedStrategy =
  | 'ubah'
  | 'best'
  | 'ucrp'
  | 'bcrp'
  | 'up'
  | 'eg'
  | 'pamr'
  | 'pamr_1'
  | 'pamr_2'
  | 'cwmr_var'
  | 'cwmr_stdev'
  | 'olmar1'
  | 'olmar2'
  | 'rmr';

/**
 * The strategies of the literature with their authors' parameters, fresh, for one run through a
 * market.
 *
 * @param up - how the universal portfolio is drawn: see `UniversalPortfolio`.
 * @throws {AlgorithmError} `EMPTY`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 * @see Li, Sahoo & Hoi (2016), "OLPS: A Toolbox for On-Line Portfolio Selection"
 */
export function publishedStrategies(
  market: PriceRelatives,
  up: { readonly samples: number; readonly random: RandomSource },
): Record<PublishedStrategy, PortfolioStrategy> {
  const hindsight = bestConstantPortfolio(market).weights;
  const assets = hindsight.length;
  const even = uniformWeights(assets);
  const winner = new Float64Array(assets);
  winner[bestAsset(market)] = 1;
  const reverting = { threshold: 0.5, aggressiveness: 500 };
  const confident = { confidence: 2, threshold: 0.5 };
  return {
    ubah: new BuyAndHold(even),
    best: new BuyAndHold(winner),
    ucrp: new ConstantRebalanced(even),
    bcrp: new ConstantRebalanced(hindsight),
    up: new UniversalPortfolio(assets, up),
    eg: new ExponentiatedGradientPortfolio(assets, 0.05),
    pamr: new PassiveAggressive(assets, { ...reverting, bound: 'none' }),
    pamr_1: new PassiveAggressive(assets, { ...reverting, bound: 'capped' }),
    pamr_2: new PassiveAggressive(assets, { ...reverting, bound: 'softened' }),
    cwmr_var: new ConfidenceWeighted(assets, { ...confident, constraint: 'variance' }),
    cwmr_stdev: new ConfidenceWeighted(assets, { ...confident, constraint: 'deviation' }),
    olmar1: new MovingAverageReversion(assets, { threshold: 10, window: 5 }),
    olmar2: new ExponentialAverageReversion(assets, { threshold: 10, smoothing: 0.5 }),
    rmr: new RobustMedianReversion(assets, { threshold: 5, window: 5 }),
  };
}
