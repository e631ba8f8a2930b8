import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';
import * as elementary from '@sema/simulator/elementary';
import { DOMAINS, worstError } from './elementary-domains.ts';

const { acos, asin, atan, atan2, cos, exp, expm1, log, log1p, log2, pow, sin, tan, tanh } =
  elementary;

const UNARY = { acos, asin, atan, cos, exp, expm1, log, log1p, log2, sin, tan, tanh };
const BINARY = { atan2, pow };

const TINY = 5e-324;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const LARGEST = Number.MAX_VALUE;
const EDGES = [
  NaN,
  0,
  TINY,
  SMALLEST_NORMAL,
  1e-300,
  0.5,
  1,
  2,
  3,
  1e300,
  LARGEST,
  Infinity,
].flatMap((x) => [x, -x]);

/** Whether two doubles are the same or neighbours: Math may be off by one ulp and so may we. */
function near(a: number, b: number): boolean {
  if (Object.is(a, b)) return true;
  return Math.abs(a - b) <= Math.max(2 ** -51 * Math.abs(b), TINY) && a !== 0 && b !== 0;
}

describe.each(DOMAINS)('$title', (domain) => {
  test('stays within one unit in the last place of the truth', () => {
    const { ulps, at } = worstError(domain, mulberry32(20), 12);
    expect(ulps, `at ${at.join(', ')}`).toBeLessThan(1);
  });
});

describe('special values', () => {
  test.each(Object.entries(UNARY))('%s has those of its namesake in Math', (name, compute) => {
    const namesake = Math[name as keyof typeof UNARY]; // the keys of UNARY are such names
    const wrong = EDGES.filter((x) => !near(compute(x), namesake(x)));
    expect(wrong).toEqual([]);
  });

  test.each(Object.entries(BINARY))('%s has those of its namesake in Math', (name, compute) => {
    const namesake = Math[name as keyof typeof BINARY]; // the keys of BINARY are such names
    const pairs = EDGES.flatMap((a) => EDGES.map((b): [number, number] => [a, b]));
    const wrong = pairs.filter(([a, b]) => !near(compute(a, b), namesake(a, b)));
    expect(wrong).toEqual([]);
  });

  test('exp overflows and underflows where the real function does', () => {
    expect(exp(709.782712893384)).toBeLessThan(Infinity);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(-745.1332191019411)).toBe(TINY);
    expect(exp(-745.1332191019412)).toBe(0);
  });

  test('the angle with the closest multiple of π/2 among all doubles keeps its cosine', () => {
    // Kahan's example: 6381956970095103 · 2^797 is within 2^-61 of a multiple of π/2.
    expect(cos(6381956970095103 * 2 ** 797)).toBe(-4.687165924254628e-19);
  });
});

describe('exact results', () => {
  test('a power of small integers is exact', () => {
    for (let base = -30; base <= 30; base++) {
      let product = 1;
      for (let exponent = 0; Math.abs(product) < 2 ** 53; exponent++) {
        if (exponent > 60) break;
        expect(pow(base, exponent)).toBe(product);
        product *= base;
      }
    }
  });

  test('a power of two has an exact logarithm, and is exact as a power', () => {
    for (let k = -1074; k <= 1023; k++) {
      const value = k < -1022 ? TINY * 2 ** (k + 1074) : 2 ** k;
      expect(log2(value)).toBe(k);
      expect(pow(2, k)).toBe(value);
      expect(pow(0.5, -k)).toBe(value);
    }
  });

  test('a square root by pow is the square root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 94906265 }), (n) => {
        expect(pow(n * n, 0.5)).toBe(n);
        expect(pow(n, 2)).toBe(n * n);
      }),
    );
  });
});

describe('identities', () => {
  const real = fc.double({ min: -700, max: 700, noNaN: true });
  const angle = fc.double({ noNaN: true, noDefaultInfinity: true });

  test('odd functions are odd and the cosine is even, to the bit', () => {
    fc.assert(
      fc.property(angle, (x) => {
        for (const odd of [sin, tan, atan, tanh]) expect(odd(-x)).toBe(-odd(x));
        expect(cos(-x)).toBe(cos(x));
      }),
    );
  });

  test('sine and cosine lie on the unit circle', () => {
    fc.assert(
      fc.property(angle, (x) => {
        // Each square is off by at most 1.5 ulp.
        expect(Math.abs(sin(x) ** 2 + cos(x) ** 2 - 1)).toBeLessThan(5e-16);
      }),
    );
  });

  test('the logarithm undoes the exponential', () => {
    fc.assert(
      fc.property(real, (x) => {
        // One ulp of exp(x) is 2^-52 relative, so absolute in its logarithm.
        expect(Math.abs(log(exp(x)) - x)).toBeLessThanOrEqual(2.3e-16 + 2.3e-16 * Math.abs(x));
      }),
    );
  });

  test('an arc sine and an arc cosine make a right angle', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (x) => {
        expect(Math.abs(asin(x) + acos(x) - Math.PI / 2)).toBeLessThan(9e-16);
      }),
    );
  });

  test('exp, log and atan never decrease from one double to the next', () => {
    const bits = new BigInt64Array(1);
    const value = new Float64Array(bits.buffer);
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 700, noNaN: true }), (x) => {
        value[0] = x;
        bits[0]++;
        for (const grows of [exp, log, atan]) {
          expect(grows(value[0])).toBeGreaterThanOrEqual(grows(x));
        }
      }),
    );
  });
});

describe('reproducibility', () => {
  /** SHA-256 over the results, as little-endian doubles, at seeded arguments of every domain. */
  function fingerprint(): string {
    const hash = createHash('sha256');
    const random = mulberry32(1);
    const view = new DataView(new ArrayBuffer(8));
    for (const { compute, draw } of DOMAINS) {
      for (let i = 0; i < 500; i++) {
        const [a, b = 0] = draw.map((each) => each(random));
        view.setFloat64(0, compute(a, b), true);
        hash.update(view);
      }
    }
    return hash.digest('hex');
  }

  test('every bit of every result is pinned', () => {
    expect(fingerprint()).toBe('d67468472175befba7b0e9e5bd5847366cd4afaf41e2e044e7c3071b3e9af640');
  });
});
