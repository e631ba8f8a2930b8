import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { mulberry32 } from '@sema/simulator';
import { TrackRecord } from '../src/index.ts';
import { codeOf } from './expert-games.ts';

interface Outcome {
  readonly expert: number;
  readonly direction: 1 | -1;
  readonly wentUp: boolean;
}

const outcomes = fc.array(
  fc.record({
    expert: fc.nat(2),
    direction: fc.constantFrom<1 | -1>(1, -1),
    wentUp: fc.boolean(),
  }),
  { maxLength: 200 },
);

function recordAll(record: TrackRecord, list: readonly Outcome[]): void {
  for (const { expert, direction, wentUp } of list) record.record(expert, direction, wentUp);
}

describe('probabilityUp', () => {
  test('follows the rule of succession while nothing has faded yet', () => {
    // Laplace (1774): after s successes in n trials the next succeeds with (s + 1)/(n + 2).
    const record = new TrackRecord({ experts: 1, memory: 1_000_000, minimumObservations: 1 });
    for (const wentUp of [true, true, false, true, true, true, false]) record.record(0, 1, wentUp);
    // Seven outcomes fade by less than 7·6/2 millionths in all.
    expect(record.probabilityUp(0, 1)).toBeCloseTo(6 / 9, 5);
  });

  test('is the Beta mean of exponentially forgotten counts', () => {
    fc.assert(
      fc.property(outcomes, fc.integer({ min: 2, max: 50 }), (list, memory) => {
        const record = new TrackRecord({ experts: 3, memory, minimumObservations: 1 });
        recordAll(record, list);
        for (const expert of [0, 1, 2]) {
          for (const direction of [1, -1] as const) {
            const own = list.filter((o) => o.expert === expert && o.direction === direction);
            let weight = 1;
            let ups = 0;
            let all = 0;
            for (const { wentUp } of [...own].reverse()) {
              ups += wentUp ? weight : 0;
              all += weight;
              weight *= 1 - 1 / memory;
            }
            const probability = record.probabilityUp(expert, direction);
            if (all < 1) {
              expect(probability).toBeUndefined();
            } else {
              expect(probability).toBeCloseTo((ups + 1) / (all + 2), 12);
            }
          }
        }
      }),
    );
  });

  test('is undefined until the minimum of effective observations', () => {
    const record = new TrackRecord({ experts: 1, memory: 100, minimumObservations: 10 });
    let needed = 0;
    while (record.probabilityUp(0, 1) === undefined) {
      record.record(0, 1, true);
      needed += 1;
    }
    // 100·(1 − 0.99^n) reaches 10 at n = 10.48.
    expect(needed).toBe(11);
    expect(record.probabilityUp(0, -1)).toBeUndefined();
  });

  test('turns an expert who is always wrong into its opposite', () => {
    const record = new TrackRecord({ experts: 1 });
    for (let round = 0; round < 500; round += 1) record.record(0, 1, false);
    expect(record.probabilityUp(0, 1)).toBeLessThan(0.02);
    for (let round = 0; round < 500; round += 1) record.record(0, -1, true);
    expect(record.probabilityUp(0, -1)).toBeGreaterThan(0.98);
  });

  test('is never nearer to 0 or 1 than 1/(memory + 2)', () => {
    const record = new TrackRecord({ experts: 1, memory: 20 });
    for (let round = 0; round < 10_000; round += 1) record.record(0, 1, true);
    const probability = record.probabilityUp(0, 1) ?? NaN;
    // 21/22 is approached from below; the count settles within rounding of 20.
    expect(probability).toBeLessThan(21 / 22 + 1e-15);
    expect(probability).toBeGreaterThan(21 / 22 - 1e-12);
  });

  test('follows a change of skill at the rate of its memory', () => {
    const record = new TrackRecord({ experts: 1, memory: 50 });
    for (let round = 0; round < 500; round += 1) record.record(0, 1, true);
    for (let round = 0; round < 50; round += 1) record.record(0, 1, false);
    // (1 − 1/50)^50 = 0.3642 of the old weight is left: (50·0.3642 + 1)/52.
    expect(record.probabilityUp(0, 1)).toBeCloseTo((50 * 0.36416968008711703 + 1) / 52, 4);
  });

  test('is calibrated: of a coin with bias p it says p', () => {
    for (const bias of [0.2, 0.5, 0.55, 0.9]) {
      const random = mulberry32(42);
      const record = new TrackRecord({ experts: 1, memory: 1000 });
      let mean = 0;
      for (let round = 0; round < 60_000; round += 1) {
        record.record(0, 1, random.next() < bias);
        if (round >= 10_000) mean += (record.probabilityUp(0, 1) ?? NaN) / 50_000;
      }
      // 50 000 draws: standard error at most 0.0023; the prior pulls by at most 2·0.4/1002.
      // Five standard errors: a false alarm in two million seeds.
      expect(Math.abs(mean - bias), `bias ${bias}`).toBeLessThan(0.0115 + 0.0008);
    }
  });

  test('of one expert and direction depends on no other', () => {
    fc.assert(
      fc.property(outcomes, (list) => {
        const own = (o: Outcome) => o.expert === 1 && o.direction === -1;
        const options = { experts: 3, memory: 10, minimumObservations: 1 };
        const mixed = new TrackRecord(options);
        const alone = new TrackRecord(options);
        recordAll(mixed, list);
        recordAll(alone, list.filter(own));
        expect(mixed.probabilityUp(1, -1)).toBe(alone.probabilityUp(1, -1));
      }),
    );
  });
});

