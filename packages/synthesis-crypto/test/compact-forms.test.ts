import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ALGORITHM_NAMES,
  classesOf,
  DEFAULT_POLICY,
  definePolicy,
  determineCryptographicComplexity,
  MetadataRecords,
  PrivateKey,
  SECURITY_CLASSES,
} from '../src/index.ts';
import { expectCode } from './expect-code.ts';

test('classes in a batch are those of one energy at a time, beyond 2^53 too', () => {
  const { id: _id, ...rules } = DEFAULT_POLICY;
  // A threshold that no double can hold: only exact products tell its two sides apart.
  const edge = 2n ** 80n + 1n;
  const large = definePolicy({ ...rules, thresholds: [100n, 1000n, edge] });
  const n = fc.oneof(fc.nat(20_000), fc.maxSafeNat(), fc.constant(2 ** 40));
  const f = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(2 ** 40));
  fc.assert(
    fc.property(fc.array(fc.tuple(n, f), { maxLength: 20 }), (pairs) => {
      const [ns, fs] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
      for (const policy of [DEFAULT_POLICY, large]) {
        const one = pairs.map(([a, b]) => {
          const energy = BigInt(a) * BigInt(b);
          const { class: name } = determineCryptographicComplexity(energy, policy);
          return SECURITY_CLASSES.indexOf(name);
        });
        expect([...classesOf(Float64Array.from(ns), Float64Array.from(fs), policy)]).toEqual(one);
      }
    }),
  );
  for (const [a, b] of [
    [-1, 1],
    [1, 0],
    [0.5, 1],
    [NaN, 1],
    [1, Infinity],
    [2 ** 53, 1],
  ]) {
    const wrong = [Float64Array.of(a), Float64Array.of(b)] as const;
    expectCode('ENERGY_INVALID', () => classesOf(...wrong, DEFAULT_POLICY));
  }
  expectCode('ENERGY_INVALID', () =>
    classesOf(new Float64Array(2), new Float64Array(1), DEFAULT_POLICY),
  );
});

test('metadata records give back what was put in, the latest first, and forget the oldest', () => {
  const record = fc.record({
    class: fc.constantFrom(...SECURITY_CLASSES),
    algorithm: fc.constantFrom(...ALGORITHM_NAMES),
    sequence: fc.nat(2 ** 26 - 1),
    issuedAtSeconds: fc.nat(2 ** 32 - 1),
  });
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      (all, room) => {
        const records = new MetadataRecords(room);
        for (const each of all) records.append(each);
        const kept = Array.from({ length: records.size }, (_, age) => records.latest(age));
        expect(kept).toEqual(all.toReversed().slice(0, room));
        expect(records.latest(records.size)).toBeUndefined();
      },
    ),
  );
  const good = { class: 'low', algorithm: 'Ed25519', sequence: 0, issuedAtSeconds: 0 } as const;
  const records = new MetadataRecords(1);
  for (const change of [
    { sequence: 2 ** 26 },
    { sequence: -1 },
    { issuedAtSeconds: NaN },
    { class: 'none' as never },
    { algorithm: 'none' as never },
  ]) {
    expectCode('OBSERVATION_INVALID', () => records.append({ ...good, ...change }));
  }
  expectCode('LIMIT_INVALID', () => new MetadataRecords(0));
});

test('a private key is never shared by value', () => {
  const raw = PrivateKey.generate('Ed25519').toRaw();
  // Equal secrets read twice are two keys: disposing one leaves the other.
  const [one, other] = [PrivateKey.fromRaw('Ed25519', raw), PrivateKey.fromRaw('Ed25519', raw)];
  one[Symbol.dispose]();
  expect(other.sign(Uint8Array.of(1))).toHaveLength(64);
});
