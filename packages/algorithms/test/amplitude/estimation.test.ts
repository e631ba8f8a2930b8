import { mulberry32 } from '@sema/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalEstimate,
  canonicalLaw,
  closedFormOracle,
  exponentialPowers,
  iterativeEstimate,
  maximumLikelihoodEstimate,
  PayoffCircuit,
} from '../../src/index.ts';
import type { AmplitudeEstimate } from '../../src/index.ts';
import { binomialTail, clopperPearson } from '../../src/amplitude/binomial-interval.ts';
import { finite, register } from '../arbitraries.ts';

function mostLikely(amplitude: number, qubits: number): number {
  const law = canonicalLaw(amplitude, qubits);
  const y = law.indexOf(Math.max(...law));
  return Math.sin((Math.PI * y) / law.length) ** 2;
}

function covers({ lower, upper }: AmplitudeEstimate, amplitude: number): boolean {
  return lower <= amplitude && amplitude <= upper;
}

/** How many of `runs` estimates of random amplitudes have them in their interval. */
function coverage(
  runs: number,
  seed: number,
  estimate: (amplitude: number, random: ReturnType<typeof mulberry32>) => AmplitudeEstimate,
): number {
  const random = mulberry32(seed);
  let covered = 0;
  for (let run = 0; run < runs; run += 1) {
    const amplitude = random.next();
    if (covers(estimate(amplitude, random), amplitude)) covered += 1;
  }
  return covered / runs;
}

describe('the canonical law', () => {
  // qiskit-algorithms, test_amplitude_estimators.py.
  test('finds ½ for 0.2 with two qubits and for 0.49 with three', () => {
    expect(mostLikely(0.2, 2)).toBeCloseTo(0.5, 14);
    expect(mostLikely(0.49, 3)).toBeCloseTo(0.5, 14);
  });

  test('is certain where sin²(πy/M) is met', () => {
    expect(canonicalLaw(0, 4)[0]).toBe(1);
    expect(canonicalLaw(1, 4)[8]).toBeCloseTo(1, 12);
    const half = canonicalLaw(0.5, 3);
    expect(half[2]).toBeCloseTo(0.5, 12);
    expect(half[6]).toBeCloseTo(0.5, 12);
  });

  test('sums to 1, and puts at least 8/π² within 1/M of θ/π', () => {
    fc.assert(
      fc.property(finite(0, 1), fc.integer({ min: 1, max: 9 }), (amplitude, qubits) => {
        const law = canonicalLaw(amplitude, qubits);
        expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
        const theta = Math.asin(Math.sqrt(amplitude));
        let near = 0;
        law.forEach((p, y) => {
          const folded = (Math.PI * Math.min(y, law.length - y)) / law.length;
          if (Math.abs(folded - theta) <= Math.PI / law.length + 1e-9) near += p;
        });
        expect(near).toBeGreaterThanOrEqual(8 / Math.PI ** 2 - 1e-9);
      }),
    );
  });
});

// Every coverage below has a fixed seed; were it just what is promised, a run of 400 would fall two
// standard errors (0.02) short with probability 2.5 %.
describe('intervals cover as often as they say', () => {
  test('canonical, one run and the median of nine', () => {
    for (const repetitions of [1, 9]) {
      const { confidence } = canonicalEstimate(closedFormOracle(0.3), {
        evaluationQubits: 5,
        repetitions,
        random: mulberry32(1),
      });
      const covered = coverage(400, 11, (amplitude, random) =>
        canonicalEstimate(closedFormOracle(amplitude), {
          evaluationQubits: 6,
          repetitions,
          random,
        }),
      );
      expect(covered).toBeGreaterThanOrEqual(confidence - 0.02);
    }
  });

  test('iterative at 90 % and 95 %', () => {
    for (const confidence of [0.9, 0.95]) {
      const covered = coverage(400, 12, (amplitude, random) =>
        iterativeEstimate(closedFormOracle(amplitude), { epsilon: 1e-3, confidence, random }),
      );
      expect(covered).toBeGreaterThanOrEqual(confidence);
    }
  });

  // Exact, and so conservative that at this seed not even the statement itself is missed.
  test.each([0.9, 0.95])('maximum likelihood at %s', (confidence) => {
    for (const shots of [10, 100]) {
      const covered = coverage(300, 13, (amplitude, random) =>
        maximumLikelihoodEstimate(closedFormOracle(amplitude), {
          powers: exponentialPowers(4),
          shots,
          confidence,
          random,
        }),
      );
      expect(covered).toBeGreaterThanOrEqual(confidence);
      expect(covered).toBeLessThan(1);
    }
  });
});

