import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Hedge } from '@sema/algorithms';
import { hermitianEigenvalues } from '@sema/simulator/entanglement';
import { mulberry32 } from '@sema/simulator';
import { log } from '@sema/simulator/elementary';
import {
  AncillaFilter,
  coherentRotation,
  ExperienceOperator,
  firstOrderRotation,
  MatrixLearner,
  rotationGenerator,
} from '../src/index.ts';
import { symmetricSpectrum } from '../src/symmetric-spectrum.ts';
import { codeOf, largestDifference, sum } from './expert-games.ts';

const number = fc.double({ min: -1, max: 1, noNaN: true });

describe('an experience operator', () => {
  test('is symmetric and has a trace of exactly 0', () => {
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 2, maxLength: 16 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (losses, gain) => {
          const operator = new ExperienceOperator(losses, [{ i: 0, j: 1, gain }]);
          let trace = 0;
          for (let i = 0; i < losses.length; i += 1) {
            trace += operator.entry(i, i);
            for (let j = 0; j < i; j += 1) {
              expect(operator.entry(i, j)).toBe(operator.entry(j, i));
            }
          }
          expect(trace).toBe(0);
          expect(operator.entry(1, 0)).toBe(-gain);
        },
      ),
    );
  });

  test('expects of (|i⟩ + |j⟩)/√2 the mean loss of both less their gain', () => {
    const operator = new ExperienceOperator([0.4, 0.6, 0.2], [{ i: 0, j: 1, gain: 0.1 }]);
    const energy = (operator.entry(0, 0) + operator.entry(1, 1)) / 2 + operator.entry(0, 1);
    // The mean of all losses, 0.4, is taken off.
    expect(energy).toBeCloseTo(0.5 - 0.1 - 0.4, 15);
  });

  test('of eight qubits makes a generator that is Hermitian with an exactly zero diagonal', () => {
    const random = mulberry32(4);
    const losses = Float64Array.from({ length: 256 }, () => random.next());
    const uniform = new Float64Array(256).fill(1 / 16);
    for (const rotation of [coherentRotation, firstOrderRotation]) {
      const generator = rotationGenerator(uniform, rotation(uniform, losses, 0.3));
      let moved = 0;
      for (let row = 0; row < 256; row += 1) {
        expect(generator[2 * (row * 256 + row) + 1]).toBe(0);
        for (let column = 0; column < row; column += 1) {
          const entry = generator[2 * (row * 256 + column) + 1];
          if (entry !== -generator[2 * (column * 256 + row) + 1]) throw new Error('not Hermitian');
          moved = Math.max(moved, Math.abs(entry));
        }
      }
      expect(moved).toBeGreaterThan(0);
    }
  });

  test('is refused when it is none', () => {
    const tries: readonly (() => unknown)[] = [
      () => new ExperienceOperator([]),
      () => new ExperienceOperator([NaN]),
      () => new ExperienceOperator([2]),
      () => new ExperienceOperator(new Float64Array(257)),
      () => new ExperienceOperator([0, 1], [{ i: 1, j: 1, gain: 0.1 }]),
      () => new ExperienceOperator([0, 1], [{ i: 0, j: 1, gain: Infinity }]),
      () =>
        new ExperienceOperator(
          [0, 1],
          [
            { i: 0, j: 1, gain: 0.1 },
            { i: 1, j: 0, gain: 0.1 },
          ],
        ),
    ];
    for (const attempt of tries) expect(codeOf(attempt)).toBe('INVALID_OPERATOR');
    expect(codeOf(() => new ExperienceOperator([0, 1], [{ i: 0, j: 2, gain: 0.1 }]))).toBe(
      'INDEX_OUT_OF_RANGE',
    );
  });
});

describe('the first-order rotation', () => {
  const gapAt = (rate: number): number => {
    const amplitudes = [0.5, 0.5, 0.5, 0.5];
    const losses = [0, 0.3, 0.9, 1];
    const exact = coherentRotation(amplitudes, losses, rate);
    const first = firstOrderRotation(amplitudes, losses, rate);
    const moved = (r: typeof exact) => amplitudes.map((a, i) => a + r.angle * r.axis[i]);
    return largestDifference(moved(exact), moved(first));
  };

  test('differs from the exact one by η²: a tenth of the rate, a hundredth of the gap', () => {
    const slope = gapAt(0.1) / gapAt(0.01);
    expect(slope).toBeGreaterThan(90);
    expect(slope).toBeLessThan(110);
  });

  test('is refused above the rate for which its bound holds', () => {
    expect(codeOf(() => firstOrderRotation([1, 0], [0, 1], 0.51))).toBe('INVALID_OPTION');
  });
});

describe('the ancilla filter', () => {
  test('succeeds with the potential of Hedge: the product over rounds is Σ w e^{−ηL}', () => {
    using filter = new AncillaFilter(3);
    const random = mulberry32(9);
    const hedge = new Hedge({ experts: 8, learningRate: 0.5 });
    let amplitudes: Float64Array = new Float64Array(8).fill(Math.sqrt(1 / 8));
    let logSuccess = 0;
    let mixLoss = 0;
    for (let t = 0; t < 200; t += 1) {
      const losses = Float64Array.from({ length: 8 }, () => random.next());
      const result = filter.apply(amplitudes, losses, 0.5);
      logSuccess += log(result.successProbability);
      mixLoss += hedge.update(losses);
      const norm = Math.sqrt(sum(result.amplitudes.map((a) => a * a)));
      amplitudes = result.amplitudes.map((a) => a / norm);
    }
    expect(logSuccess).toBeCloseTo(-0.5 * mixLoss, 10);
    expect(
      largestDifference(
        amplitudes.map((a) => a * a),
        hedge.weights(),
      ),
    ).toBeLessThan(1e-12);
  });
});

