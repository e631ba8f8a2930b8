import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChartSet } from '../src/report/charts.ts';
import type { BacktestResult } from '../src/result.ts';
import { Sandbox, type Finished } from './sema-process.ts';

const sandbox = new Sandbox();
const out = sandbox.file('home', 'demo');
let run: Finished;

beforeAll(async () => {
  run = await sandbox.sema('demo');
});
afterAll(() => sandbox[Symbol.dispose]());

test('the demo runs twenty years of the S&P 500, verifies and replays', () => {
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('No parameter was tuned on this span');
  expect(run.stdout).toMatch(/^Verified: 4,850 receipts/m);
  expect(run.stdout).toMatch(/^Replayed: 4,850 decisions .* zero differences\.$/m);
  expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(/report\.html$/);
  for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('its files are in the data folder', () => {
  expect(readdirSync(out).sort()).toEqual([
    'journal.jsonl',
    'report.html',
    'result.json',
    'snapshot.bin',
  ]);
});

test('the circuits and the twin decide alike, and buy-and-hold made what the index made', () => {
  const result: BacktestResult = JSON.parse(readFileSync(`${out}/result.json`, 'utf8'));
  expect(result.verdict.equalsTwin).toBe(true);
  expect(result.twin.largestPreferenceDifference).toBeLessThan(1e-12);
  const hold = result.comparison.find(({ id }) => id === 'buy-and-hold');
  // The open after the first decision, 2001-01-08, was 1298.349976; slippage and fee are paid once.
  const paid = 1298.349976 * 1.0005 * 1.001;
  expect(hold?.totalReturn).toBeCloseTo(2874.560059 / paid - 1, 9);
  // From the peak of 2007-10-09, 1565.15, to 2009-03-09, 676.53.
  expect(hold?.maximumDrawdown).toBeCloseTo(1 - 676.53 / 1565.15, 4);
});

test('a long report is thinned to what a screen shows', () => {
  const page = readFileSync(`${out}/report.html`, 'utf8');
  const { times }: ChartSet = JSON.parse(/id="chart-data">([^<]*)</.exec(page)?.[1] ?? '');
  expect(times.length).toBeGreaterThan(1000);
  expect(times.length).toBeLessThanOrEqual(2000);
});
