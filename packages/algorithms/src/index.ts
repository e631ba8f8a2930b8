export type { CircuitTrace, QubitRegister } from './ancilla-circuit.ts';
export { choiceProbabilities } from './choice-rule.ts';
export { AlgorithmError } from './errors.ts';
export type { AlgorithmErrorCode } from './errors.ts';
export { explainProspect } from './explain-prospect.ts';
export type { ProspectExplanation, ProspectReason } from './explain-prospect.ts';
export { Hedge, hedgeUpdate, mixtureProbability } from './hedge.ts';
export type { HedgeOptions, HedgeRound } from './hedge.ts';
export { lmsrCost, lmsrPrices, lmsrTradeCost, settleTrade } from './lmsr.ts';
export type { MarketTrade, Settlement } from './lmsr.ts';
export type {
  PrelecCurve,
  PrelecWeighting,
  ProbabilityWeighting,
  TverskyKahnemanWeighting,
} from './probability-weighting.ts';
export { prospectValue, TVERSKY_KAHNEMAN_1992 } from './prospect.ts';
export type { Lottery, ProspectParameters, ValueParameters } from './prospect.ts';
export { QuantumHedge } from './quantum-hedge.ts';
export { QuantumLmsr } from './quantum-lmsr.ts';
export { QuantumProspect } from './quantum-prospect.ts';
export { groverRudolphAngles, prepareDistribution } from './state-preparation.ts';
