import {
  exp,
  expInto,
  log,
  log1p,
  log1pInto,
  logInto,
  pow,
  powInto,
} from '@sema/simulator/elementary';
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../src/index.ts';

const EDGES = [
  [0, 1, Infinity, 5e-324, 2.2250738585072014e-308, 2.2e-308, 1.7976931348623157e308, 0.5, 2, 3],
  [1e-17, 2.7e-17, 2.8e-17, 1 / 512, 1.0000000000000002, 0.9999999999999999, 0.30102999566398],
  [708.4, 709.782712893384, 709.7827128933841, 710, 745.1332191019411, 745.1332191019412, 746, 750],
].flat();
const SPECIAL = [NaN, ...EDGES, ...EDGES.map((x) => -x)];

/** The special ones, then doubles of every order of magnitude, near 1, near 0 and up to ±1000. */
function drawn(count: number, seed: number): Float64Array {
  const random = mulberry32(seed);
  const draws = [
    () => 2000 * random.next() - 1000,
    () => 2 * random.next(),
    () => pow(2, 2148 * random.next() - 1074),
    () => (random.next() - 0.5) / 100,
  ];
  const others = Array.from({ length: count }, (_, i) => draws[i % 4]());
  return Float64Array.of(...SPECIAL, ...others);
}

const values = drawn(6000, 5);

describe('over an array a function gives the bits that it gives one by one', () => {
  test.each([
    ['exp', exp, expInto],
    ['log', log, logInto],
    ['log1p', log1p, log1pInto],
  ])('%s', (_, one, into) => {
    const out = new Float64Array(values.length);
    into(values, out);
    expect(out).toEqual(values.map(one));
    const own = values.slice();
    into(own, own);
    expect(own).toEqual(out);
  });

  test('pow, also of every two special values', () => {
    const { length } = SPECIAL;
    const pairs = SPECIAL.flatMap((base) => SPECIAL.map((exponent) => [base, exponent]));
    const random = mulberry32(6);
    for (const base of values) {
      pairs.push(
        [Math.abs(base), 4 * random.next() - 2],
        [base, Math.round(9 * random.next()) - 4],
      );
    }
    const bases = Float64Array.from(pairs, ([base]) => base);
    const exponents = Float64Array.from(pairs, ([, exponent]) => exponent);
    expect(bases.length).toBe(length * length + 2 * values.length);
    const out = new Float64Array(bases.length);
    powInto(bases, exponents, out);
    expect(out).toEqual(bases.map((base, i) => pow(base, exponents[i])));
    powInto(bases, exponents, exponents);
    expect(exponents).toEqual(out);
  });
});

test('what is outside the range is left alone', () => {
  const out = Float64Array.of(7, 7, 7, 7);
  expInto(Float64Array.of(0, 0, 0, 0), out, 1, 3);
  expect(out).toEqual(Float64Array.of(7, 1, 1, 7));
  powInto(Float64Array.of(4, 9), Float64Array.of(0.5, 0.5), out, 1, 2);
  expect(out).toEqual(Float64Array.of(7, 3, 1, 7));
});
