import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_CAPACITY_SLOTS, MEASUREMENT_LIMIT, OverwritingRing } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { invalidEntries, wronglyTypedEntries } from './invalid-entries.ts';
import type { EntryArguments } from './invalid-entries.ts';

/** Everything that a reader can learn from a ring. */
function contents(ring: OverwritingRing): unknown {
  const reads = [];
  for (let sequence = 0; sequence <= ring.nextSequence; sequence += 1) {
    reads.push(ring.read(sequence));
  }
  return { reads, size: ring.size, overwritten: ring.overwritten, next: ring.nextSequence };
}

describe('a ring of four slots', () => {
  test('keeps the last three entries, and a lapped reader is told where to go on', () => {
    const ring = new OverwritingRing(4);
    for (let time = 0; time < 5; time += 1) {
      expect(ring.insert(time * 10, [time / 10], 1, 100)).toBe(time);
    }
    expect(ring.size).toBe(3);
    expect(ring.overwritten).toBe(2);
    expect(ring.read(1)).toEqual({ status: 'overwritten', oldestSequence: 2 });
    expect(ring.read(2)).toEqual({
      status: 'entry',
      timestampNs: 20,
      measurements: Float32Array.of(0.2),
      coherence: 1,
      executionNs: 100,
    });
    expect(ring.read(5)).toEqual({ status: 'unwritten', nextSequence: 5 });
  });

  test('what was read stays as it was when its slot is written again', () => {
    const ring = new OverwritingRing(2);
    ring.insert(0, [0.25, 0.5], 1, 1);
    const first = ring.read(0);
    for (let time = 1; time < 5; time += 1) ring.insert(time, [1, 1], 0, 0);
    expect(first).toHaveProperty('measurements', Float32Array.of(0.25, 0.5));
  });

  test('a short entry shows nothing of the longer one that its slot held before', () => {
    const ring = new OverwritingRing(2);
    ring.insert(0, new Float32Array(MEASUREMENT_LIMIT).fill(0.5), 1, 1);
    ring.insert(1, [], 1, 1);
    ring.insert(2, [0.25], 1, 1);
    expect(ring.read(2)).toHaveProperty('measurements', Float32Array.of(0.25));
    ring.insert(3, [], 1, 1);
    expect(ring.read(3)).toHaveProperty('measurements', new Float32Array(0));
  });
});

describe('writing in place', () => {
  test('a committed claim reads like an inserted entry', () => {
    const ring = new OverwritingRing(4);
    const offset = ring.claim();
    ring.measurements[offset] = 0.75;
    ring.measurements[offset + 1] = 0.25;
    expect(ring.size).toBe(0);
    expect(ring.commit(7, 2, 0.5, 42)).toBe(0);
    const inserted = new OverwritingRing(4);
    inserted.insert(7, [0.75, 0.25], 0.5, 42);
    expect(contents(ring)).toEqual(contents(inserted));
  });

  test('an abandoned claim in a full ring costs no entry', () => {
    const ring = new OverwritingRing(4);
    for (let time = 0; time < 9; time += 1) ring.insert(time, [0.5], 1, 1);
    const before = contents(ring);
    ring.measurements.fill(0, ring.claim(), MEASUREMENT_LIMIT);
    ring.abandon();
    expect(contents(ring)).toEqual(before);
  });

  test('claims must be paired, and nothing is inserted while one is open', () => {
    const ring = new OverwritingRing(4);
    expectCode('CLAIM_MISSING', () => ring.commit(0, 0, 1, 1));
    expectCode('CLAIM_MISSING', () => ring.abandon());
    ring.claim();
    expectCode('CLAIM_OPEN', () => ring.claim());
    expectCode('CLAIM_OPEN', () => ring.insert(0, [], 1, 1));
    ring.abandon();
    expect(ring.insert(0, [], 1, 1)).toBe(0);
    expectCode('CLAIM_MISSING', () => ring.commit(0, 0, 1, 1));
  });

  test.each([16, 3])(
    'a refused commit of %i values publishes nothing; it can be put right',
    (n) => {
      const ring = new OverwritingRing(4);
      ring.insert(1000, [0.5], 1, 1);
      const before = contents(ring);
      const offset = ring.claim();
      ring.measurements.fill(0.5, offset, offset + n);
      expectCode('MEASUREMENT_COUNT_OUT_OF_RANGE', () => ring.commit(2000, 17, 1, 1));
      expectCode('MEASUREMENT_COUNT_OUT_OF_RANGE', () => ring.commit(2000, -1, 1, 1));
      expectCode('TIME_RAN_BACKWARDS', () => ring.commit(999, n, 1, 1));
      expectCode('COHERENCE_OUT_OF_RANGE', () => ring.commit(2000, n, NaN, 1));
      expectCode('EXECUTION_TIME_OUT_OF_RANGE', () => ring.commit(2000, n, 1, -1));
      ring.abandon();
      expect(contents(ring)).toEqual(before);

      ring.claim();
      expect(ring.commit(2000, n, 1, 1)).toBe(1);
      expect(ring.read(1)).toHaveProperty('measurements', new Float32Array(n).fill(0.5));
    },
  );
});

