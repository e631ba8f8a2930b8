export { closedFormOracle } from './amplitude/amplitude-oracle.ts';
export type { AmplitudeEstimate, AmplitudeOracle } from './amplitude/amplitude-oracle.ts';
export {
  canonicalCircuit,
  canonicalEstimate,
  canonicalLaw,
} from './amplitude/canonical-estimation.ts';
export type { CanonicalOptions } from './amplitude/canonical-estimation.ts';
export { GibbsSampler } from './amplitude/gibbs-sampler.ts';
export type { GibbsSample } from './amplitude/gibbs-sampler.ts';
export { iterativeEstimate } from './amplitude/iterative-estimation.ts';
export type { IterativeOptions } from './amplitude/iterative-estimation.ts';
export {
  exponentialPowers,
  maximumLikelihoodEstimate,
} from './amplitude/maximum-likelihood-estimation.ts';
export type { MaximumLikelihoodOptions } from './amplitude/maximum-likelihood-estimation.ts';
export { PayoffCircuit } from './amplitude/payoff-circuit.ts';
export type { PayoffEstimate, Payoffs } from './amplitude/payoff-circuit.ts';
export type { CircuitTrace, QubitRegister } from './ancilla-circuit.ts';
export type {
  CircuitCompiler,
  CircuitOptions,
  CircuitProgram,
  CircuitState,
  TraceMemory,
} from './ancilla-circuit.ts';
export { choiceProbabilities } from './choice-rule.ts';
export { hedgeRotation, rotateWeights } from './coherent-hedge.ts';
export { AlgorithmError } from './errors.ts';
export type { AlgorithmErrorCode } from './errors.ts';
export { explainProspect } from './explain-prospect.ts';
export type { ProspectExplanation, ProspectReason } from './explain-prospect.ts';
export { explainRound } from './explain-round.ts';
export type { RoundExplanation, RoundReason } from './explain-round.ts';
export { explainTrade } from './explain-trade.ts';
export type { PriceReason, TradeExplanation } from './explain-trade.ts';
export type { WeightExplanation, WeightReason } from './explain-weights.ts';
export { Hedge, hedgeUpdate, mixtureProbability } from './hedge.ts';
export type { HedgeOptions, HedgeRound } from './hedge.ts';
export { AdaHedge } from './learners/ada-hedge.ts';
export { AnytimeHedge } from './learners/anytime-hedge.ts';
export { ExponentiatedGradient } from './learners/exponentiated-gradient.ts';
export type { ExponentiatedGradientOptions } from './learners/exponentiated-gradient.ts';
export { FixedShare } from './learners/fixed-share.ts';
export type { FixedShareOptions } from './learners/fixed-share.ts';
export { NormalHedge } from './learners/normal-hedge.ts';
export { Squint } from './learners/squint.ts';
export {
  liquiditySensitiveCost,
  liquiditySensitivePrices,
  sensitivityFor,
} from './liquidity-sensitive.ts';
export { LmsrMarket } from './lmsr-market.ts';
export type { LmsrMarketOptions } from './lmsr-market.ts';
export { lmsrCost, lmsrPrices, lmsrTradeCost, settleTrade } from './lmsr.ts';
export type { MarketTrade, Settlement } from './lmsr.ts';
export { mottonenAngles, prepareWithCnots } from './mottonen.ts';
export type {
  PrelecCurve,
  PrelecWeighting,
  ProbabilityWeighting,
  TverskyKahnemanWeighting,
} from './probability-weighting.ts';
export { prospectValue, TVERSKY_KAHNEMAN_1992 } from './prospect.ts';
export type { Lottery, ProspectParameters, ValueParameters } from './prospect.ts';
export { QuantumHedge } from './quantum-hedge.ts';
export type { QuantumMixture, QuantumRound } from './quantum-hedge.ts';
export { QuantumLmsr } from './quantum-lmsr.ts';
export type { QuantumSettlement } from './quantum-lmsr.ts';
export { QuantumProspect } from './quantum-prospect.ts';
export type { QuantumValuation } from './quantum-prospect.ts';
export { groverRudolphAngles, prepareDistribution } from './state-preparation.ts';