describe('a TrackRecord', () => {
  test('refuses bad input by code and keeps its state', () => {
    const record = new TrackRecord({ experts: 2 });
    const before = record.snapshot();
    for (const expert of [-1, 2, 0.5, NaN, Infinity]) {
      expect(codeOf(() => record.probabilityUp(expert, 1))).toBe('INDEX_OUT_OF_RANGE');
      const code = codeOf(() => {
        record.record(expert, 1, true);
      });
      expect(code, `expert ${expert}`).toBe('INDEX_OUT_OF_RANGE');
    }
    for (const bad of [0, 2, NaN, -0, '1']) {
      // A caller without types may pass anything.
      const code = codeOf(() => record.probabilityUp(0, bad as 1));
      expect(code, `direction ${bad}`).toBe('INVALID_DIRECTION');
    }
    expect(() => {
      record.record(0, 1, 1 as unknown as boolean);
    }).toThrow(TypeError);
    expect(record.snapshot()).toEqual(before);
  });

  test('refuses impossible options', () => {
    const options = [
      { experts: 0 },
      { experts: NaN },
      { experts: 2, memory: 1 },
      { experts: 2, memory: 10.5 },
      { experts: 2, memory: Infinity },
      { experts: 2, memory: 2_000_000 },
      { experts: 2, memory: 20, minimumObservations: 10.1 },
      { experts: 2, minimumObservations: 0 },
      { experts: 2, minimumObservations: NaN },
    ];
    for (const option of options) {
      const code = codeOf(() => new TrackRecord(option));
      expect(code, JSON.stringify(option)).toBe('INVALID_OPTION');
    }
  });

  test('restored from a snapshot continues bit for bit', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (before, after) => {
        const record = new TrackRecord({ experts: 3, memory: 7 });
        recordAll(record, before);
        const twin = TrackRecord.restore(record.snapshot());
        recordAll(record, after);
        recordAll(twin, after);
        expect(twin.snapshot()).toStrictEqual(record.snapshot());
      }),
    );
  });

  test('restores a memory that is full', () => {
    const record = new TrackRecord({ experts: 1, memory: 2 });
    for (let round = 0; round < 1000; round += 1) record.record(0, 1, true);
    expect(TrackRecord.restore(record.snapshot()).snapshot()).toStrictEqual(record.snapshot());
  });

  test('is refused when the snapshot could not be one', () => {
    const good = new TrackRecord({ experts: 2, memory: 20 }).snapshot();
    const broken: unknown[] = [
      null,
      'record',
      {},
      { ...good, experts: 3 },
      { ...good, experts: -2 },
      { ...good, memory: 0 },
      { ...good, memory: undefined },
      { ...good, minimumObservations: 11 },
      { ...good, minimumObservations: NaN },
      { ...good, right: [0, 0, 0, 0] },
      { ...good, right: Float64Array.of(0, 0, 0) },
      { ...good, right: Float64Array.of(0, 0, 0, NaN) },
      { ...good, wrong: Float64Array.of(0, 0, 0, -1) },
      { ...good, wrong: Float64Array.of(0, 0, 0, 21) },
      { ...good, right: Float64Array.of(11, 0, 0, 0), wrong: Float64Array.of(11, 0, 0, 0) },
    ];
    broken.forEach((snapshot, i) => {
      // What comes back from storage has whatever type it has.
      const code = codeOf(() => TrackRecord.restore(snapshot as typeof good));
      expect(code, `broken snapshot ${i}`).toBe('INVALID_SNAPSHOT');
    });
  });
});
