import { probabilities as readProbabilities, run, StateVector } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalCircuit,
  canonicalLaw,
  closedFormOracle,
  lmsrPrices,
  PayoffCircuit,
} from '../../src/index.ts';
import { distribution, floats, register } from '../arbitraries.ts';

const market = fc.integer({ min: 1, max: 4 }).chain((qubits) =>
  fc.record({
    probabilities: distribution(2 ** qubits),
    payoffs: floats(2 ** qubits, -1e3, 1e3).filter(
      (payoffs) => Math.max(...payoffs) - Math.min(...payoffs) > 1e-3,
    ),
  }),
);

function dot(probabilities: Float64Array, payoffs: Float64Array): number {
  return probabilities.reduce((sum, p, i) => sum + p * payoffs[i], 0);
}

test('a call on the market q = (3, 1, 0, −2), b = 2 is worth what its prices say', () => {
  const probabilities = lmsrPrices([3, 1, 0, -2], 2);
  using circuit = new PayoffCircuit({ probabilities, payoffs: [0, 0, 10, 20] }, register(3));
  const estimate = circuit.hitProbability(0);
  const known = { estimate, lower: 0, upper: 1, confidence: 1, oracleCalls: 0, shots: 0 };
  expect(circuit.expected(known)).toEqual({
    expected: expect.closeTo(10 * probabilities[2] + 20 * probabilities[3], 12),
    lower: 0,
    upper: 20,
  });
});

test('the ancilla’s 1 is the expected payoff, and k rounds of Q make it sin²((2k + 1)θ)', () => {
  fc.assert(
    fc.property(market, fc.integer({ min: 0, max: 12 }), ({ probabilities, payoffs }, power) => {
      using circuit = new PayoffCircuit({ probabilities, payoffs }, register(5));
      const amplitude = circuit.hitProbability(0);
      const least = Math.min(...payoffs);
      const spread = Math.max(...payoffs) - least;
      const expected = (dot(probabilities, payoffs) - least) / spread;
      expect(amplitude).toBeCloseTo(Math.min(1, Math.max(0, expected)), 10);
      const closed = closedFormOracle(amplitude).hitProbability(power);
      // Each round turns by an angle that is right to 1e-15 and near 0 or 1 doubles θ's error.
      expect(Math.abs(circuit.hitProbability(power) - closed)).toBeLessThan(1e-7 * (power + 1));
    }),
    { numRuns: 60 },
  );
});

test('away from the ends the amplified probability is right to 1e-12 after 200 rounds', () => {
  const probabilities = new Float64Array(8).fill(1 / 8);
  const payoffs = Float64Array.from({ length: 8 }, (_, i) => i * i);
  using circuit = new PayoffCircuit({ probabilities, payoffs }, register(4));
  const closed = closedFormOracle(140 / 8 / 49);
  for (const power of [0, 1, 7, 200]) {
    expect(circuit.hitProbability(power)).toBeCloseTo(closed.hitProbability(power), 12);
  }
});

test('phase estimation on the circuit reads y with exactly the probabilities of the law', () => {
  fc.assert(
    fc.property(market, fc.integer({ min: 1, max: 4 }), (payoffs, evaluation) => {
      using circuit = new PayoffCircuit(payoffs, register(5));
      const whole = canonicalCircuit(circuit.preparation, evaluation);
      using state = new StateVector(whole.qubits);
      run(whole, state);
      const readings = readProbabilities(
        state,
        Array.from({ length: evaluation }, (_, j) => circuit.requiredQubits + j),
      );
      const law = canonicalLaw(circuit.hitProbability(0), evaluation);
      // θ of an amplitude near 0 or 1 is right to 1e-8 only, being its square root.
      law.forEach((probability, y) =>
        expect(Math.abs(readings[y] - probability)).toBeLessThan(1e-6),
      );
    }),
    { numRuns: 40 },
  );
});

test('for a = 3/8 circuit and law agree to 1e-12', () => {
  const probabilities = Float64Array.of(0.25, 0.25, 0.25, 0.25);
  using circuit = new PayoffCircuit({ probabilities, payoffs: [0, 1, 0.5, 0] }, register(3));
  const whole = canonicalCircuit(circuit.preparation, 5);
  using state = new StateVector(whole.qubits);
  run(whole, state);
  const readings = readProbabilities(state, [3, 4, 5, 6, 7]);
  canonicalLaw(0.375, 5).forEach((probability, y) =>
    expect(readings[y]).toBeCloseTo(probability, 12),
  );
});

describe('bad input is refused', () => {
  const good = { probabilities: [0.5, 0.5], payoffs: [0, 1] };
  test.each([
    ['a payoff that is NaN', { payoffs: [0, NaN] }, 2, 'OUT_OF_RANGE'],
    ['payoffs that are all equal', { payoffs: [3, 3] }, 2, 'OUT_OF_RANGE'],
    ['probabilities that do not sum', { probabilities: [0.5, 0.4] }, 2, 'NOT_A_DISTRIBUTION'],
    ['too few payoffs', { payoffs: [1] }, 2, 'LENGTH_MISMATCH'],
    ['nothing', { probabilities: [], payoffs: [] }, 2, 'EMPTY'],
    ['one outcome', { probabilities: [1], payoffs: [1] }, 2, 'OUT_OF_RANGE'],
    [
      'three outcomes',
      { probabilities: [0.2, 0.3, 0.5], payoffs: [1, 2, 3] },
      3,
      'LENGTH_MISMATCH',
    ],
    ['a register that is too small', {}, 1, 'REGISTER_TOO_SMALL'],
  ])('%s', (_, wrong, size, code) => {
    expect(() => new PayoffCircuit({ ...good, ...wrong }, register(size))).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });

  test.each([-1, 0.5, NaN, 1e7])('%s rounds', (power) => {
    using circuit = new PayoffCircuit(good, register(2));
    expect(() => circuit.hitProbability(power)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});
