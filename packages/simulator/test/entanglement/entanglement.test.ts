import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DensityMatrix,
  fidelity,
  gateMatrix,
  mulberry32,
  reducedDensityMatrix,
  StateVector,
} from '@sema/simulator';
import {
  averageGateFidelity,
  choiState,
  concurrence,
  hermitianEigenvalues,
  mutualInformation,
  negativity,
  partialTrace,
  processFidelity,
  stateFidelity,
  vonNeumannEntropy,
} from '@sema/simulator/entanglement';
import { amplitudeDamping, depolarizing, krausChannel, phaseFlip } from '@sema/simulator/noise';
import { randomState, randomUnitary } from '../arbitrary-circuits.ts';
import { adjoint, distance, multiply } from '../dense.ts';
import {
  ROUNDING,
  ROOT_ROUNDING,
  count,
  whole,
  bell,
  mixed,
  noise,
  werner,
  ghz,
  w3,
  randomMixed,
  seed,
  weight,
} from './known-states.ts';

describe('Hermitian eigenvalues', () => {
  test('of the Paulis are ±1, of a diagonal matrix its entries', () => {
    const y = { dimension: 2, real: new Float64Array(4), imaginary: Float64Array.of(0, -1, 1, 0) };
    expect(distance(hermitianEigenvalues(y), [-1, 1])).toBeLessThan(ROUNDING);
    const diagonal = {
      dimension: 2,
      real: Float64Array.of(3, 0, 0, -7),
      imaginary: new Float64Array(4),
    };
    expect([...hermitianEigenvalues(diagonal)]).toEqual([-7, 3]);
  });

  test('of UDU† are those in D, however small', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(1e-200, 1, 1e4),
        (s, qubits, scale) => {
          const random = mulberry32(s);
          const size = 2 ** qubits;
          const values = Float64Array.from(
            { length: size },
            () => scale * Math.round(8 * random.next() - 4),
          );
          const unitary = randomUnitary(qubits, random);
          const u = {
            size,
            re: unitary.filter((_, k) => k % 2 === 0),
            im: unitary.filter((_, k) => k % 2 === 1),
          };
          const d = { size, re: new Float64Array(size * size), im: new Float64Array(size * size) };
          values.forEach((value, k) => (d.re[k * (size + 1)] = value));
          const { re, im } = multiply(multiply(u, d), adjoint(u));
          const found = hermitianEigenvalues({ dimension: size, real: re, imaginary: im });
          expect(distance(found, values.sort())).toBeLessThan(ROUNDING * scale);
        },
      ),
    );
  });

  test('of the path of 64 points are 2·cos(kπ/65)', () => {
    const real = Float64Array.from({ length: 64 * 64 }, (_, k) =>
      Math.abs(Math.floor(k / 64) - (k % 64)) === 1 ? 1 : 0,
    );
    const found = hermitianEigenvalues({
      dimension: 64,
      real,
      imaginary: new Float64Array(64 * 64),
    });
    const due = count(64).map((k) => 2 * Math.cos(((64 - k) * Math.PI) / 65));
    expect(distance(found, due)).toBeLessThan(ROUNDING);
  });
});

