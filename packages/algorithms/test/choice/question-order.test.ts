import { Circuit, mulberry32, run, StateVector } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askInOrder, askInPlane, qqDifference, qqTest } from '../../src/choice.ts';
import { finite } from '../arbitraries.ts';

/** Layers of random rotations and CNOTs: any direction of the space. */
function randomCircuit(qubits: number, random: RandomSource): Circuit {
  const circuit = new Circuit(qubits);
  for (let layer = 0; layer < 4; layer += 1) {
    for (let qubit = 0; qubit < qubits; qubit += 1) {
      const [theta, phi, lambda] = [random.next(), random.next(), random.next()];
      circuit.u(7 * theta, 7 * phi, 7 * lambda, qubit);
      if (qubit > 0) circuit.cx(qubit - 1, qubit);
    }
  }
  return circuit;
}

function inPlane(angles: { mind: number; first: number; second: number }) {
  using mind = new StateVector(1);
  run(new Circuit(1).x(0).ry(2 * angles.mind, 0), mind);
  return askInOrder(
    mind,
    new Circuit(1).ry(-2 * angles.first, 0),
    new Circuit(1).ry(-2 * angles.second, 0),
  );
}

test('the QQ equality holds at machine precision for any mind and questions', () => {
  let largestOrderEffect = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = mulberry32(seed);
    const qubits = 1 + (seed % 4);
    using mind = new StateVector(qubits);
    run(randomCircuit(qubits, random), mind);
    const [a, b] = [randomCircuit(qubits, random), randomCircuit(qubits, random)];
    const ab = askInOrder(mind, a, b);
    const ba = askInOrder(mind, b, a);
    // Some fifty gates round by an ulp each.
    expect(Math.abs(qqDifference(ab, ba))).toBeLessThan(1e-14);
    const effect = ab.yesYes + ab.yesNo - (ba.yesYes + ba.noYes);
    largestOrderEffect = Math.max(largestOrderEffect, Math.abs(effect));
  }
  // The order matters a lot all the same.
  expect(largestOrderEffect).toBeGreaterThan(0.3);
});

test('answers sum to 1, and a question asked twice is answered alike', () => {
  const random = mulberry32(5);
  using mind = new StateVector(3);
  run(randomCircuit(3, random), mind);
  const question = randomCircuit(3, random);
  const { yesYes, yesNo, noYes, noNo } = askInOrder(mind, question, question);
  expect(yesYes + noNo).toBeCloseTo(1, 14);
  expect(yesNo).toBeCloseTo(0, 14);
  expect(noYes).toBeCloseTo(0, 14);
});

test('in a plane the circuit and its twin agree', () => {
  const angles = fc.record({ mind: finite(-3, 3), first: finite(-3, 3), second: finite(-3, 3) });
  fc.assert(
    fc.property(angles, (chosen) => {
      const circuit = inPlane(chosen);
      const twin = askInPlane(chosen);
      expect(circuit.yesYes).toBeCloseTo(twin.yesYes, 13);
      expect(circuit.yesNo).toBeCloseTo(twin.yesNo, 13);
      expect(circuit.noYes).toBeCloseTo(twin.noYes, 13);
      expect(circuit.noNo).toBeCloseTo(twin.noNo, 13);
      const { mind, first, second } = chosen;
      const reversed = askInPlane({ mind, first: second, second: first });
      expect(Math.abs(qqDifference(twin, reversed))).toBeLessThan(1e-15);
    }),
  );
});

test('a mind that says yes for sure never says no', () => {
  const sure = inPlane({ mind: 0, first: 0, second: 0.5 });
  expect(sure.noYes).toBe(0);
  expect(sure.noNo).toBe(0);
});

test('people who break the equality are told apart from chance', () => {
  const ab = { yesYes: 0.4, yesNo: 0.1, noYes: 0.2, noNo: 0.3 };
  const ba = { yesYes: 0.4, yesNo: 0.2, noYes: 0.2, noNo: 0.2 };
  const { difference, z } = qqTest(ab, ba, { ab: 500, ba: 500 });
  expect(difference).toBeCloseTo(-0.1, 14);
  expect(z).toBeCloseTo(-0.1 / Math.sqrt((0.3 * 0.7 + 0.4 * 0.6) / 500), 12);
});

describe('bad input is refused', () => {
  const mind = new StateVector(2);
  const question = new Circuit(2).h(0);
  const answers = { yesYes: 0.25, yesNo: 0.25, noYes: 0.25, noNo: 0.25 };
  const open = new Circuit(2);
  open.ry(open.parameter('theta'), 0);
  test.each([
    [
      'a question of another size',
      () => askInOrder(mind, question, new Circuit(1)),
      'LENGTH_MISMATCH',
    ],
    [
      'a question that measures',
      () => askInOrder(mind, new Circuit(2, { bits: 1 }).measure(0, 0), question),
      'OUT_OF_RANGE',
    ],
    ['a question with open parameters', () => askInOrder(mind, open, question), 'OUT_OF_RANGE'],
    [
      'a direction that is NaN',
      () => askInPlane({ mind: NaN, first: 0, second: 0 }),
      'OUT_OF_RANGE',
    ],
    [
      'answers that sum to more',
      () => qqDifference({ ...answers, noNo: 0.5 }, answers),
      'OUT_OF_RANGE',
    ],
    ['a negative answer', () => qqDifference({ ...answers, noNo: -0.25 }, answers), 'OUT_OF_RANGE'],
    ['nobody', () => qqTest(answers, answers, { ab: 0, ba: 1 }), 'OUT_OF_RANGE'],
  ])('%s', (_, attempt, code) => {
    expect(attempt).toThrow(expect.objectContaining({ name: 'AlgorithmError', code }));
  });
});
