import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AdaptiveThresholds,
  AlgorithmChooser,
  createQuantumInformedKeyPair,
  DEFAULT_POLICY,
  determineCryptographicComplexity,
  HashRing,
  KeyPool,
  PrivateKey,
  ReplayGuard,
  ResultCache,
  SECURITY_CLASSES,
  signBatch,
  verifyItem,
  WorkloadPredictor,
} from '../src/index.ts';
import { expectCode } from './expect-code.ts';

describe('ResultCache', () => {
  const key = PrivateKey.generate('Ed25519');
  const message = Buffer.from('a');
  const signature = key.sign(message);

  test('answers as the key does and remembers what verified, nothing else', () => {
    const cache = new ResultCache({ verifications: 10, publicKeys: 10 });
    const bad = new Uint8Array(64);
    for (let round = 0; round < 20; round += 1) {
      expect(cache.verify(key.publicKey, message, signature)).toBe(true);
      expect(cache.verify(key.publicKey, message, bad)).toBe(false);
    }
    const { verifications } = cache.metrics;
    expect(verifications).toEqual({ entries: 1, hits: 19, misses: 21, hitRate: 19 / 40 });
  });

  test('takes no part of one entry for another: key, message and signature all count', () => {
    const cache = new ResultCache({ verifications: 10, publicKeys: 10 });
    const other = PrivateKey.generate('Ed25519').publicKey;
    expect(cache.verify(key.publicKey, message, signature)).toBe(true);
    expect(cache.verify(other, message, signature)).toBe(false);
    expect(cache.verify(key.publicKey, Buffer.from('b'), signature)).toBe(false);
    const moved = Buffer.concat([signature, message]);
    expect(cache.verify(key.publicKey, new Uint8Array(0), moved)).toBe(false);
  });

  test('stays inside its limits and hits in 95 of 100 repeated verifications', () => {
    const cache = new ResultCache({ verifications: 5, publicKeys: 2 });
    const messages = Array.from({ length: 50 }, (_, index) => Uint8Array.of(index));
    for (const each of messages) cache.verify(key.publicKey, each, key.sign(each));
    expect(cache.metrics.verifications.entries).toBe(5);
    const roomy = new ResultCache({ verifications: 100, publicKeys: 2 });
    const signed = messages.map((each) => [each, key.sign(each)] as const);
    for (let round = 0; round < 20; round += 1) {
      for (const [each, its] of signed) roomy.verify(key.publicKey, each, its);
    }
    expect(roomy.metrics.verifications.hitRate).toBe(0.95);
  });

  test('parses a public key once and a batch’s root once', () => {
    const cache = new ResultCache({ verifications: 10, publicKeys: 10 });
    const raw = key.publicKey.toRaw();
    expect(cache.publicKey('Ed25519', raw)).toBe(cache.publicKey('Ed25519', raw));
    expectCode('PUBLIC_KEY_INVALID', () => cache.publicKey('ES256', raw));
    const items = [0, 1, 2, 3].map((value) => Uint8Array.of(value));
    const signed = signBatch(items, key);
    for (const [index, item] of items.entries()) {
      const proof = signed.proof(index);
      expect(verifyItem(item, proof, key.publicKey, cache.verifyBatchSignature)).toBe(true);
    }
    expect(cache.metrics.verifications).toMatchObject({ hits: 3, misses: 1 });
    for (const limit of [0, 2 ** 30, NaN]) {
      expectCode('LIMIT_INVALID', () => new ResultCache({ verifications: limit, publicKeys: 1 }));
    }
  });
});

