import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import { type DetectorErrorModel, parseDetectorErrorModel } from '@sema/simulator/stim';
import { MatchingDecoder } from '@sema/timing-buffer/quantum-memory';
import { MinimumWeightMatching } from '../../src/quantum-memory/minimum-weight-matching.ts';
import { expectCode } from '../expect-code.ts';

/** A bit-flip repetition code of distance 5: detector i compares qubits i and i + 1, once. */
const CHAIN = parseDetectorErrorModel(`
error(0.1) D0 L0
error(0.1) D0 D1
error(0.1) D1 D2
error(0.1) D2 D3
error(0.1) D3`);

test('two flips of a repetition code are found, and three taken for the other two', () => {
  const decoder = new MatchingDecoder(CHAIN);
  expect(decoder.decode([])).toEqual({ observables: 0, weight: 0, pairs: [] });
  // Qubits 0 and 2, of five.
  expect(decoder.decode([0, 1, 2])).toMatchObject({
    observables: 1,
    pairs: [
      [0, -1],
      [1, 2],
    ],
  });
  // Qubits 0, 2 and 3 look like 1 and 4.
  expect(decoder.decode([0, 1, 3])).toMatchObject({
    observables: 0,
    pairs: [
      [0, 1],
      [3, -1],
    ],
  });
  const weight = 2 * Math.log(9);
  expect(decoder.decode([0, 1, 3]).weight).toBeCloseTo(weight, 12);
});

test('500 of them one after another decode as each on its own', () => {
  const chain =
    'error(0.1) D0 L0\nerror(0.1) D0 D1\nerror(0.2) D1 D2\nerror(0.1) D2 D3\nerror(0.1) D3';
  const one = new MatchingDecoder(parseDetectorErrorModel(chain));
  const long = parseDetectorErrorModel(`repeat 500 {\n${chain}\nshift_detectors 4\n}`);
  const all = new MatchingDecoder(long);
  const random = mulberry32(8);
  const blocks = Array.from({ length: 500 }, () => [0, 1, 2, 3].filter(() => random.next() < 0.4));
  const alone = blocks.map((fired) => one.decode(fired));
  const together = all.decode(blocks.flatMap((fired, k) => fired.map((d) => 4 * k + d)));
  const weight = alone.reduce((sum, each) => sum + each.weight, 0);
  expect(together.weight).toBeCloseTo(weight, 9);
  expect(together.pairs).toHaveLength(alone.reduce((sum, { pairs }) => sum + pairs.length, 0));
  // Each chain has an odd number of errors, and so no two explanations of equal weight.
  expect(together.observables).toBe(alone.reduce((bits, each) => bits ^ each.observables, 0));
});

test('the order in which detectors are named does not matter', () => {
  const decoder = new MatchingDecoder(CHAIN);
  expect(decoder.decode([3, 0, 1])).toEqual(decoder.decode([0, 1, 3]));
});

test('errors with the same symptoms are one, of the probability that one of both happens', () => {
  const decoder = new MatchingDecoder(parseDetectorErrorModel('error(0.1) D0\nerror(0.2) D0'));
  expect(decoder.decode([0]).weight).toBeCloseTo(Math.log(0.74 / 0.26), 12);
});

test('of errors that differ in observables alone the likelier is taken', () => {
  const model = parseDetectorErrorModel('error(0.1) D0\nerror(0.2) D0 L1\nerror(0.15) D0 L0');
  expect(new MatchingDecoder(model).decode([0]).observables).toBe(2);
});

test('each part of a split error is an edge', () => {
  const decoder = new MatchingDecoder(parseDetectorErrorModel('error(0.1) D0 D1 ^ D2 L0'));
  expect(decoder.decode([0, 1, 2])).toMatchObject({ observables: 1 });
  expect(decoder.decode([2])).toMatchObject({ observables: 1 });
});