describe('entropies', () => {
  test('of Bell, GHZ and W states are those of their marginals’ weights', () => {
    expect(vonNeumannEntropy(bell)).toBe(0);
    expect(vonNeumannEntropy(partialTrace(bell, [0]))).toBeCloseTo(1, 14);
    expect(mutualInformation(bell, [0], [1])).toBeCloseTo(2, 13);
    const g = whole(ghz(3));
    expect(mutualInformation(g, [0], [1])).toBeCloseTo(1, 13);
    expect(mutualInformation(g, [0], [1, 2])).toBeCloseTo(2, 13);
    const h = -(1 / 3) * Math.log2(1 / 3) - (2 / 3) * Math.log2(2 / 3);
    expect(vonNeumannEntropy(partialTrace(whole(w3), [1]))).toBeCloseTo(h, 13);
    expect(mutualInformation(whole(w3), [0], [1])).toBeCloseTo(h, 13);
  });

  test('of Werner states are those of the weights (1 + 3p)/4 and (1 − p)/4 three times', () => {
    fc.assert(
      fc.property(weight, (p) => {
        const term = (x: number) => (x > 0 ? -x * Math.log2(x) : 0);
        const due = term((1 + 3 * p) / 4) + 3 * term((1 - p) / 4);
        expect(Math.abs(vonNeumannEntropy(werner(p)) - due)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('obey subadditivity, Araki and Lieb, and strong subadditivity', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const rho = randomMixed(3, s);
        const of = (...part: number[]) => vonNeumannEntropy(partialTrace(rho, part));
        expect(of(0, 1)).toBeLessThanOrEqual(of(0) + of(1) + ROUNDING);
        expect(of(0, 1)).toBeGreaterThanOrEqual(Math.abs(of(0) - of(1)) - ROUNDING);
        expect(of(0, 1, 2) + of(1)).toBeLessThanOrEqual(of(0, 1) + of(1, 2) + ROUNDING);
      }),
    );
  });

  test('of three of eight qubits average to Page’s value over random states', () => {
    // Page, Phys. Rev. Lett. 71, 1291 (1993): Σ 1/k for k in (n, mn], less (m − 1)/2n, in nats.
    // Gaussian amplitudes make the states uniform. Their entropies have a standard deviation of
    // 0.030 bits (from 2000 of them), so that a mean of 200 is off by 0.0104 with a chance of 1e-6.
    const [m, n] = [8, 32];
    let page = -(m - 1) / (2 * n);
    for (let k = n + 1; k <= m * n; k++) page += 1 / k;
    const random = mulberry32(2026);
    let sum = 0;
    for (let trial = 0; trial < 200; trial++) {
      sum += vonNeumannEntropy(reducedDensityMatrix(uniformState(8, random), [1, 4, 6]));
    }
    expect(Math.abs(sum / 200 - page / Math.LN2)).toBeLessThan(0.0104);
  });

  function uniformState(qubits: number, random: { next(): number }): StateVector {
    // Box and Muller: the two parts of an amplitude are independent normal numbers.
    const radii = Float64Array.from({ length: 2 ** qubits }, () =>
      Math.sqrt(-Math.log(1 - random.next())),
    );
    const angles = radii.map(() => 2 * Math.PI * random.next());
    const norm = Math.sqrt(radii.reduce((total, r) => total + r * r, 0));
    return StateVector.from(
      radii.map((r, k) => (r * Math.cos(angles[k])) / norm),
      radii.map((r, k) => (r * Math.sin(angles[k])) / norm),
    );
  }
});

describe('partial traces', () => {
  test('of a whole pure state are its reduced density matrices', () => {
    fc.assert(
      fc.property(seed, fc.shuffledSubarray([0, 1, 2, 3]), (s, kept) => {
        const state = randomState(4, mulberry32(s));
        const traced = partialTrace(whole(state), kept);
        const due = reducedDensityMatrix(state, kept);
        expect(distance(traced.real, due.real)).toBeLessThan(ROUNDING);
        expect(distance(traced.imaginary, due.imaginary)).toBeLessThan(ROUNDING);
      }),
    );
  });
});

describe('fidelities', () => {
  test('of pure states are |⟨ψ|φ⟩|², of a pure and any other ⟨ψ|σ|ψ⟩', () => {
    fc.assert(
      fc.property(seed, weight, (s, p) => {
        const [a, b] = [randomState(3, mulberry32(s)), randomState(3, mulberry32(s + 1))];
        const overlap = fidelity(a, b);
        expect(Math.abs(stateFidelity(whole(a), whole(b)) - overlap)).toBeLessThan(ROUNDING);
        const sigma = mixed([p, whole(b)], [1 - p, noise(3)]);
        const due = p * overlap + (1 - p) / 8;
        expect(Math.abs(stateFidelity(whole(a), sigma) - due)).toBeLessThan(ROUNDING);
        expect(Math.abs(stateFidelity(sigma, whole(a)) - due)).toBeLessThan(ROOT_ROUNDING);
      }),
    );
  });

  test('of commuting states are (Σ √(pq))²; of a state with itself 1; symmetric', () => {
    const diagonal = (...weights: number[]): DensityMatrix => ({
      qubits: 1,
      dimension: 2,
      real: Float64Array.of(weights[0], 0, 0, weights[1]),
      imaginary: new Float64Array(4),
    });
    const due = (Math.sqrt(0.3 * 0.6) + Math.sqrt(0.7 * 0.4)) ** 2;
    expect(stateFidelity(diagonal(0.3, 0.7), diagonal(0.6, 0.4))).toBeCloseTo(due, 14);
    fc.assert(
      fc.property(seed, (s) => {
        const [rho, sigma] = [randomMixed(3, s), randomMixed(3, s + 2)];
        expect(Math.abs(stateFidelity(rho, rho) - 1)).toBeLessThan(ROOT_ROUNDING);
        const difference = stateFidelity(rho, sigma) - stateFidelity(sigma, rho);
        expect(Math.abs(difference)).toBeLessThan(ROOT_ROUNDING);
      }),
    );
  });

  test('of channels: depolarising 1 − p, amplitude damping (1 + √(1 − γ))²/4', () => {
    const one = krausChannel([gateMatrix('id')]);
    const two = krausChannel([gateMatrix('cx')]);
    fc.assert(
      fc.property(weight, (p) => {
        expect(Math.abs(processFidelity(depolarizing(p), one) - (1 - p))).toBeLessThan(ROUNDING);
        const due = (1 + Math.sqrt(1 - p)) ** 2 / 4;
        expect(Math.abs(processFidelity(amplitudeDamping(p), one) - due)).toBeLessThan(ROUNDING);
        const average = averageGateFidelity(phaseFlip(p), one);
        expect(Math.abs(average - (1 - (2 * p) / 3))).toBeLessThan(ROUNDING);
      }),
    );
    expect(processFidelity(two, two)).toBeCloseTo(1, 13);
    expect(processFidelity(two, krausChannel([gateMatrix('cz')]))).toBeCloseTo(0.25, 13);
  });

  test('a Choi state leaves the channel’s partner maximally mixed', () => {
    const choi = choiState(amplitudeDamping(0.3));
    expect(distance(partialTrace(choi, [1]).real, noise(1).real)).toBeLessThan(ROUNDING);
    expect(distance(partialTrace(choi, [0]).real, [0.65, 0, 0, 0.35])).toBeLessThan(ROUNDING);
  });
});

describe('what is no state is refused', () => {
  const like = (change: (rho: DensityMatrix) => void): DensityMatrix => {
    const rho = mixed([1, bell]);
    change(rho);
    return rho;
  };
  const refused: [string, () => unknown, string][] = [
    ['a trace of 1.1', () => vonNeumannEntropy(like((r) => (r.real[0] += 0.1))), 'NOT_NORMALIZED'],
    ['NaN', () => vonNeumannEntropy(like((r) => (r.real[0] = NaN))), 'NOT_FINITE'],
    ['a torn mirror', () => concurrence(like((r) => (r.real[3] = 0))), 'NOT_HERMITIAN'],
    [
      'an imaginary diagonal',
      () => concurrence(like((r) => (r.imaginary[0] = 1))),
      'NOT_HERMITIAN',
    ],
    [
      'a negative weight',
      () =>
        stateFidelity(
          like((r) => r.real.set([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1])),
          bell,
        ),
      'NOT_POSITIVE',
    ],
    [
      'lost entries',
      () => negativity({ ...bell, real: new Float64Array(15) }, [0]),
      'WRONG_LENGTH',
    ],
    ['a wrong number of qubits', () => vonNeumannEntropy({ ...bell, qubits: 3 }), 'WRONG_LENGTH'],
    ['nine qubits', () => vonNeumannEntropy(noise(9)), 'TOO_MANY_QUBITS'],
    ['a missing qubit', () => partialTrace(bell, [2]), 'QUBIT_OUT_OF_RANGE'],
    ['an overlap', () => mutualInformation(bell, [0], [0]), 'DUPLICATE_QUBIT'],
    ['concurrence of three', () => concurrence(noise(3)), 'QUBIT_COUNT_MISMATCH'],
    ['unequal sizes', () => stateFidelity(bell, noise(1)), 'QUBIT_COUNT_MISMATCH'],
    [
      'an average against a mixture',
      () => averageGateFidelity(phaseFlip(0.1), phaseFlip(0.1)),
      'NOT_UNITARY',
    ],
  ];
  test.each(refused)('%s', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
