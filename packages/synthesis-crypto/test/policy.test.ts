import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  calculateEnergyLevel,
  capabilities,
  DEFAULT_POLICY,
  definePolicy,
  determineCryptographicComplexity,
  quantize,
  SECURITY_CLASSES,
} from '../src/index.ts';
import type { PolicyRules, SecurityClass } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const { id: _id, ...rules } = DEFAULT_POLICY;
const classOf = (energy: bigint, situation = {}, policy = DEFAULT_POLICY): number =>
  SECURITY_CLASSES.indexOf(determineCryptographicComplexity(energy, policy, situation).class);
const energies = fc.oneof(fc.bigInt(0n, 20_000n), fc.bigInt(0n, 2n ** 2047n));
const previous = fc.constantFrom(...SECURITY_CLASSES);

describe('quantize', () => {
  test.each<[bigint | number | string, number, bigint]>([
    ['17.259', 2, 1725n],
    ['17.2', 2, 1720n],
    ['0.1', 1, 1n],
    ['900719925474099367', 0, 900719925474099367n],
    [42, 3, 42_000n],
    [7n, 0, 7n],
    ['0', 64, 0n],
  ])('%s at scale %i', (value, scale, quanta) => {
    expect(quantize(value, { scale })).toBe(quanta);
  });

  test('is exact, monotone, idempotent, and less than one quantum below the value', () => {
    const decimal = fc.tuple(fc.bigInt(-(10n ** 40n), 10n ** 40n), fc.nat(12));
    const text = ([units, places]: [bigint, number]): string => {
      const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
      const whole = digits.slice(0, digits.length - places);
      const fraction = places === 0 ? '' : `.${digits.slice(digits.length - places)}`;
      return `${units < 0n ? '-' : ''}${whole}${fraction}`;
    };
    fc.assert(
      fc.property(decimal, decimal, fc.nat(12), (a, b, scale) => {
        const options = { scale, signed: true };
        const [qa, qb] = [quantize(text(a), options), quantize(text(b), options)];
        // value·10^24 against quanta·10^24, in whole numbers.
        const exact = (d: [bigint, number]): bigint => d[0] * 10n ** BigInt(24 - d[1]);
        const left = exact(a) - qa * 10n ** BigInt(24 - scale);
        expect(left >= 0n && left < 10n ** BigInt(24 - scale)).toBe(true);
        if (exact(a) <= exact(b)) expect(qa <= qb).toBe(true);
        expect(quantize(qa, { signed: true })).toBe(qa);
        const up = quantize(text(a), { ...options, rounding: 'ceiling' });
        expect(up - qa).toBe(left === 0n ? 0n : 1n);
      }),
    );
  });

  test.each<[string, unknown]>([
    ['NaN', NaN],
    ['infinity', Infinity],
    ['a fraction in floating point', 0.1],
    ['an unsafe number', 2 ** 53],
    ['a negative number', -1],
    ['a negative text', '-0.5'],
    ['an exponent', '1e3'],
    ['white space', ' 1'],
    ['nothing', ''],
    ['hexadecimal', '0x10'],
    ['a very long text', '1'.repeat(2000)],
    ['null', null],
    ['an object', { valueOf: () => 1 }],
  ])('%s is refused', (_name, value) => {
    expectCode('QUANTITY_INVALID', () => quantize(value as string));
  });

  test('a scale out of range is refused', () => {
    for (const scale of [-1, 65, 0.5, NaN]) {
      expectCode('QUANTITY_INVALID', () => quantize('1', { scale }));
    }
  });
});

describe('calculateEnergyLevel', () => {
  test('is the exact product', () => {
    expect(calculateEnergyLevel(2n ** 70n, 3n)).toBe(3n * 2n ** 70n);
    expect(calculateEnergyLevel(0n, 1n)).toBe(0n);
  });

  test.each<[unknown, unknown]>([
    [-1n, 1n],
    [1n, 0n],
    [1n, -1n],
    [1, 1n],
    [1n, 1],
    ['1', 1n],
    [2n ** 1024n, 1n],
  ])('%s and %s are refused', (n, f) => {
    expectCode('ENERGY_INVALID', () => calculateEnergyLevel(n as bigint, f as bigint));
  });
});