describe('the matching', () => {
  test('is the lightest of all, by trying them all', () => {
    fc.assert(
      fc.property(graphs(), ({ weights, boundary }) => {
        const mates = minimumWeightMatching(weights, boundary);
        const least = lightest(weights, boundary);
        if (mates === undefined) {
          expect(least).toBe(Infinity);
          return;
        }
        mates.forEach((mate, v) => {
          if (mate !== -1) expect(mates[mate]).toBe(v);
        });
        // Sums of at most ten numbers below 20.
        expect(Math.abs(weightOf(mates, weights, boundary) - least)).toBeLessThan(1e-12);
      }),
      { numRuns: 1500 },
    );
  });

  test('needs blossoms inside blossoms, and opens them again', () => {
    // Two triangles of short edges that share a bridge, and a far boundary for one vertex alone.
    const near = [
      [0, 1, 1],
      [1, 2, 1],
      [0, 2, 1],
      [2, 3, 4],
      [3, 4, 1],
      [4, 5, 1],
      [3, 5, 1],
      [5, 6, 6],
    ];
    const weights = new Float64Array(49).fill(Infinity);
    for (const [a, b, w] of near) weights[7 * a + b] = weights[7 * b + a] = w;
    const boundary = new Float64Array(7).fill(Infinity);
    boundary[6] = 50;
    const mates = minimumWeightMatching(weights, boundary);
    expect(mates && weightOf(mates, weights, boundary)).toBe(lightest(weights, boundary));
  });

  test('is none when an odd number has no boundary', () => {
    const none = new Float64Array(3).fill(Infinity);
    expect(minimumWeightMatching(new Float64Array(9), none)).toBeUndefined();
  });
});

test('what no error explains is refused, and so is what is no detector', () => {
  const decoder = new MatchingDecoder(parseDetectorErrorModel('error(0.1) D0 D1\ndetector D2'));
  expectCode('NOT_EXPLAINABLE', () => decoder.decode([0]));
  expectCode('NOT_EXPLAINABLE', () => decoder.decode([2]));
  for (const bad of [3, -1, 0.5, NaN, Infinity]) {
    expectCode('DETECTOR_OUT_OF_RANGE', () => decoder.decode([bad]));
  }
  expectCode('DETECTOR_OUT_OF_RANGE', () => decoder.decode([0, 0]));
});

test.each(['error(0.1) D0 D1 D2', 'error(0.51) D0 D1', 'error(0.1) D0 L32'])(
  'the model "%s" has no matching graph',
  (text) => {
    expectCode('NOT_MATCHABLE', () => new MatchingDecoder(parseDetectorErrorModel(text)));
  },
);

test('an error that never happens and one that no detector sees make no edge', () => {
  const model: DetectorErrorModel = parseDetectorErrorModel(
    'error(0) D0\nerror(0.1) L0\nerror(0.2) D0 D0 D1',
  );
  const decoder = new MatchingDecoder(model);
  expectCode('NOT_EXPLAINABLE', () => decoder.decode([0]));
  expect(decoder.decode([1]).weight).toBeCloseTo(Math.log(4), 12);
});

/** One matching after another in the same memory, as a decoder does. */
const matching = new MinimumWeightMatching();

function minimumWeightMatching(weights: Float64Array, boundary: Float64Array) {
  const n = boundary.length;
  matching.begin(n).set(boundary);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) matching.join(a, b, weights[a * n + b]);
  }
  return matching.solve()?.slice(0, n);
}

/** Up to nine vertices; some edges absent, many of equal weight. */
function graphs() {
  const weight = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.double({ min: 0, max: 20, noNaN: true }),
    fc.constant(Infinity),
  );
  return fc.integer({ min: 0, max: 9 }).chain((n) =>
    fc
      .record({
        upper: fc.array(weight, { minLength: n * n, maxLength: n * n }),
        boundary: fc.array(weight, { minLength: n, maxLength: n }),
        closed: fc.boolean(),
      })
      .map(({ upper, boundary, closed }) => {
        const weights = new Float64Array(n * n);
        for (let a = 0; a < n; a++) {
          for (let b = 0; b < n; b++) {
            weights[a * n + b] = upper[Math.min(a, b) * n + Math.max(a, b)];
          }
        }
        const ends = closed ? boundary.fill(Infinity) : boundary;
        return { weights, boundary: Float64Array.from(ends) };
      }),
  );
}

function weightOf(mates: Int32Array, weights: Float64Array, boundary: Float64Array): number {
  const n = boundary.length;
  let sum = 0;
  mates.forEach((mate, v) => {
    if (mate === -1) sum += boundary[v];
    else if (mate > v) sum += weights[v * n + mate];
  });
  return sum;
}

/** The first vertex left goes to the boundary or to any other, whichever is best in the end. */
function lightest(weights: Float64Array, boundary: Float64Array): number {
  const n = boundary.length;
  const best = (left: readonly number[]): number => {
    if (left.length === 0) return 0;
    const [first, ...rest] = left;
    let least = boundary[first] + best(rest);
    for (const other of rest) {
      const remaining = rest.filter((v) => v !== other);
      least = Math.min(least, weights[first * n + other] + best(remaining));
    }
    return least;
  };
  return best(Array.from({ length: n }, (_, v) => v));
}
