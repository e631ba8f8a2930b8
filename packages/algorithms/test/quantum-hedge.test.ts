import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hedge, hedgeUpdate, mixtureProbability, QuantumHedge } from '../src/index.ts';
import { distribution, finite, floats, qubitCount, register } from './arbitraries.ts';

const round = qubitCount.chain((qubits) =>
  fc.record({
    qubits: fc.constant(qubits),
    weights: distribution(2 ** qubits),
    losses: floats(2 ** qubits, 0, 1),
    learningRate: fc.oneof(finite(1e-6, 10), finite(10, 500)),
  }),
);

test('two even experts, one of them wrong at η = 2 ln 2: the weights become 4 : 1', () => {
  using hedge = new QuantumHedge(1);
  const { weights, trace } = hedge.filter([0.5, 0.5], [0, 1], 2 * Math.LN2, register(2));
  expect(weights[0]).toBeCloseTo(0.8, 14);
  expect(weights[1]).toBeCloseTo(0.2, 14);
  expect(trace.successProbability).toBeCloseTo(5 / 8, 14);
  expect(trace.measurements).toEqual(weights);
});

test('the circuit and its twin agree on every round, and the success is e^{−η × mix loss}', () => {
  fc.assert(
    fc.property(round, ({ qubits, weights, losses, learningRate }) => {
      using hedge = new QuantumHedge(qubits);
      const quantum = hedge.filter(weights, losses, learningRate, register(hedge.requiredQubits));
      const twin = hedgeUpdate(weights, losses, learningRate);
      twin.weights.forEach((weight, i) =>
        expect(Math.abs(quantum.weights[i] - weight)).toBeLessThan(1e-10),
      );
      const success = Math.exp(-learningRate * twin.mixLoss);
      // The exponent, up to 500, is right to 1e-13.
      expect(quantum.trace.successProbability / success).toBeCloseTo(1, 10);
      expect(quantum.trace.coherence).toBeGreaterThanOrEqual(0.5 - 1e-12);
      expect(quantum.trace.coherence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('round after round it follows the learner; the successes multiply to its potential', () => {
  fc.assert(
    fc.property(
      fc.array(floats(8, 0, 1), { minLength: 1, maxLength: 60 }),
      finite(0.01, 3),
      (rounds, learningRate) => {
        using quantum = new QuantumHedge(3);
        const hedge = new Hedge({ experts: 8, learningRate });
        let weights = hedge.weights();
        let logSuccess = 0;
        let mixed = 0;
        for (const losses of rounds) {
          const filtered = quantum.filter(weights, losses, learningRate, register(4));
          weights = filtered.weights;
          logSuccess += Math.log(filtered.trace.successProbability);
          mixed += hedge.update(losses);
          hedge
            .weights()
            .forEach((weight, i) => expect(Math.abs(weights[i] - weight)).toBeLessThan(1e-12));
        }
        expect(logSuccess).toBeCloseTo(-learningRate * mixed, 10);
      },
    ),
  );
});

test('rounds that tell the experts apart in nothing leave the state whole', () => {
  using hedge = new QuantumHedge(1);
  const { weights, trace } = hedge.filter([0.3, 0.7], [1, 1], 1, register(2));
  expect(weights[0]).toBeCloseTo(0.3, 14);
  expect(trace.successProbability).toBeCloseTo(Math.exp(-1), 14);
  // The ancilla is in a superposition, yet a product with the data.
  expect(trace.coherence).toBeCloseTo(1, 14);
});

test('weight 0 stays 0, and 1e-12 of the only one who was right at η = 500 becomes 1', () => {
  using hedge = new QuantumHedge(2);
  const { weights } = hedge.filter([0, 1e-12, 1 - 1e-12, 0], [0, 0, 1, 1], 500, register(3));
  expect(weights[0]).toBe(0);
  expect(weights[1]).toBeCloseTo(1, 14);
  expect(weights[3]).toBe(0);
});

test('a mixture is read from the ancilla as the twin computes it', () => {
  fc.assert(
    fc.property(
      qubitCount.chain((qubits) =>
        fc.record({
          qubits: fc.constant(qubits),
          weights: distribution(2 ** qubits),
          probabilities: fc.oneof(floats(2 ** qubits, 0, 1), floats(2 ** qubits, 0, 1e-12)),
        }),
      ),
      ({ qubits, weights, probabilities }) => {
        using hedge = new QuantumHedge(qubits);
        const { probability, trace } = hedge.mixture(weights, probabilities, register(qubits + 1));
        const twin = mixtureProbability(weights, probabilities);
        expect(Math.abs(probability - twin)).toBeLessThan(1e-10);
        // Relative to itself too, down to where doubles lose their digits.
        expect(Math.abs(probability - twin)).toBeLessThanOrEqual(1e-12 * twin + 1e-300);
        expect(probability).toBeLessThanOrEqual(1);
        expect(trace.measurements).toEqual(Float64Array.of(1 - probability, probability));
        expect(trace.successProbability).toBe(1);
      },
    ),
  );
});

test('circuit and twin alike take weights relative to their sum', () => {
  using hedge = new QuantumHedge(1);
  const weights = [0.5 + 4e-10, 0.5];
  const { probability } = hedge.mixture(weights, [1, 1], register(2));
  expect(probability).toBeCloseTo(1, 15);
  expect(mixtureProbability(weights, [1, 1])).toBe(1);
});

describe('bad input is refused', () => {
  test.each([
    ['another number of experts', [1], [0], 1, 2, 'LENGTH_MISMATCH'],
    ['too few losses', [0.5, 0.5], [0], 1, 2, 'LENGTH_MISMATCH'],
    ['a loss above 1', [0.5, 0.5], [0, 1.5], 1, 2, 'OUT_OF_RANGE'],
    ['a negative loss', [0.5, 0.5], [0, -0.5], 1, 2, 'OUT_OF_RANGE'],
    ['weights that do not sum to 1', [0.5, 0.4], [0, 1], 1, 2, 'NOT_A_DISTRIBUTION'],
    ['weights that are NaN', [NaN, 1], [0, 1], 1, 2, 'NOT_A_DISTRIBUTION'],
    ['no learning rate', [0.5, 0.5], [0, 1], 0, 2, 'OUT_OF_RANGE'],
    ['a register that is too small', [0.5, 0.5], [0, 1], 1, 1, 'REGISTER_TOO_SMALL'],
  ])('a filter with %s', (_, weights, losses, learningRate, size, code) => {
    using hedge = new QuantumHedge(1);
    expect(() => hedge.filter(weights, losses, learningRate, register(size))).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });

  test.each([
    ['an opinion above 1', [0.5, 0.5], [0, 1.1], 2, 'OUT_OF_RANGE'],
    ['an opinion that is NaN', [0.5, 0.5], [0, NaN], 2, 'OUT_OF_RANGE'],
    ['too many opinions', [0.5, 0.5], [0, 1, 1], 2, 'LENGTH_MISMATCH'],
    ['a register that is too small', [0.5, 0.5], [0, 1], 0, 'REGISTER_TOO_SMALL'],
  ])('a mixture with %s', (_, weights, probabilities, size, code) => {
    using hedge = new QuantumHedge(1);
    expect(() => hedge.mixture(weights, probabilities, register(size))).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });

  test('use after disposal', () => {
    const hedge = new QuantumHedge(1);
    hedge[Symbol.dispose]();
    expect(() => hedge.mixture([1, 0], [1, 0], register(2))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
  });
});
