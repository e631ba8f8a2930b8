import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceCircuit, judgeInOrder, TRUEBLOOD_BUSEMEYER_2011 } from '../../src/choice.ts';
import { finite, register } from '../arbitraries.ts';

const { prior, history, test: laboratory } = TRUEBLOOD_BUSEMEYER_2011;

describe('the diagnosis task of Trueblood & Busemeyer', () => {
  // Values of QuantumOrderEffectModels.jl, test/runtests.jl, printed to three digits.
  const orders = [
    { name: 'history, then test', evidence: [history, laboratory], is: [0.676, 0.793, 0.504] },
    { name: 'test, then history', evidence: [laboratory, history], is: [0.676, 0.437, 0.59] },
  ];

  test.each(orders)('$name, in closed form', ({ evidence, is }) => {
    const judged = judgeInOrder(prior, evidence);
    is.forEach((value, i) => expect(Math.abs(judged[i] - value)).toBeLessThan(1e-3));
  });

  test.each(orders)('$name, on the circuit', ({ evidence, is }) => {
    using circuit = new EvidenceCircuit();
    const judged = circuit.judge(prior, evidence, register(2));
    is.forEach((value, i) => expect(Math.abs(judged[i] - value)).toBeLessThan(1e-3));
  });
});

// Hundredths, so that contrary pieces are far enough apart to follow each other.
const turn = fc.integer({ min: -500, max: 500 }).map((hundredths) => hundredths / 100);
const pieces = fc.array(fc.record({ favours: fc.boolean(), turn }), { maxLength: 4 });

test('the circuit and its twin agree', () => {
  using circuit = new EvidenceCircuit();
  fc.assert(
    fc.property(finite(0.01, 0.99), pieces, (before, evidence) => {
      let twin: Float64Array;
      try {
        twin = judgeInOrder(before, evidence);
      } catch {
        fc.pre(false);
        return;
      }
      const judged = circuit.judge(before, evidence, register(2));
      twin.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-15);
        // What a piece of evidence leaves may be 1e-4, and rounding is relative to it.
        expect(Math.abs(judged[i] - value)).toBeLessThan(1e-9);
      });
    }),
  );
});

test('evidence from one perspective says the same twice, and its opposite cannot be', () => {
  const judged = judgeInOrder(0.3, [history, history]);
  expect(judged[2]).toBeCloseTo(judged[1], 14);
  const impossible = [history, { ...history, favours: false }];
  const refusal = expect.objectContaining({ name: 'AlgorithmError', code: 'NOT_A_DISTRIBUTION' });
  expect(() => judgeInOrder(0.3, impossible)).toThrow(refusal);
  using circuit = new EvidenceCircuit();
  expect(() => circuit.judge(0.3, impossible, register(2))).toThrow(refusal);
});

test('evidence from the perspective of the mind changes no judgment', () => {
  const judged = judgeInOrder(0.3, [{ favours: true, turn: 0 }]);
  expect(judged[1]).toBeCloseTo(0.3, 14);
});

describe('bad input is refused', () => {
  test.each([
    ['a prior above 1', 1.1, []],
    ['a prior that is NaN', NaN, []],
    ['an infinite turn', 0.5, [{ favours: true, turn: Infinity }]],
  ])('%s', (_, before, evidence) => {
    const refusal = expect.objectContaining({ name: 'AlgorithmError', code: 'OUT_OF_RANGE' });
    expect(() => judgeInOrder(before, evidence)).toThrow(refusal);
    using circuit = new EvidenceCircuit();
    expect(() => circuit.judge(before, evidence, register(2))).toThrow(refusal);
  });

  test('a register that is too small, and use after disposal', () => {
    const circuit = new EvidenceCircuit();
    expect(() => circuit.judge(0.5, [], register(1))).toThrow(
      expect.objectContaining({ code: 'REGISTER_TOO_SMALL' }),
    );
    circuit[Symbol.dispose]();
    expect(() => circuit.judge(0.5, [], register(2))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
  });
});