test.each([0, 1e-6, 1e-3, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999, 1 - 1e-6, 1])(
  'of 100 intervals at 0.95 at least 90 cover the amplitude %s',
  (amplitude) => {
    const oracle = closedFormOracle(amplitude);
    const random = mulberry32(18);
    const powers = exponentialPowers(4);
    let [iterative, likely] = [0, 0];
    for (let run = 0; run < 100; run += 1) {
      const options = { confidence: 0.95, random };
      if (covers(iterativeEstimate(oracle, { ...options, epsilon: 0.01 }), amplitude)) iterative++;
      const found = maximumLikelihoodEstimate(oracle, { ...options, powers, shots: 50 });
      if (covers(found, amplitude)) likely++;
    }
    // Were it just what is promised, fewer would have a probability of 1.1 %.
    expect(iterative).toBeGreaterThanOrEqual(90);
    expect(likely).toBeGreaterThanOrEqual(90);
  },
);

test('the interval of maximum likelihood is no wider than twice the normal one', () => {
  const random = mulberry32(19);
  const powers = exponentialPowers(5);
  const fisher = powers.reduce((sum, k) => sum + 100 * (2 * k + 1) ** 2, 0) * 4;
  let width = 0;
  for (let run = 0; run < 100; run += 1) {
    const { lower, upper } = maximumLikelihoodEstimate(closedFormOracle(0.3), {
      powers,
      shots: 100,
      confidence: 0.95,
      random,
    });
    width += (Math.asin(Math.sqrt(upper)) - Math.asin(Math.sqrt(lower))) / 100;
  }
  const normal = (2 * 1.96) / Math.sqrt(fisher);
  expect(width / normal).toBeGreaterThan(1);
  expect(width / normal).toBeLessThan(2);
});

test('iterative: half width ε, calls far below the theorem, and as 1/ε', () => {
  const mean = (epsilon: number) => {
    const random = mulberry32(14);
    let calls = 0;
    for (let run = 0; run < 60; run += 1) {
      const amplitude = random.next();
      const found = iterativeEstimate(closedFormOracle(amplitude), {
        epsilon,
        confidence: 0.95,
        random,
      });
      expect(found.upper - found.lower).toBeLessThanOrEqual(2 * epsilon);
      const bound = (50 / epsilon) * Math.log(40 * Math.log2(Math.PI / (4 * epsilon)));
      expect(found.oracleCalls).toBeLessThan(bound);
      calls += found.oracleCalls / 60;
    }
    return calls;
  };
  const [coarse, fine] = [mean(1e-2), mean(1e-4)];
  expect(coarse * 1e-2).toBeLessThan(25);
  expect(fine * 1e-4).toBeLessThan(25);
  // The slope over two decades; its standard error is some 0.03.
  expect(Math.abs(Math.log10(fine / coarse) / 2 - 1)).toBeLessThan(0.1);
});

// RMSE over the Cramér–Rao bound, 200 repetitions of 100 shots at a = 1/3, computed from the
// paper’s
// scheme: 2.29e-3/2.34e-3 and 6.47e-4/6.23e-4. Over seeds the ratio has a standard error of 5 %.
test.each([4, 6])('maximum likelihood with %s rounds reaches the Cramér–Rao bound', (rounds) => {
  const amplitude = 1 / 3;
  const powers = exponentialPowers(rounds);
  const random = mulberry32(15);
  let squares = 0;
  for (let run = 0; run < 200; run += 1) {
    const { estimate } = maximumLikelihoodEstimate(closedFormOracle(amplitude), {
      powers,
      shots: 100,
      confidence: 0.95,
      random,
    });
    squares += (estimate - amplitude) ** 2 / 200;
  }
  const fisher = powers.reduce((sum, k) => sum + 100 * (2 * k + 1) ** 2, 0) / (2 / 9);
  expect(1 / Math.sqrt(fisher)).toBeCloseTo(rounds === 4 ? 2.34e-3 : 6.23e-4, 5);
  const ratio = Math.sqrt(squares * fisher);
  expect(ratio).toBeGreaterThan(0.85);
  expect(ratio).toBeLessThan(1.25);
});

