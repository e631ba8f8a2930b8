import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { GibbsSampler, Hedge } from '../../src/index.ts';
import { register } from '../arbitraries.ts';

function frequencies(sampler: GibbsSampler, states: number, samples: number, seed: number) {
  const random = mulberry32(seed);
  const counts = new Float64Array(states);
  let calls = 0;
  let failures = 0;
  for (let i = 0; i < samples; i += 1) {
    const { state, oracleCalls, runs } = sampler.sample(random);
    counts[state] += 1;
    calls += oracleCalls;
    failures += runs - 1;
  }
  return { counts, meanCalls: calls / samples, meanFailures: failures / samples };
}

test('samples follow the weights of Hedge, whose losses are the energies', () => {
  const losses = Float64Array.of(0, 1, 2, 3, 0.5, 1.5, 2.5, 8);
  const hedge = new Hedge({ experts: 8, learningRate: 0.8 });
  for (let round = 0; round < 8; round += 1) hedge.update(losses.map((loss) => loss / 8));
  using sampler = new GibbsSampler(losses, 0.8, register(4));
  const samples = 4000;
  const { counts } = frequencies(sampler, 8, samples, 3);
  const weights = hedge.weights();
  const chiSquare = counts.reduce(
    (sum, count, i) => sum + (count - samples * weights[i]) ** 2 / (samples * weights[i]),
    0,
  );
  // Seven degrees of freedom: 24.3 is exceeded once in a thousand seeds.
  expect(chiSquare).toBeLessThan(24.3);
});

test('one state among N takes about √N calls, where refusing takes N runs', () => {
  const sizes = [6, 8, 10];
  const calls = sizes.map((qubits) => {
    const energies = new Float64Array(2 ** qubits).fill(100);
    energies[3] = 0;
    using sampler = new GibbsSampler(energies, 1, register(qubits + 1));
    const { counts, meanCalls, meanFailures } = frequencies(sampler, 2 ** qubits, 60, qubits);
    expect(counts[3]).toBe(60);
    // Theorem 3 promises O(√(N/Z)); the constant is measured.
    expect(meanCalls).toBeLessThan(5 * Math.sqrt(2 ** qubits));
    return meanCalls + meanFailures;
  });
  const slope = Math.log2(calls[2] / calls[0]) / 4;
  // Calls vary by about their mean: 60 samples make the slope uncertain by some 0.045.
  expect(Math.abs(slope - 0.5)).toBeLessThan(0.15);
});

test('at β = 0 every state is as likely, at once', () => {
  using sampler = new GibbsSampler([5, -5, 1e300, 0], 0, register(3));
  const { counts, meanCalls } = frequencies(sampler, 4, 400, 5);
  expect(meanCalls).toBe(0);
  counts.forEach((count) => expect(Math.abs(count - 100)).toBeLessThan(40));
});

describe('bad input is refused', () => {
  test.each([
    ['no energies', [], 1, 2, 'EMPTY'],
    ['one energy', [1], 1, 2, 'OUT_OF_RANGE'],
    ['three energies', [1, 2, 3], 1, 3, 'LENGTH_MISMATCH'],
    ['an energy that is NaN', [1, NaN], 1, 2, 'OUT_OF_RANGE'],
    ['a negative temperature', [1, 2], -1, 2, 'OUT_OF_RANGE'],
    ['a register that is too small', [1, 2], 1, 1, 'REGISTER_TOO_SMALL'],
  ])('%s', (_, energies, beta, size, code) => {
    expect(() => new GibbsSampler(energies, beta, register(size))).toThrow(
      expect.objectContaining({ name: 'AlgorithmError', code }),
    );
  });

  test('a random source that gives 1', () => {
    using sampler = new GibbsSampler([1, 2], 1, register(2));
    expect(() => sampler.sample({ next: () => 1 })).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});
