/** How people choose: quantum decision theory, and models fitted to choices. */
export { AlgorithmError } from './errors.ts';
export type { AlgorithmErrorCode } from './errors.ts';
export { defectionProbability, POTHOS_BUSEMEYER_2009 } from './choice/dilemma.ts';
export type { Belief, DilemmaParameters } from './choice/dilemma.ts';
export { DilemmaCircuit } from './choice/dilemma-circuit.ts';
export { interferingDecision, quarterLaw } from './choice/interference.ts';
export type { InterferingProspects, QuantumDecision } from './choice/interference.ts';
export { InterferenceCircuit } from './choice/interference-circuit.ts';
export { askInOrder, askInPlane, qqDifference, qqTest } from './choice/question-order.ts';
export type { AnswerProbabilities, QqTest } from './choice/question-order.ts';
