/** How people choose: quantum decision theory, and models fitted to choices. */
export { AlgorithmError } from './errors.ts';
export type { AlgorithmErrorCode } from './errors.ts';
export { defectionProbability, POTHOS_BUSEMEYER_2009 } from './choice/dilemma.ts';
export type { Belief, DilemmaParameters } from './choice/dilemma.ts';
export { DilemmaCircuit } from './choice/dilemma-circuit.ts';
export { EvidenceCircuit } from './choice/evidence-circuit.ts';
export { judgeInOrder, TRUEBLOOD_BUSEMEYER_2011 } from './choice/evidence-order.ts';
export type { Evidence } from './choice/evidence-order.ts';
export { interferingDecision, quarterLaw } from './choice/interference.ts';
export type { InterferingProspects, QuantumDecision } from './choice/interference.ts';
export { InterferenceCircuit } from './choice/interference-circuit.ts';
export { askInOrder, askInPlane, qqDifference, qqTest } from './choice/question-order.ts';
export type { AnswerProbabilities, QqTest } from './choice/question-order.ts';
export {
  CUMULATIVE_PROSPECT,
  CUMULATIVE_PROSPECT_WITH_BIAS,
  CUMULATIVE_PROSPECT_WITH_INTERFERENCE,
  EXPECTED_UTILITY,
  EXPECTED_VALUE,
} from './choice/choice-models.ts';
export type { BinaryChoice, ChoiceModel, ModelParameter } from './choice/choice-models.ts';
export {
  bootstrapMean,
  crossValidate,
  dealFolds,
  fitChoiceModel,
  standardErrors,
} from './choice/fit-choices.ts';
export type { ConfidenceInterval, FittedModel, ObservedChoice } from './choice/fit-choices.ts';