describe('determineCryptographicComplexity', () => {
  test('the default policy, at its edges', () => {
    const edges = [0n, 99n, 100n, 999n, 1000n, 9999n, 10_000n, 2n ** 1500n];
    expect(edges.map((energy) => classOf(energy))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    const { algorithms, policyId } = determineCryptographicComplexity(10_000n, DEFAULT_POLICY);
    expect(algorithms).toEqual(['Ed25519+ML-DSA-87']);
    expect(policyId).toBe(DEFAULT_POLICY.id);
  });

  test('is monotone in energy, whatever the class before, the load and the thresholds', () => {
    const loaded = definePolicy({ ...rules, raiseAtLoadPercent: 80 });
    const situation = fc.record(
      {
        previous,
        loadPercent: fc.constantFrom(0, 50, 80, 200),
        thresholds: fc.constantFrom(rules.thresholds, rules.lowestThresholds),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(energies, energies, situation, (a, b, at) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(classOf(low, at, loaded)).toBeLessThanOrEqual(classOf(high, at, loaded));
      }),
    );
  });

  test('nothing lowers a class below what the policy says of the energy alone', () => {
    const loaded = definePolicy({ ...rules, raiseAtLoadPercent: 80 });
    fc.assert(
      fc.property(energies, previous, fc.nat(300), (energy, before, loadPercent) => {
        const situation = { previous: before, loadPercent };
        expect(classOf(energy, situation, loaded)).toBeGreaterThanOrEqual(classOf(energy));
        const { floor } = determineCryptographicComplexity(energy, loaded, situation);
        expect(SECURITY_CLASSES.indexOf(floor)).toBe(classOf(energy));
      }),
    );
  });

  test('load raises by one class and no further than the highest', () => {
    const loaded = definePolicy({ ...rules, raiseAtLoadPercent: 80 });
    const at = (energy: bigint, loadPercent: number): number =>
      classOf(energy, { loadPercent }, loaded);
    expect([at(5n, 79), at(5n, 80), at(5n, 1000), at(10_000n, 100)]).toEqual([0, 1, 1, 3]);
    expect(classOf(5n, { loadPercent: 1000 })).toBe(0);
    expectCode('NOT_FINITE', () => classOf(5n, { loadPercent: NaN }));
    expectCode('NOT_FINITE', () => classOf(5n, { loadPercent: -1 }));
  });

  test('a class is left only well below its edge, and entered at it', () => {
    const after = (energy: bigint): number => classOf(energy, { previous: 'high' });
    expect([999n, 900n, 899n, 90n, 89n].map(after)).toEqual([2, 2, 1, 1, 0]);
    expect(classOf(100n, { previous: 'low' })).toBe(1);
    // An energy that swings about the edge changes the class once.
    let name: SecurityClass = 'low';
    let changes = 0;
    for (let step = 0; step < 100; step += 1) {
      const energy = step % 2 === 0 ? 995n : 1005n;
      const next = determineCryptographicComplexity(energy, DEFAULT_POLICY, { previous: name });
      if (next.class !== name) changes += 1;
      name = next.class;
    }
    expect(changes).toBe(2);
  });

  test('thresholds adapt inside the bounds that the policy states and nowhere else', () => {
    expect(classOf(60n, { thresholds: [50n, 500n, 5000n] })).toBe(1);
    expect(classOf(60n, { thresholds: [100n, 1000n, 10_000n] })).toBe(0);
    for (const thresholds of [
      [49n, 500n, 5000n],
      [101n, 1000n, 10_000n],
      [100n, 90n, 10_000n],
    ] as const) {
      expectCode('POLICY_INVALID', () => classOf(60n, { thresholds }));
    }
  });

  test('other energies and classes are refused', () => {
    for (const energy of [-1n, 1, '1', null]) {
      expectCode('ENERGY_INVALID', () =>
        determineCryptographicComplexity(energy as bigint, DEFAULT_POLICY),
      );
    }
    expectCode('POLICY_INVALID', () => classOf(1n, { previous: 'none' }));
  });
});

describe('definePolicy', () => {
  test('gives one id to the same rules and another to any others', () => {
    expect(definePolicy(rules).id).toBe(DEFAULT_POLICY.id);
    const others: Partial<PolicyRules>[] = [
      { name: 'other' },
      { version: 2 },
      { thresholds: [100n, 1000n, 10_001n] },
      { lowestThresholds: [50n, 500n, 5001n] },
      { hysteresisPercent: 11 },
      { raiseAtLoadPercent: 90 },
      { algorithms: { ...rules.algorithms, low: ['Ed25519'] } },
    ];
    const ids = others.map((other) => definePolicy({ ...rules, ...other }).id);
    expect(new Set([DEFAULT_POLICY.id, ...ids]).size).toBe(others.length + 1);
  });

  test('the default never has fewer than 128 bits, and no class is weaker than one below', () => {
    const strength = new Map(capabilities().map((entry) => [entry.algorithm, entry]));
    for (const name of SECURITY_CLASSES) {
      for (const algorithm of DEFAULT_POLICY.algorithms[name]) {
        expect(strength.get(algorithm)?.securityBits).toBeGreaterThanOrEqual(128);
        if (name === 'high' || name === 'maximum') {
          expect(strength.get(algorithm)?.quantumSafe).toBe(true);
        }
      }
    }
  });

  const { algorithms } = rules;
  test.each<[string, Partial<PolicyRules>]>([
    [
      'RSA, which is offered and never chosen',
      { algorithms: { ...algorithms, low: ['PS256-3072'] } },
    ],
    ['fewer than 128 bits', { algorithms: { ...algorithms, low: ['PS256-2048'] } }],
    ['something experimental', { algorithms: { ...algorithms, maximum: ['Falcon-1024'] } }],
    ['a class weaker than one below', { algorithms: { ...algorithms, maximum: ['ML-DSA-44'] } }],
    [
      'a class that is not quantum-safe above one that is',
      { algorithms: { ...algorithms, maximum: ['ES256'] } },
    ],
    ['a class without an algorithm', { algorithms: { ...algorithms, medium: [] } }],
    ['thresholds that fall', { thresholds: [100n, 99n, 10_000n] }],
    ['a threshold of 0', { thresholds: [0n, 99n, 10_000n], lowestThresholds: [0n, 1n, 2n] }],
    ['bounds above the thresholds', { lowestThresholds: [101n, 500n, 5000n] }],
    ['a hysteresis of 51 percent', { hysteresisPercent: 51 }],
    ['a load of NaN', { raiseAtLoadPercent: NaN }],
    ['version 0', { version: 0 }],
    ['a name with a blank', { name: 'a b' }],
  ])('%s is refused', (_name, change) => {
    expectCode('POLICY_INVALID', () => definePolicy({ ...rules, ...change }));
  });
});