describe('the spectrum of a symmetric matrix', () => {
  test('has the eigenvalues of the simulator, and puts the matrix together again', () => {
    const random = mulberry32(2);
    for (const dimension of [1, 2, 5, 16]) {
      const matrix = new Float64Array(dimension * dimension);
      for (let i = 0; i < dimension; i += 1) {
        for (let j = 0; j <= i; j += 1) {
          matrix[i * dimension + j] = matrix[j * dimension + i] = random.next() - 0.5;
        }
      }
      const { values, vectors } = symmetricSpectrum(matrix, dimension);
      const imaginary = new Float64Array(matrix.length);
      const expected = hermitianEigenvalues({ dimension, real: matrix, imaginary });
      expect(largestDifference(values.slice().sort(), expected)).toBeLessThan(1e-13);
      const again = matrix.map((_, at) => {
        const [row, column] = [Math.floor(at / dimension), at % dimension];
        let entry = 0;
        for (let k = 0; k < dimension; k += 1) {
          entry += values[k] * vectors[row * dimension + k] * vectors[column * dimension + k];
        }
        return entry;
      });
      expect(largestDifference(again, matrix)).toBeLessThan(1e-13);
    }
  });
});

describe('matrix multiplicative weights', () => {
  function randomOperator(random: { next(): number }, dimension: number): ExperienceOperator {
    const losses = Float64Array.from({ length: dimension }, () => 0.8 * (random.next() - 0.5));
    const couplings = [];
    for (let i = 1; i < dimension; i += 1) {
      for (let j = 0; j < i; j += 1) {
        couplings.push({ i, j, gain: (random.next() - 0.5) / dimension });
      }
    }
    return new ExperienceOperator(losses, couplings);
  }

  test('keep λ_min + ηT + ln d/η at every prefix with operators that do not commute', () => {
    for (let seed = 0; seed < 5; seed += 1) {
      const random = mulberry32(seed);
      const rate = Math.sqrt(log(8) / 200);
      const learner = new MatrixLearner({ dimension: 8, learningRate: rate });
      let suffered = 0;
      for (let t = 1; t <= 200; t += 1) {
        const operator = randomOperator(random, 8);
        suffered += learner.expectedLoss(operator);
        learner.update(operator);
        const bound = learner.bestLoss() + rate * t + log(8) / rate;
        expect(suffered, `seed ${seed}, round ${t}`).toBeLessThanOrEqual(bound);
      }
      expect(suffered - learner.bestLoss()).toBeGreaterThan(0);
    }
  });

  test('keep it against an adversary that always charges the heaviest eigenstate', () => {
    const learner = new MatrixLearner({ dimension: 2, learningRate: 0.1 });
    let suffered = 0;
    for (let t = 1; t <= 300; t += 1) {
      const [a, b, , d] = learner.state;
      // A unit vector in the (Z, X) plane along the Bloch vector of ρ, as losses ±1 and a coupling.
      const length = Math.sqrt((a - d) * (a - d) + 4 * b * b) || 1;
      const z = length === 1 && a === d ? 1 : (a - d) / length;
      const x = length === 1 && a === d ? 0 : (2 * b) / length;
      const size = 1 / (Math.abs(z) + Math.abs(x));
      const operator = new ExperienceOperator(
        [z * size, -z * size],
        [{ i: 1, j: 0, gain: -x * size }],
      );
      suffered += learner.expectedLoss(operator);
      learner.update(operator);
      expect(suffered).toBeLessThan(learner.bestLoss() + 0.1 * t + log(2) / 0.1);
    }
  });

  test('are Hedge when everything commutes', () => {
    const random = mulberry32(3);
    const learner = new MatrixLearner({ dimension: 6, learningRate: 0.4 });
    const hedge = new Hedge({ experts: 6, learningRate: 0.4 });
    for (let t = 0; t < 100; t += 1) {
      const losses = Float64Array.from({ length: 6 }, () => random.next());
      learner.update(new ExperienceOperator(losses));
      hedge.update(losses);
    }
    expect(largestDifference(learner.weights, hedge.weights())).toBeLessThan(1e-12);
  });

  test('continue bit for bit from a snapshot and refuse one that is none', () => {
    const random = mulberry32(3);
    const learner = new MatrixLearner({ dimension: 4, learningRate: 0.4 });
    for (let t = 0; t < 5; t += 1) learner.update(randomOperator(random, 4));
    const good = learner.snapshot();
    const twin = MatrixLearner.restore(good);
    const next = randomOperator(random, 4);
    learner.update(next);
    twin.update(next);
    expect(twin.state).toStrictEqual(learner.state);
    const skew = good.experience.slice();
    skew[1] += 0.1;
    for (const broken of [null, { ...good, dimension: 5 }, { ...good, experience: skew }]) {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => MatrixLearner.restore(broken as typeof good));
      expect(code).toBe('INVALID_SNAPSHOT');
    }
  });

  test('refuse operators of another dimension or of a norm above 1', () => {
    const learner = new MatrixLearner({ dimension: 2, learningRate: 0.4 });
    expect(codeOf(() => learner.update(new ExperienceOperator([0, 1, 0])))).toBe(
      'INVALID_OPERATOR',
    );
    const heavy = new ExperienceOperator([1, -1], [{ i: 0, j: 1, gain: 1 }]);
    expect(codeOf(() => learner.update(heavy))).toBe('INVALID_OPERATOR');
    expect(learner.rounds).toBe(0);
  });
});