describe('what a ring refuses', () => {
  const refused = invalidEntries.filter(([, code]) => code !== 'MEASUREMENT_OUT_OF_RANGE');
  test.each(refused)('%s, and nothing changes, full or not', (_name, code, entry) => {
    for (const written of [1, 9]) {
      const ring = new OverwritingRing(4);
      for (let count = 0; count < written; count += 1) ring.insert(1000, [0.5, 0.25], 1, 1);
      const before = contents(ring);
      expectCode(code, () => ring.insert(...entry));
      expect(contents(ring)).toEqual(before);
      expect(ring.insert(1000, [1], 1, 1)).toBe(written);
    }
  });

  test.each(wronglyTypedEntries)('%s, as a TypeError, and nothing changes', (_name, entry) => {
    const ring = new OverwritingRing(4);
    ring.insert(1000, [0.5], 1, 1);
    const before = contents(ring);
    expect(() => ring.insert(...entry)).toThrow(TypeError);
    expect(contents(ring)).toEqual(before);
  });

  test.each([0, 1, 3, -4, 2.5, NaN, Infinity, 2 ** 20 + 1, 2 * MAX_CAPACITY_SLOTS, 2 ** 32])(
    'a capacity of %d slots',
    (capacity) => {
      expectCode('CAPACITY_OUT_OF_RANGE', () => new OverwritingRing(capacity));
    },
  );

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('reading sequence %d', (sequence) => {
    expectCode('SEQUENCE_OUT_OF_RANGE', () => new OverwritingRing(2).read(sequence));
  });
});

test('rounding outside [0, 1] becomes 0 or 1, and −0 becomes 0', () => {
  const ring = new OverwritingRing(4);
  expect(ring.read(ring.insert(-0, [], 1 + Number.EPSILON, -0))).toEqual({
    status: 'entry',
    timestampNs: 0,
    measurements: new Float32Array(0),
    coherence: 1,
    executionNs: 0,
  });
  expect(ring.read(ring.insert(0, [], -(2 ** -24), 0))).toMatchObject({ coherence: 0 });
});

test('measurements are kept as they are, by every way in', () => {
  const ring = new OverwritingRing(4);
  const values = Float32Array.from({ length: MEASUREMENT_LIMIT }, (_, i) => (i - 8) / 3);
  values[3] = NaN;
  ring.insert(0, values, 1, 1);
  ring.insert(1, Array.from(values), 1, 1);
  ring.measurements.set(values, ring.claim());
  ring.commit(2, MEASUREMENT_LIMIT, 1, 1);
  for (const sequence of [0, 1, 2]) {
    expect(ring.read(sequence)).toHaveProperty('measurements', values);
  }
});

type Operation =
  | { readonly kind: 'insert' | 'commit'; readonly entry: EntryArguments }
  | { readonly kind: 'abandon' };

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const measurements = fc.oneof(
  fc.array(unit, { maxLength: MEASUREMENT_LIMIT }),
  fc.array(unit, { minLength: MEASUREMENT_LIMIT, maxLength: MEASUREMENT_LIMIT }),
  fc.array(unit, { maxLength: MEASUREMENT_LIMIT }).map((values) => Float32Array.from(values)),
  fc
    .tuple(...Array.from({ length: MEASUREMENT_LIMIT }, () => unit))
    .map((values) => Float64Array.from(values)),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('insert' as const, 'commit' as const),
    entry: fc.tuple(fc.nat(100), measurements, unit, fc.double({ min: 0, max: 1e9, noNaN: true })),
  }),
  fc.constant({ kind: 'abandon' as const }),
);

test('after any operations a ring is the tail of the list of all entries ever written', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(2, 4, 8, 32),
      fc.array(operation, { maxLength: 80 }),
      (capacity, operations) => {
        const ring = new OverwritingRing(capacity);
        const written: unknown[] = [];
        let now = 0;
        for (const next of operations) {
          if (next.kind === 'abandon') {
            const offset = ring.claim();
            ring.measurements.fill(NaN, offset, offset + MEASUREMENT_LIMIT);
            ring.abandon();
            continue;
          }
          const [elapsed, values, coherence, executionNs] = next.entry;
          now += elapsed;
          if (next.kind === 'insert') {
            expect(ring.insert(now, values, coherence, executionNs)).toBe(written.length);
          } else {
            ring.measurements.set(Float32Array.from(values), ring.claim());
            expect(ring.commit(now, values.length, coherence, executionNs)).toBe(written.length);
          }
          written.push({
            status: 'entry',
            timestampNs: now,
            measurements: Float32Array.from(values),
            coherence: coherence + 0,
            executionNs: executionNs + 0,
          });
        }
        const oldest = Math.max(0, written.length - (capacity - 1));
        written.fill({ status: 'overwritten', oldestSequence: oldest }, 0, oldest);
        expect(contents(ring)).toEqual({
          reads: [...written, { status: 'unwritten', nextSequence: written.length }],
          size: written.length - oldest,
          overwritten: oldest,
          next: written.length,
        });
      },
    ),
    { numRuns: 300 },
  );
});
