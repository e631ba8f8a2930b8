import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentText, readDocument, type BenchDocument } from '../src/document.ts';
import { row, type Row } from '../src/harness.ts';
import { goalResults } from '../src/report/goal-results.ts';
import { reportFiles } from '../src/report/report-files.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = 'docs/benchmarks.md';

const fast = row({ name: 'fast', value: 50, unit: 'µs', goal: 'decision/p50' });
const slow = row({ name: 'slow', value: 200, unit: 'µs', goal: 'decision/p50' });
const kept = row({ name: 'kept', value: 0, unit: 'qubits', goal: 'leases/lost' });
const beside = row({
  name: 'a | b',
  value: 3,
  unit: 'ms',
  samples: [1 / 3, 3],
  peer: { name: 'peer', value: 4 },
});

function documentOf(rows: readonly Row[], more: Partial<BenchDocument> = {}): BenchDocument {
  const machine = {
    processor: 'a <processor>',
    threads: 2,
    memoryGiB: 8,
    system: 'a system',
    node: '20.20.2',
    load: 0.1,
    date: '2026-01-02T03:04:05.000Z',
  };
  const suite = { name: 'suite', title: 'a suite', seconds: 1, skipped: [], failure: null, rows };
  const format = 'sema-benchmarks';
  const all = { machine, versions: { v8: '1' }, quick: false, runs: 1, seconds: 90 };
  return { format, version: 2, ...all, suites: [suite], ...more };
}

function page(document: BenchDocument): string {
  return reportFiles(document, 'report.md').get('report.md') ?? '';
}

describe('the committed report', () => {
  const source = readFileSync(join(ROOT, 'docs/benchmarks.json'), 'utf8');
  const files = reportFiles(readDocument(source, 'docs/benchmarks.json'), PAGE);

  test.each([...files.keys()])('%s is what the program makes of its source', (path) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(files.get(path));
  });
});

describe('a document', () => {
  test('reads back as it was written, but for digits of samples and what is no number', () => {
    const document = documentOf([fast, { ...beside, value: NaN }]);
    const read = readDocument(documentText(document), 'a.json');
    expect(read.suites[0].rows[0]).toEqual(fast);
    expect(read.suites[0].rows[1].value).toBeNaN();
    expect(read.suites[0].rows[1].samples).toEqual([0.333333, 3]);
    expect(documentText(read)).toBe(documentText(document));
  });

  test('of the first version reads as one process without samples', () => {
    const { goal: _, samples: __, peerSamples: ___, ...old } = fast;
    const { machine } = documentOf([]);
    const first = { format: 'sema-benchmarks', version: 1, machine, quick: true };
    const text = JSON.stringify({ ...first, suites: [{ name: 'engine', rows: [old] }] });
    const read = readDocument(text, 'old.json');
    expect(read).toMatchObject({ version: 2, runs: 1, quick: true });
    expect(read.suites[0].rows[0]).toEqual({ ...fast, goal: null });
  });

  test.each(['{}', '{"format":"sema-benchmarks","version":3}', '[]'])('is not %s', (text) => {
    expect(() => readDocument(text, 'x.json')).toThrow('x.json was not written by');
  });

  test('without suites or rows is still one', () => {
    for (const empty of [documentOf([]), documentOf([], { suites: [] })]) {
      expect(readDocument(documentText(empty), 'x.json')).toEqual(empty);
    }
  });
});

describe('a goal', () => {
  test('is met when all its rows meet it, and the worst of them comes first', () => {
    const results = goalResults(documentOf([fast, slow]));
    const found = results.find(({ goal }) => goal === 'decision/p50');
    expect(found?.met).toBe(false);
    expect(found?.shown.map(({ row: { name }, margin }) => [name, margin])).toEqual([
      ['slow', 0.5],
      ['fast', 2],
    ]);
  });

  test('that nothing measured is neither met nor missed', () => {
    const results = goalResults(documentOf([fast]));
    expect(results.find(({ goal }) => goal === 'decision/p99')?.met).toBeNull();
  });
});

describe('a report', () => {
  test('shows a miss as a miss, what is closest to its bound, and what was not measured', () => {
    const text = page(documentOf([fast, slow, kept]));
    expect(text).toContain('1 of 2 demands are met');
    expect(text).toContain('| slow: 200 µs |');
    expect(text).toContain('**missed** by 1 of 2 rows');
    expect(text).toContain('Not measured in this run: State vector f64');
  });

  test('shows every row, with what is beside it, in cells of their own', () => {
    expect(page(documentOf([beside]))).toContain(
      '| a \\| b | 3.00 ms |  |  | peer | 4.00 | 0.750 |',
    );
  });

  test('says that the machine was busy, that it was quick, and what was skipped or failed', () => {
    const quiet = documentOf([fast]);
    expect(page(quiet)).not.toMatch(/busy|quick|Skipped/);
    const [suite] = quiet.suites;
    const text = page({
      ...quiet,
      quick: true,
      machine: { ...quiet.machine, load: 7.5 },
      suites: [{ ...suite, skipped: ['Stim: no Python'], failure: 'Error: off by one' }],
    });
    expect(text).toContain('The machine was busy: 7.5 runnable tasks');
    expect(text).toContain('A quick run');
    expect(text).toContain('- `suite`: Stim: no Python');
    expect(text).toContain('- `suite` failed: Error: off by one');
  });

  test('draws a disc for what is met, a diamond for what is missed, and escapes its texts', () => {
    const chart = reportFiles(documentOf([fast, slow, kept]), 'report.md').get('report.svg') ?? '';
    // One of each is the legend's.
    expect(chart.match(/<circle/g)).toHaveLength(3);
    expect(chart.match(/<polygon/g)).toHaveLength(2);
    expect(chart).toContain('a &lt;processor&gt;');
    expect(chart).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('is a page, so its name ends in .md', () => {
    expect(() => reportFiles(documentOf([]), 'report.html')).toThrow('report.html does not end');
  });
});
