import { mulberry32, type RandomSource } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { medianOfRatios, ratioOfMedians } from '../src/compare/bootstrap.ts';
import { compareDocuments, CONFIDENCE } from '../src/compare/compare-documents.ts';
import { comparisonText } from '../src/compare/comparison-text.ts';
import { mergedRuns } from '../src/compare/merged-runs.ts';
import type { BenchDocument } from '../src/document.ts';
import { median, row, type Row } from '../src/harness.ts';

const MACHINE = {
  processor: 'a processor',
  threads: 2,
  memoryGiB: 8,
  system: 'a system',
  node: '20.20.2',
  load: 0,
  date: '2026-01-01T00:00:00.000Z',
};

function documentOf(rows: readonly Row[], runs = 1): BenchDocument {
  const suite = { name: 'suite', title: 'a suite', seconds: 1, skipped: [], failure: null, rows };
  return {
    format: 'sema-benchmarks',
    version: 2,
    machine: MACHINE,
    versions: {},
    quick: false,
    runs,
    seconds: 1,
    suites: [suite],
  };
}

/** Times as a shared machine gives them: a spread of 5 %, and now and then a round half as long again. */
function noisyTimes(level: number, count: number, random: RandomSource): number[] {
  return Array.from({ length: count }, () => {
    const spread = Math.sqrt(-2 * Math.log(1 - random.next()));
    const normal = spread * Math.cos(2 * Math.PI * random.next());
    return level * (1 + 0.05 * normal) * (random.next() < 0.1 ? 1.5 : 1);
  });
}

function timed(samples: readonly number[], more: Partial<Parameters<typeof row>[0]> = {}): Row {
  return row({ name: 'time', unit: 'µs', value: median(samples), samples, ...more });
}

const OPTIONS = { tolerance: 0.05, paired: false, seed: 1 };

function verdictOf(before: Row, after: Row, options = OPTIONS) {
  const runs = before.samples?.length ?? 1;
  return compareDocuments(documentOf([before], runs), documentOf([after], runs), options).rows[0];
}

describe('the interval of a ratio of medians', () => {
  const options = { confidence: 0.99, resamples: 500 };

  test('of equal samples without noise is one', () => {
    const flat = { own: [2, 2, 2, 2, 2], peer: null };
    const doubled = { own: [4, 4, 4, 4, 4], peer: null };
    expect(ratioOfMedians(flat, doubled, { ...options, random: mulberry32(1) })).toEqual({
      ratio: 2,
      low: 2,
      high: 2,
    });
  });

  test('over a peer is free of what slowed both', () => {
    const busy = [1, 1, 3, 3, 2, 2, 5];
    const before = { own: [4, 4, 4, 4, 4], peer: [2, 2, 2, 2, 2] };
    const after = { own: busy.map((load) => 4 * load), peer: busy.map((load) => 2 * load) };
    const { ratio, low, high } = ratioOfMedians(before, after, {
      ...options,
      random: mulberry32(1),
    });
    expect([ratio, low, high]).toEqual([1, 1, 1]);
  });

  test('of pairs is free of what slowed both sides of a turn', () => {
    const own = [1, 2, 3, 4, 5, 6, 7];
    const before = { own, peer: null };
    const after = { own: own.map((time) => 1.2 * time), peer: null };
    const { low, high } = medianOfRatios(before, after, { ...options, random: mulberry32(1) });
    expect(low).toBeCloseTo(1.2, 12);
    expect(high).toBeCloseTo(1.2, 12);
  });

  test('is the same again with the same seed', () => {
    const before = { own: noisyTimes(1, 9, mulberry32(3)), peer: null };
    const after = { own: noisyTimes(1, 9, mulberry32(4)), peer: null };
    const once = () => ratioOfMedians(before, after, { ...options, random: mulberry32(9) });
    expect(once()).toEqual(once());
  });
});