describe('KeyPool', () => {
  test('hands every key out once, whatever is asked in whatever order', () => {
    const step = fc.constantFrom('take', 'refill', 'warm', 'deposit');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        using pool = new KeyPool({ Ed25519: { low: 2, high: 4 } });
        const seen = new Set<string>();
        for (const name of steps) {
          if (name === 'take') {
            const { keyId } = pool.take('Ed25519').publicKey;
            expect(seen.has(keyId)).toBe(false);
            seen.add(keyId);
          } else if (name === 'refill') pool.refill(1);
          else if (name === 'warm') pool.warm();
          else pool.deposit(PrivateKey.generate('Ed25519'));
          expect(pool.metrics('Ed25519').ready).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('asks to be filled below the low mark, until the high one', () => {
    using pool = new KeyPool({ Ed25519: { low: 2, high: 4 } });
    expect(pool.demand()).toEqual([{ algorithm: 'Ed25519', count: 4 }]);
    pool.warm();
    expect(pool.demand()).toEqual([]);
    for (let taken = 0; taken < 2; taken += 1) pool.take('Ed25519')[Symbol.dispose]();
    expect(pool.demand()).toEqual([]);
    pool.take('Ed25519')[Symbol.dispose]();
    expect(pool.demand()).toEqual([{ algorithm: 'Ed25519', count: 3 }]);
    expect(pool.refill(2)).toBe(2);
    expect(pool.demand()).toEqual([{ algorithm: 'Ed25519', count: 1 }]);
    expect(pool.refill(9)).toBe(1);
    expect(pool.metrics('Ed25519')).toEqual({ ready: 4, taken: 3, misses: 0 });
  });

  test('makes a key on the spot when it has none, and says so', () => {
    using pool = new KeyPool({ Ed25519: { low: 0, high: 1 } });
    expect(pool.take('Ed25519').sign(Uint8Array.of(1))).toHaveLength(64);
    expect(pool.metrics('Ed25519')).toEqual({ ready: 0, taken: 1, misses: 1 });
    expect(pool.take('ES256').algorithm).toBe('ES256');
    const request = { tokenValue: 1n, frequency: 1n, policy: DEFAULT_POLICY, source: pool };
    expect(createQuantumInformedKeyPair(request).privateKey.algorithm).toBe('Ed25519');
  });

  test('disposes what it cannot keep, and all of it in the end', () => {
    const pool = new KeyPool({ Ed25519: { low: 0, high: 1 } });
    const [kept, spare] = [PrivateKey.generate('Ed25519'), PrivateKey.generate('Ed25519')];
    expect(pool.deposit(kept)).toBe(true);
    expectCode('KEY_MISMATCH', () => pool.deposit(kept));
    expect(pool.deposit(spare)).toBe(false);
    expectCode('DISPOSED', () => spare.sign(Uint8Array.of(1)));
    pool[Symbol.dispose]();
    expectCode('DISPOSED', () => kept.sign(Uint8Array.of(1)));
    expectCode('DISPOSED', () => pool.take('Ed25519'));
    const marks = [
      { low: 2, high: 1 },
      { low: -1, high: 1 },
      { low: 0, high: 1e6 },
    ];
    for (const wrong of marks) expectCode('LIMIT_INVALID', () => new KeyPool({ Ed25519: wrong }));
  });

  test('a key that was taken cannot come back', () => {
    using pool = new KeyPool({ Ed25519: { low: 1, high: 2 } });
    pool.warm();
    const taken = pool.take('Ed25519');
    expectCode('KEY_MISMATCH', () => pool.deposit(taken));
  });
});

describe('WorkloadPredictor', () => {
  test('follows a straight line exactly once it has its level and trend', () => {
    const predictor = new WorkloadPredictor({ levelGain: 1, trendGain: 1 });
    for (let step = 0; step < 10; step += 1) predictor.observe(3 + 2 * step);
    expect(predictor.forecast(1)).toBe(23);
    expect(predictor.forecast(5)).toBe(31);
    // Only the second forecast, before any trend was known, was off: by 2 in 9.
    expect(predictor.error).toEqual({
      count: 9,
      meanAbsolute: 2 / 9,
      bias: -2 / 9,
      meanAbsoluteOfLast: 2,
    });
  });

  test('two steps of Holt’s recursion by hand', () => {
    const predictor = new WorkloadPredictor({ levelGain: 0.5, trendGain: 0.2 });
    for (const count of [10, 14, 20]) predictor.observe(count);
    // Level 12, trend 0.4; then level 12.4 + 0.5·7.6 = 16.2, trend 0.4 + 0.2·3.8 = 1.16.
    expect(predictor.forecast(1)).toBeCloseTo(17.36, 12);
    expect(predictor.error?.meanAbsolute).toBeCloseTo((4 + 7.6) / 2, 12);
  });

  test('suggests marks that a growing load does not empty', () => {
    const predictor = new WorkloadPredictor({ levelGain: 0.5, trendGain: 0.3 });
    expect(predictor.suggestedMarks(3, 100)).toBeUndefined();
    for (let step = 0; step < 50; step += 1) predictor.observe(10 + step);
    const marks = predictor.suggestedMarks(3, 1000);
    expect(marks?.low).toBeGreaterThanOrEqual(60);
    expect(marks?.high).toBeGreaterThanOrEqual(60 + 61 + 62);
    expect(predictor.suggestedMarks(3, 40)).toEqual({ low: 40, high: 40 });
    using pool = new KeyPool({ Ed25519: predictor.suggestedMarks(1, 4) ?? { low: 0, high: 0 } });
    expect(pool.demand()).toEqual([{ algorithm: 'Ed25519', count: 4 }]);
  });

  test('never expects less than nothing, and takes counts alone', () => {
    const predictor = new WorkloadPredictor({ levelGain: 1, trendGain: 1 });
    expect(predictor.forecast(1)).toBeUndefined();
    for (const count of [100, 50, 0]) predictor.observe(count);
    expect(predictor.forecast(10)).toBe(0);
    for (const count of [NaN, Infinity, -1]) {
      expectCode('OBSERVATION_INVALID', () => predictor.observe(count));
    }
    expectCode('LIMIT_INVALID', () => new WorkloadPredictor({ levelGain: 0, trendGain: 0 }));
  });
});

describe('AlgorithmChooser', () => {
  const options = { mix: { generate: 1, sign: 10, verify: 10 }, gain: 0.5, minimumSamples: 2 };

  test('tries each of a class, then takes the cheapest for the mix', () => {
    const chooser = new AlgorithmChooser(options);
    const names = ['Ed25519', 'ES256'] as const;
    expect(chooser.choose(names)).toBe('Ed25519');
    chooser.record('Ed25519', 'sign', 34_000);
    chooser.record('Ed25519', 'verify', 130_000);
    expect(chooser.choose(names)).toBe('ES256');
    chooser.record('ES256', 'sign', 24_000);
    chooser.record('ES256', 'verify', 64_000);
    expect(chooser.choose(names)).toBe('ES256');
    for (let count = 0; count < 20; count += 1) chooser.record('ES256', 'verify', 400_000);
    expect(chooser.choose(names)).toBe('Ed25519');
  });

  test('never leaves the list it is given, so never the class', () => {
    const chooser = new AlgorithmChooser(options);
    for (let count = 0; count < 5; count += 1) {
      chooser.record('Ed25519', 'sign', 1);
      chooser.record('ML-DSA-65', 'sign', 1e9);
    }
    for (const name of SECURITY_CLASSES) {
      const list = DEFAULT_POLICY.algorithms[name];
      expect(list).toContain(chooser.choose(list));
    }
    expectCode('ALGORITHM_UNKNOWN', () => chooser.choose([]));
    expectCode('OBSERVATION_INVALID', () => chooser.record('ES256', 'sign', NaN));
    expectCode('LIMIT_INVALID', () => new AlgorithmChooser({ ...options, gain: 2 }));
  });
});

describe('HashRing', () => {
  const keys = Array.from({ length: 4000 }, (_, index) => `job-${index}`);
  const ringOf = (...nodes: string[]): HashRing => {
    const ring = new HashRing();
    for (const node of nodes) ring.add(node);
    return ring;
  };

  test('a node that joins takes only its share, and gives it back when it leaves', () => {
    const ring = ringOf('a', 'b', 'c', 'd');
    const before = keys.map((key) => ring.nodeOf(key));
    ring.add('e');
    const after = keys.map((key) => ring.nodeOf(key));
    const moved = keys.filter((_, index) => before[index] !== after[index]).length;
    expect(after.every((node, index) => node === before[index] || node === 'e')).toBe(true);
    // A fifth, give or take the unevenness of 128 points: sd about 0.2/√128 = 0.018.
    expect(moved / keys.length).toBeGreaterThan(0.11);
    expect(moved / keys.length).toBeLessThan(0.29);
    ring.remove('e');
    expect(keys.map((key) => ring.nodeOf(key))).toEqual(before);
  });

  test('the order of joining does not count, and no node has over twice its share', () => {
    const [one, other] = [ringOf('a', 'b', 'c', 'd'), ringOf('d', 'c', 'b', 'a')];
    const shares = new Map<string | undefined, number>();
    for (const key of keys) {
      const node = one.nodeOf(key);
      expect(other.nodeOf(key)).toBe(node);
      shares.set(node, (shares.get(node) ?? 0) + 1);
    }
    for (const share of shares.values()) expect(share).toBeLessThan((2 * keys.length) / 4);
  });

  test('empty it gives nothing; twice or unknown is refused', () => {
    const ring = new HashRing();
    expect(ring.nodeOf('x')).toBeUndefined();
    ring.add('a');
    expectCode('NODE_INVALID', () => ring.add('a'));
    expectCode('NODE_INVALID', () => ring.add(''));
    expectCode('NODE_INVALID', () => ring.remove('b'));
    expect(ring.nodes).toEqual(['a']);
  });
});

describe('AdaptiveThresholds', () => {
  test('stay inside the signed bounds for any energies, and so never lower a class', () => {
    const energy = fc.oneof(fc.bigInt(0n, 20_000n), fc.bigInt(0n, 2n ** 100n));
    fc.assert(
      fc.property(fc.array(energy, { minLength: 20, maxLength: 60 }), energy, (seen, next) => {
        const adaptive = new AdaptiveThresholds(DEFAULT_POLICY, 20);
        for (const each of seen) adaptive.observe(each);
        const situation = { thresholds: adaptive.current() };
        const adapted = determineCryptographicComplexity(next, DEFAULT_POLICY, situation);
        const plain = determineCryptographicComplexity(next, DEFAULT_POLICY);
        const level = (name: (typeof SECURITY_CLASSES)[number]): number =>
          SECURITY_CLASSES.indexOf(name);
        expect(level(adapted.class)).toBeGreaterThanOrEqual(level(plain.class));
        expect(adapted.floor).toBe(plain.class);
      }),
    );
  });

  test('follow the energies between the bounds, once the window is full', () => {
    const adaptive = new AdaptiveThresholds(DEFAULT_POLICY, 20);
    expect(adaptive.current()).toEqual(DEFAULT_POLICY.thresholds);
    for (let value = 0n; value < 20n; value += 1n) adaptive.observe(60n + value);
    expect(adaptive.current()).toEqual([70n, 500n, 5000n]);
    expectCode('LIMIT_INVALID', () => new AdaptiveThresholds(DEFAULT_POLICY, 3));
    expectCode('ENERGY_INVALID', () => adaptive.observe(-1n));
  });
});

describe('ReplayGuard', () => {
  test('forgets nothing early and keeps to its capacity', () => {
    const claim = fc.tuple(fc.nat(8), fc.nat(50), fc.nat(50));
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 60 }), (claims) => {
        const guard = new ReplayGuard(4);
        const live = new Map<string, number>();
        let now = 0;
        for (const [id, life, step] of claims) {
          now += step % 7;
          const verdict = guard.claim(`${id}`, now + life, now);
          const expiry = live.get(`${id}`) ?? -1;
          if (expiry > now) expect(verdict).toBe('seen');
          if (verdict === 'first') live.set(`${id}`, now + life);
          const unexpired = [...live.values()].filter((time) => time > now).length;
          if (verdict === 'full') expect(unexpired).toBe(4);
          expect(guard.size).toBeLessThanOrEqual(4);
        }
      }),
    );
    expectCode('LIMIT_INVALID', () => new ReplayGuard(0));
  });
});