test('all three find the expected payoff of a market through its circuit', () => {
  const probabilities = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  const payoffs = Float64Array.of(-5, 0, 5, 20);
  using circuit = new PayoffCircuit({ probabilities, payoffs }, register(3));
  const random = mulberry32(16);
  const estimates = [
    canonicalEstimate(circuit, { evaluationQubits: 8, repetitions: 9, random }),
    iterativeEstimate(circuit, { epsilon: 0.005, confidence: 0.99, random }),
    maximumLikelihoodEstimate(circuit, {
      powers: exponentialPowers(5),
      shots: 200,
      confidence: 0.99,
      random,
    }),
  ];
  for (const estimate of estimates) {
    const { expected, lower, upper } = circuit.expected(estimate);
    expect(lower).toBeLessThanOrEqual(9);
    expect(upper).toBeGreaterThanOrEqual(9);
    expect(Math.abs(expected - 9)).toBeLessThan(0.3);
  }
});

test('a certain payoff is found by all, and calls are counted', () => {
  const random = mulberry32(17);
  for (const amplitude of [0, 1]) {
    const oracle = closedFormOracle(amplitude);
    const canonical = canonicalEstimate(oracle, { evaluationQubits: 4, repetitions: 3, random });
    expect(canonical.estimate).toBeCloseTo(amplitude, 12);
    expect(canonical.oracleCalls).toBe(45);
    const likely = maximumLikelihoodEstimate(oracle, {
      powers: [0, 1, 2],
      shots: 10,
      confidence: 0.9,
      random,
    });
    expect(likely.estimate).toBeCloseTo(amplitude, 10);
    expect(likely.oracleCalls).toBe(30);
    expect(covers(likely, amplitude)).toBe(true);
    const iterative = iterativeEstimate(oracle, { epsilon: 1e-4, confidence: 0.95, random });
    expect(covers(iterative, amplitude)).toBe(true);
  }
});

describe('binomial intervals', () => {
  test('0 of 10 and 10 of 10 at 95 % leave 0.3085', () => {
    expect(clopperPearson(0, 10, 0.05).upper).toBeCloseTo(1 - 0.025 ** 0.1, 12);
    expect(clopperPearson(10, 10, 0.05).lower).toBeCloseTo(0.025 ** 0.1, 12);
  });

  test('at either end the tail has half of α', () => {
    for (const [hits, shots] of [
      [3, 10],
      [50, 100],
      [1, 400],
    ]) {
      const { lower, upper } = clopperPearson(hits, shots, 0.1);
      expect(binomialTail(hits, shots, lower)).toBeCloseTo(0.05, 10);
      expect(1 - binomialTail(hits + 1, shots, upper)).toBeCloseTo(0.05, 10);
    }
  });
});

describe('bad input is refused', () => {
  const oracle = closedFormOracle(0.3);
  const random = mulberry32(1);
  test.each([
    ['an amplitude above 1', () => closedFormOracle(1.1)],
    ['an amplitude that is NaN', () => canonicalLaw(NaN, 3)],
    ['no evaluation qubit', () => canonicalLaw(0.5, 0)],
    [
      'an even number of runs',
      () => canonicalEstimate(oracle, { evaluationQubits: 3, repetitions: 2, random }),
    ],
    ['no width', () => iterativeEstimate(oracle, { epsilon: 0, confidence: 0.9, random })],
    ['a width of NaN', () => iterativeEstimate(oracle, { epsilon: NaN, confidence: 0.9, random })],
    ['certainty', () => iterativeEstimate(oracle, { epsilon: 0.1, confidence: 1, random })],
    [
      'no shots',
      () => maximumLikelihoodEstimate(oracle, { powers: [0], shots: 0, confidence: 0.9, random }),
    ],
    [
      'half a power',
      () => maximumLikelihoodEstimate(oracle, { powers: [0.5], shots: 9, confidence: 0.9, random }),
    ],
    [
      'a random source that gives 1',
      () => iterativeEstimate(oracle, { epsilon: 0.1, confidence: 0.9, random: { next: () => 1 } }),
    ],
    [
      'an oracle that gives NaN',
      () =>
        iterativeEstimate({ hitProbability: () => NaN }, { epsilon: 0.1, confidence: 0.9, random }),
    ],
  ])('%s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ name: 'AlgorithmError', code: 'OUT_OF_RANGE' }));
  });

  test('no powers', () => {
    expect(() =>
      maximumLikelihoodEstimate(oracle, { powers: [], shots: 9, confidence: 0.9, random }),
    ).toThrow(expect.objectContaining({ code: 'EMPTY' }));
  });
});
