import { choiceProbabilities, groverRudolphAngles, prepareDistribution } from '@sema/algorithms';
import { Circuit } from '@sema/simulator';
import { acos } from '@sema/simulator/elementary';
import type { DecisionReceipt } from '../data/contract.ts';

export type Verdict = NonNullable<DecisionReceipt['verdict']>;

/** Qubits of the register whose basis states are short, flat and long. */
export const ACTION_QUBITS = [0, 1] as const;
export const ANCILLA = 2;

/**
 * What fused a decision, with its own angles: the three actions in superposition, and each answer
 * as a rotation of an ancilla that must then read 0. Where the answers are entangled, each has an
 * ancilla of its own, and all are read together. All from the receipt; the regime's feedback, which
 * turns the result a little, comes after.
 *
 * @param choiceSensitivity - as in the market's configuration.
 */
export function fusionCircuit(verdict: Verdict, choiceSensitivity: number): Circuit {
  const filters = answerFilters(verdict, choiceSensitivity);
  const isTied = verdict.entanglement !== 'none';
  const circuit = uniformActions(filters.length, isTied ? filters.length : 1);
  filters.forEach((filter, k) => {
    const ancilla = isTied ? ANCILLA + k : ANCILLA;
    circuit.barrier().multiplexedRy(filterAngles(filter), ACTION_QUBITS, ancilla);
    if (!isTied) circuit.measure(ancilla, k);
  });
  return circuit;
}

/** Probabilities as the amplitudes of a register; their number is a power of two. */
export function amplitudeCircuit(probabilities: readonly number[]): Circuit {
  const angles = groverRudolphAngles(probabilities);
  const qubits = Math.log2(probabilities.length);
  const register = Array.from({ length: qubits }, (_, qubit) => qubit);
  const circuit = new Circuit(qubits);
  prepareDistribution(circuit, register, [...angles]);
  return circuit;
}

/** Angles by which one answer turns the ancilla, per basis state of the actions. */
export function filterAngles(filter: readonly number[]): number[] {
  const largest = Math.max(...filter);
  const angles = filter.map((value) => 2 * acos(Math.sqrt(value / largest)));
  // The fourth basis state is never occupied.
  return [...angles, 0];
}

/** The three answers as positive numbers per action: market, prospect, Hedge. */
export function answerFilters(verdict: Verdict, choiceSensitivity: number): number[][] {
  const { prices, prospects, mixture } = verdict;
  const gain = prices.slice(prices.length / 2).reduce((sum, price) => sum + price, 0);
  return [odds(gain), [...choiceProbabilities(prospects, choiceSensitivity)], odds(mixture)];
}

/** Short has the odds of a loss, long of a gain, and flat stands between them. */
function odds(gain: number): number[] {
  return [1 - gain, Math.sqrt(gain * (1 - gain)), gain];
}

/** Two qubits in equal parts of the three actions, and ancillas. */
export function uniformActions(bits: number, ancillas: number): Circuit {
  const third = 2 * acos(Math.sqrt(2 / 3));
  return new Circuit(ANCILLA + ancillas, { bits })
    .ry(third, 1)
    .multiplexedRy([Math.PI / 2, 0], [1], 0);
}