describe('a verdict', () => {
  const COMPARISONS = 200;

  test.each([
    { samples: 7, paired: true },
    { samples: 7, paired: false },
    { samples: 15, paired: false },
    { samples: 32, paired: false },
  ])('on nothing is rarely one: $samples samples, paired $paired', ({ samples, paired }) => {
    const random = mulberry32(samples);
    let [called, regressed] = [0, 0];
    for (let k = 0; k < COMPARISONS; k++) {
      const [before, after] = [1, 1].map(() => timed(noisyTimes(100, samples, random)));
      const found = verdictOf(before, after, { ...OPTIONS, paired, seed: k });
      if (found.verdict !== 'cannot tell') called++;
      if (found.regressed) regressed++;
    }
    // What is stated, 1 − CONFIDENCE: Binomial(200, 0.01) has 8 or more with probability 0.001.
    expect(called).toBeLessThan(8);
    // And not one in five of these goes beyond the tolerance as well.
    expect(regressed).toBeLessThan(4);
    expect(CONFIDENCE).toBe(0.99);
  });

  test('on a tenth more is slower, nearly always with 32 samples', () => {
    const random = mulberry32(5);
    let slower = 0;
    for (let k = 0; k < 100; k++) {
      const before = timed(noisyTimes(100, 32, random));
      const after = timed(noisyTimes(110, 32, random));
      if (verdictOf(before, after, { ...OPTIONS, seed: k }).verdict === 'slower') slower++;
    }
    // The standard error of a median of 32 is about 1.25 · 0.05/√32 = 0.011, of a ratio of two
    // 0.016: a tenth is six of them, and a verdict needs 2.6.
    expect(slower).toBeGreaterThan(90);
  });

  test('counts what is more as better where more is', () => {
    const rate = (level: number) => {
      const samples = [1, 1.01, 0.99, 1.02, 0.98].map((factor) => level * factor);
      return row({ name: 'rate', unit: '/s', value: level, samples });
    };
    expect(verdictOf(rate(1000), rate(800))).toMatchObject({ verdict: 'slower', regressed: true });
    expect(verdictOf(rate(1000), rate(1200))).toMatchObject({ verdict: 'faster' });
  });

  test('within the tolerance is slower, but no regression', () => {
    const steady = (level: number) => timed([level, level, level, level, level]);
    expect(verdictOf(steady(100), steady(104))).toMatchObject({
      verdict: 'slower',
      regressed: false,
    });
    expect(verdictOf(steady(100), steady(106)).regressed).toBe(true);
  });

  test('is of the ratio to a peer that is not ours, and of the value beside one that is', () => {
    const beside = (name: string, load: number) => {
      const samples = [10, 10, 10, 10, 10].map((time) => time * load);
      return timed(samples, { peer: { name, value: samples[0], samples } });
    };
    expect(verdictOf(beside('JSON', 1), beside('JSON', 2))).toMatchObject({
      verdict: 'cannot tell',
      overPeer: 'JSON',
    });
    expect(verdictOf(beside('classical twin', 1), beside('classical twin', 2))).toMatchObject({
      verdict: 'slower',
      overPeer: undefined,
    });
  });

  test('names native simulators alike, however many threads they kept busy', () => {
    const beside = (name: string) =>
      timed([10, 10, 10, 10, 10], { peer: { name, value: 5, samples: [5, 5, 5, 5, 5] } });
    const found = verdictOf(beside('qulacs, 1.9 threads busy'), {
      ...beside('qulacs, 2.0 threads busy'),
      value: 11,
    });
    expect(found.overPeer).toBe('qulacs');
  });

  test('is none with fewer than five samples, or on what is neither bound nor speed', () => {
    expect(verdictOf(timed([1, 1, 1, 1]), timed([9, 9, 9, 9])).verdict).toBe('cannot tell');
    const score = (value: number) =>
      row({ name: 'score', unit: 'Brier', value, samples: [value, value, value, value, value] });
    expect(verdictOf(score(1), score(9)).verdict).toBe('cannot tell');
  });

  test('is a regression where something is lost that never was', () => {
    const lost = (value: number) =>
      row({
        name: 'lost',
        unit: 'qubits',
        value,
        samples: [value, value, value, value, value],
        goal: 'leases/lost',
      });
    expect(verdictOf(lost(0), lost(3))).toMatchObject({ regressed: true, lostTarget: true });
    expect(verdictOf(lost(0), lost(0))).toMatchObject({ regressed: false, verdict: 'the same' });
  });
});

describe('two documents', () => {
  const steady = timed([1, 1, 1, 1, 1]);

  test('of two machines are not compared, nor a quick one with a whole one', () => {
    const whole = documentOf([steady]);
    const elsewhere = { ...whole, machine: { ...MACHINE, processor: 'another' } };
    expect(() => compareDocuments(whole, elsewhere, OPTIONS)).toThrow('two machines');
    expect(() => compareDocuments({ ...whole, quick: true }, whole, OPTIONS)).toThrow('quick');
    expect(() => compareDocuments({ ...whole, runs: 7 }, whole, OPTIONS)).toThrow('processes');
  });

  test('tell rows of one name apart by their order, and count those without a partner', () => {
    const other = timed([2, 2, 2, 2, 2]);
    const extra = row({ name: 'new', unit: 's', value: 1 });
    const before = documentOf([steady, other]);
    const after = documentOf([steady, timed([3, 3, 3, 3, 3]), extra]);
    const { rows, unmatched } = compareDocuments(before, after, OPTIONS);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['the same', 'slower']);
    expect(unmatched).toBe(1);
  });

  test('measured at different times say what that means, and in turns do not', () => {
    const comparison = compareDocuments(documentOf([steady]), documentOf([steady]), OPTIONS);
    const text = (inTurns: boolean) =>
      comparisonText(comparison, { tolerance: 0.05, inTurns }).join('\n');
    expect(text(false)).toContain('measured at different times');
    expect(text(true)).not.toContain('different times');
    expect(text(true)).toContain('No regression beyond 5 % is proven.');
  });
});

describe('several runs', () => {
  test('become one, with the medians of their rows and each value as a sample', () => {
    const run = (value: number, peer: number) =>
      documentOf([
        row({
          name: 'sign',
          unit: 'µs',
          value,
          goal: 'node-crypto/call',
          peer: { name: 'openssl speed', value: peer },
        }),
      ]);
    const merged = mergedRuns([run(9, 10), run(14, 10), run(12, 11)]);
    expect(merged.runs).toBe(3);
    expect(merged.suites[0].rows[0]).toMatchObject({
      value: 12,
      samples: [9, 14, 12],
      peerValue: 10,
      peerSamples: [10, 10, 11],
      target: { atMost: 11 },
      met: false,
    });
  });

  test('keep only the rows that all of them have', () => {
    const [one, two] = [timed([1]), row({ name: 'now and then', unit: 's', value: 1 })];
    const merged = mergedRuns([documentOf([one, two]), documentOf([one])]);
    expect(merged.suites[0].rows.map(({ name }) => name)).toEqual(['time']);
  });
});
