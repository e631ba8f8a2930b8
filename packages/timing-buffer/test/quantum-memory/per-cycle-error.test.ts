import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import {
  keptFidelity,
  type MemoryCount,
  neededDistance,
  perCycleError,
  suppression,
} from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';

function failureAfter(cycles: number, error: number, kept: number): number {
  return (1 - kept * (1 - 2 * error) ** cycles) / 2;
}

/** Counts that are exactly what is expected, of so many shots that rounding is nothing. */
function expected(error: number, kept: number): MemoryCount[] {
  const shots = 1e12;
  return [5, 10, 20, 40].map((cycles) => ({
    cycles,
    shots,
    failures: Math.round(shots * failureAfter(cycles, error, kept)),
  }));
}

describe('the error per cycle', () => {
  test.each([
    [0.03, 1],
    [0.001, 1],
    [0.01, 0.97],
    [0.0001, 0.999],
  ])('%d with %d kept at the ends is found from expected counts', (error, kept) => {
    const { value, low, high } = perCycleError(expected(error, kept));
    expect(value / error).toBeCloseTo(1, 4);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(high / low).toBeLessThan(1.01);
  });

  test('lies in its 95 % interval 95 times in 100', () => {
    const [error, kept, shots] = [0.01, 0.98, 1000];
    const random = mulberry32(4);
    let inside = 0;
    for (let trial = 0; trial < 400; trial++) {
      const counts = [5, 10, 20].map((cycles) => {
        const p = failureAfter(cycles, error, kept);
        let failures = 0;
        for (let shot = 0; shot < shots; shot++) if (random.next() < p) failures++;
        return { cycles, shots, failures };
      });
      const { low, high } = perCycleError(counts);
      if (low <= error && error <= high) inside++;
    }
    // 380 of 400 expected, deviation 4.4: outside 4 of them once in 15 000 seeds.
    expect(Math.abs(inside - 380)).toBeLessThan(18);
  });

  test('without any failure is at most what would show none once in 40 times', () => {
    const counts = [10, 20].map((cycles) => ({ cycles, shots: 1000, failures: 0 }));
    const { value, low, high } = perCycleError(counts);
    expect([value, low]).toEqual([0, 0]);
    const unseen = counts.reduce((p, { cycles, shots }) => p * (1 - high) ** (cycles * shots), 1);
    expect(unseen).toBeCloseTo(1 / 40, 4);
  });

  test('of a memory that has lost all is finite', () => {
    const counts = [10, 20].map((cycles) => ({ cycles, shots: 1000, failures: 500 }));
    const { value, high } = perCycleError(counts);
    expect(value).toBeGreaterThan(0);
    expect(high).toBeLessThanOrEqual(0.5);
  });

  test.each([
    [[{ cycles: 1, shots: 10, failures: 1 }]],
    [[]],
    [
      [
        { cycles: 1, shots: 10, failures: 11 },
        { cycles: 2, shots: 10, failures: 1 },
      ],
    ],
    [
      [
        { cycles: 1, shots: 0, failures: 0 },
        { cycles: 2, shots: 10, failures: 1 },
      ],
    ],
    [
      [
        { cycles: NaN, shots: 10, failures: 1 },
        { cycles: 2, shots: 10, failures: 1 },
      ],
    ],
  ])('is not fitted to %j', (counts) => {
    expectCode('INVALID_COUNTS', () => perCycleError(counts));
  });
});

test('suppression is the ratio, its interval that of both', () => {
  const first = { value: 4e-3, low: 3.9e-3, high: 4.1e-3 };
  const second = { value: 2e-3, low: 1.9e-3, high: 2.1e-3 };
  const { value, low, high } = suppression(first, second);
  expect(value).toBe(2);
  expect(low).toBeGreaterThan(4 / 2.2);
  expect(low * high).toBeCloseTo(4, 12);
  expectCode('INVALID_COUNTS', () => suppression(first, { ...second, low: 0 }));
});

describe('the distance that a time needs', () => {
  const willow = { error: 1.43e-3, distance: 7, suppression: 2.14 };
  const cycles = 45_455;

  test('is 27 for 0.95 and 31 for 0.99 after 50 ms by the figures of Google (2025)', () => {
    expect(neededDistance(willow, { cycles, fidelity: 0.95 })).toBe(27);
    expect(neededDistance(willow, { cycles, fidelity: 0.99 })).toBe(31);
  });

  test('asks for at most 8.7e-7 a cycle', () => {
    expect(keptFidelity(8.7e-7, cycles)).toBeCloseTo(0.95, 3);
    expect(keptFidelity(0.5, cycles)).toBe(0.5);
  });

  test('is none above threshold, nor beyond 99', () => {
    expect(
      neededDistance({ ...willow, suppression: 1 }, { cycles, fidelity: 0.95 }),
    ).toBeUndefined();
    expect(neededDistance({ ...willow, suppression: 1.01 }, { cycles, fidelity: 0.95 })).toBe(
      undefined,
    );
    for (const fidelity of [0.5, 1, NaN]) {
      expectCode('FIDELITY_OUT_OF_RANGE', () => neededDistance(willow, { cycles, fidelity }));
    }
  });
});
