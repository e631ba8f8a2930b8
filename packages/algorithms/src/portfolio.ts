/** Online portfolio selection: strategies, the best in hindsight, and runs with costs. */
export { AlgorithmError } from './errors.ts';
export type { AlgorithmErrorCode } from './errors.ts';
export { bestAsset, bestConstantPortfolio } from './portfolio/best-in-hindsight.ts';
export type { BestConstantPortfolio } from './portfolio/best-in-hindsight.ts';
export { ConfidenceWeighted } from './portfolio/confidence-weighted.ts';
export type { ConfidenceWeightedOptions } from './portfolio/confidence-weighted.ts';
export { BuyAndHold, ConstantRebalanced } from './portfolio/constant-portfolios.ts';
export { ExponentiatedGradientPortfolio } from './portfolio/exponentiated-gradient.ts';
export {
  ExponentialAverageReversion,
  MovingAverageReversion,
  PassiveAggressive,
} from './portfolio/mean-reversion.ts';
export type { PassiveAggressiveOptions } from './portfolio/mean-reversion.ts';
export type { PriceRelatives } from './portfolio/price-relatives.ts';
export { publishedStrategies } from './portfolio/published-strategies.ts';
export type { PublishedStrategy } from './portfolio/published-strategies.ts';
export { RobustMedianReversion } from './portfolio/robust-median-reversion.ts';
export { runAtCosts, runPortfolio, uniformWeights } from './portfolio/strategy.ts';
export type { PortfolioRun, PortfolioStrategy } from './portfolio/strategy.ts';
export { UniversalPortfolio, universalLogWealthOfPair } from './portfolio/universal.ts';
