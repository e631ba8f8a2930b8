import { postSelect, probabilityOfOne, run } from '@sema/simulator';
import type { Circuit, StateVector } from '@sema/simulator';
import { cos } from '@sema/simulator/elementary';
import { checkInteger, checkRange } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';

/** How two yes-or-no questions, asked one after the other, are answered. The four sum to 1. */
export interface AnswerProbabilities {
  /** Yes to the first that was asked, and yes to the second. */
  readonly yesYes: number;
  readonly yesNo: number;
  readonly noYes: number;
  readonly noNo: number;
}

/**
 * Asks two questions of a mind in a state. A question is a circuit that turns its "yes" subspace
 * into qubit 0 = 1, that is, any projector onto half of the space: it is run, qubit 0 is read, and
 * it is undone, so that the answer changes the mind and nothing else does. O(gates × 2^n).
 *
 * @param mind - not changed.
 * @param first - a circuit of as many qubits, without measurements or parameters.
 * @param second - the same.
 * @throws {AlgorithmError} `LENGTH_MISMATCH` for a circuit of other size, `OUT_OF_RANGE` for a
 * circuit that is not unitary or has open parameters.
 * @see Busemeyer & Bruza (2012), "Quantum Models of Cognition and Decision", chapter 3
 */
export function askInOrder(
  mind: StateVector,
  first: Circuit,
  second: Circuit,
): AnswerProbabilities {
  checkQuestion('first', first, mind.qubits);
  checkQuestion('second', second, mind.qubits);
  const [noNo, noYes] = answerBoth(mind, first, second, 0);
  const [yesNo, yesYes] = answerBoth(mind, first, second, 1);
  return { yesYes, yesNo, noYes, noNo };
}

/** Probability of `answer` to the first and no, or yes, to the second. */
function answerBoth(
  mind: StateVector,
  first: Circuit,
  second: Circuit,
  answer: 0 | 1,
): [number, number] {
  using state = mind.copy();
  run(first, state);
  const yes = probabilityOfOne(state, 0);
  const answered = answer === 1 ? yes : 1 - yes;
  if (!(answered > 0)) return [0, 0];
  const kept = postSelect(state, 0, answer);
  run(first.inverse(), state);
  run(second, state);
  const then = probabilityOfOne(state, 0);
  return [kept * (1 - then), kept * then];
}

function checkQuestion(name: string, question: Circuit, qubits: number): void {
  checkInteger(`${name}.qubits`, question.qubits, { from: 1, to: 25 });
  if (question.qubits !== qubits) {
    throw new AlgorithmError(
      'LENGTH_MISMATCH',
      `the ${name} question has ${question.qubits} qubits, the mind ${qubits}`,
    );
  }
  if (question.bits > 0 || question.parameters.length > 0) {
    throw new AlgorithmError(
      'OUT_OF_RANGE',
      `the ${name} question measures or has open parameters`,
    );
  }
}

const ANGLE = { from: -1e6, to: 1e6 };

/**
 * The same in closed form where mind and questions are directions in a plane: Malus's law, cos² of
 * the angle between one direction and the next. The classical twin of {@link askInOrder} for one
 * qubit, a mind RY(2·mind)|1⟩ and questions RY(−2·question).
 *
 * @param angles - directions of the mind and of yes to each question, in radians, within ±1e6.
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function askInPlane({
  mind,
  first,
  second,
}: {
  readonly mind: number;
  readonly first: number;
  readonly second: number;
}): AnswerProbabilities {
  checkRange('mind', mind, ANGLE);
  checkRange('first', first, ANGLE);
  checkRange('second', second, ANGLE);
  const yes = squaredCosine(mind - first);
  const same = squaredCosine(first - second);
  return {
    yesYes: yes * same,
    yesNo: yes * (1 - same),
    noYes: (1 - yes) * (1 - same),
    noNo: (1 - yes) * same,
  };
}

function squaredCosine(angle: number): number {
  const cosine = cos(angle);
  return cosine * cosine;
}

/**
 * Left side of the QQ equality: the probability that two questions are answered alike, or as here
 * differently, does not depend on their order. It is 0 for every state and any two projective
 * questions, however large the order effect on each; what people answer need not obey it.
 *
 * @param ab - asked first A, then B.
 * @param ba - asked first B, then A; "first" and "second" are as asked.
 * @returns [p(A yes, B no) + p(A no, B yes)] − [p(B yes, A no) + p(B no, A yes)], in [−1, 1].
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 * @see Wang & Busemeyer (2013), "A quantum question order model supported by empirical tests of an
 * a priori and precise prediction"
 */
export function qqDifference(ab: AnswerProbabilities, ba: AnswerProbabilities): number {
  return disagreement(ab) - disagreement(ba);
}

/** A test of the QQ equality on two samples of people. */
export interface QqTest {
  readonly difference: number;
  /** Difference over its standard error: standard normal if the equality holds. */
  readonly z: number;
}

const PEOPLE = { from: 1, to: 1e12 };

/**
 * @param ab - shares of answers of those asked A first.
 * @param ba - of those asked B first.
 * @param people - how many answered in each order.
 * @throws {AlgorithmError} `OUT_OF_RANGE`, also where nobody or everybody answers differently in
 * both orders, so that there is no standard error.
 */
export function qqTest(
  ab: AnswerProbabilities,
  ba: AnswerProbabilities,
  people: { readonly ab: number; readonly ba: number },
): QqTest {
  checkInteger('people.ab', people.ab, PEOPLE);
  checkInteger('people.ba', people.ba, PEOPLE);
  const [first, second] = [disagreement(ab), disagreement(ba)];
  const variance = (first * (1 - first)) / people.ab + (second * (1 - second)) / people.ba;
  if (!(variance > 0)) throw new AlgorithmError('OUT_OF_RANGE', 'the answers do not vary');
  return { difference: first - second, z: (first - second) / Math.sqrt(variance) };
}

function disagreement(answers: AnswerProbabilities): number {
  const { yesYes, yesNo, noYes, noNo } = answers;
  const all = [yesYes, yesNo, noYes, noNo];
  for (const share of all) checkRange('share of answers', share, { from: 0, to: 1 });
  checkRange('sum of answers', yesYes + yesNo + noYes + noNo, { from: 1 - 1e-3, to: 1 + 1e-3 });
  return yesNo + noYes;
}
