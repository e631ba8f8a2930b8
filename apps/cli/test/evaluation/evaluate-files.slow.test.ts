import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { writeCandles } from '../candle-fixture.ts';
import { featherFile, parquetFile, walkColumns } from '../columnar-fixture.ts';
import { Sandbox } from '../sema-process.ts';

// Each test starts the real program, which runs the engine some thirty times.
vi.setConfig({ testTimeout: 300_000 });

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

/** The document of an evaluation, on a ledger of its own. */
async function evaluated(name: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await sandbox.sema(
    ...['evaluate', ...args, '--out', sandbox.file(`report-${name}`), '--json'],
    ...['--ledger', sandbox.file(`${name}.jsonl`), '--resamples', '99'],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('a file of the user', () => {
  const candles = 340;
  const columns = walkColumns(candles);

  test('gives the same judgement as CSV, Parquet and Arrow', async () => {
    const files = {
      csv: writeCandles(sandbox.file('walk.csv'), candles),
      parquet: sandbox.file('walk.parquet'),
      arrow: sandbox.file('walk.arrow'),
    };
    writeFileSync(files.parquet, parquetFile(columns));
    writeFileSync(files.arrow, featherFile(columns));
    const reports = [];
    for (const [name, path] of Object.entries(files)) {
      const { subject, ...rest } = await evaluated(name, path, '--pair', 'WALK');
      expect(subject.decisions).toBe(candles - 255);
      reports.push(rest);
    }
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[2]).toEqual(reports[0]);
    const { noise, ablations } = reports[0];
    expect(noise).toHaveLength(4);
    for (const { changed, worth } of [...noise, ...ablations]) {
      expect(changed).toBeGreaterThanOrEqual(0);
      expect(worth.low).toBeLessThanOrEqual(worth.high);
    }
  });

  test('is not joined to an interval that it does not fill', async () => {
    const path = writeCandles(sandbox.file('days.csv'), candles);
    const { code, stderr } = await sandbox.sema('evaluate', path, '--interval', '36h');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error BAD_OPTION: .* Next: give a multiple/);
  });

  test('is a table or candles, not both', async () => {
    const path = writeCandles(sandbox.file('table.csv'), candles);
    const both = await sandbox.sema('evaluate', path, '--relatives', '--interval', '4h');
    expect(both.code).toBe(2);
    expect(both.stderr).toMatch(/^error BAD_OPTION/);
    const dates = await sandbox.sema('evaluate', path, '--relatives');
    expect(dates.code).toBe(3);
    expect(dates.stderr).toMatch(/^error BAD_NUMBER: .*table\.csv:2: '2019-01-01' is no price/);
  });
});

const folder =
  env.SEMA_DATA_DIR ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const bitcoin = join(folder, 'market', 'btc-perp-1m.csv');
const portfolios = join(folder, 'portfolio');
const note = (path: string): string =>
  existsSync(path) ? '' : ` (SKIPPED: ${path} is absent; set SEMA_DATA_DIR)`;

describe.skipIf(!existsSync(bitcoin))(`BTC-PERP one-minute candles${note(bitcoin)}`, () => {
  test('are judged when they are joined to hours', async () => {
    const report = await evaluated('btc', bitcoin, '--interval', '1h', '--shorting');
    // 45 031 minutes from 23:01 to 05:31: 749 whole hours, less the first window.
    expect(report.subject).toMatchObject({ intervalMs: 3_600_000, dated: true });
    expect(report.subject.decisions).toBe(749 - 255);
    expect(report.circuits).toMatchObject({ sameSignals: true, sameEquity: true });
    expect(report.capacity).toBeGreaterThan(0);
  });
});

describe.skipIf(!existsSync(portfolios))(`the portfolio sets${note(portfolios)}`, () => {
  test.each([
    ['tse', [], 'tse/equal-weights'],
    ['sp500', ['B'], 'sp500/B'],
  ])('%s %j is judged without dates and volume', async (name, asset, pair) => {
    const report = await evaluated(name, join(portfolios, `${name}.csv`), '--relatives', ...asset);
    expect(report.subject).toMatchObject({ pair, dated: false });
    expect(report.configuration.periodsPerYear).toBe(252);
    expect(report.capacity).toBeNull();
    expect(report.traded).toMatchObject({ trades: 0, totalReturn: 0 });
    const silent = ['narrative-forecaster', 'on-balance-volume', 'turn-of-month'];
    for (const { id, figures } of report.strategies) {
      if (silent.some((expert) => id === `expert-${expert}`)) expect(figures.sharpe).toBeNull();
    }
    expect(report.hitRates[0].count).toBeGreaterThan(0);
    const page = readFileSync(sandbox.file(`report-${name}`, 'evaluation.md'), 'utf8');
    expect(page).toMatch(/decisions on \w+\.csv, rows 256 to 1,2\d\d,/);
    expect(page).toContain('equity it could carry | not known: no volume');
  });
});
