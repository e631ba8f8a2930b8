import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BacktestResult } from '../src/result.ts';
import { candleRows, writeCandles, writeRows } from './candle-fixture.ts';
import { finished, Sandbox, type Finished } from './sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const sandbox = new Sandbox();
const candles = sandbox.file('walk.csv');
const out = sandbox.file('straight');
let run: Finished;

beforeAll(async () => {
  writeCandles(candles);
  run = await sandbox.sema('backtest', candles, '--out', out, '--shorting');
});
afterAll(() => sandbox[Symbol.dispose]());

describe('a run', () => {
  test('ends with 0 and nothing on standard error', () => {
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  test('leaves a journal, a snapshot, a result and a report, and nothing half-written', () => {
    expect(readdirSync(out).sort()).toEqual([
      'journal.jsonl',
      'report.html',
      'result.json',
      'snapshot.bin',
    ]);
  });

  test('shows Sema beside its twin, buy-and-hold and cash, within 100 columns', () => {
    for (const title of ['Sema', 'Classical twin', 'Buy and hold', 'Buy and hold at', 'Cash']) {
      expect(run.stdout).toContain(`\n${title}`);
    }
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(run.stdout).not.toContain('\u001B');
  });

  test('makes a key that only its owner can read, and never prints it', () => {
    const keyFile = sandbox.file('home', 'keys', 'signing.pem');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const secret = readFileSync(keyFile, 'utf8').split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    const written = readdirSync(out).map((name) => readFileSync(`${out}/${name}`, 'latin1'));
    for (const text of [run.stdout, ...written]) expect(text).not.toContain(secret);
  });

  test('gives the same journal bytes again with the same key', async () => {
    const again = sandbox.file('again');
    const { code } = await sandbox.sema('backtest', candles, '--out', again, '--shorting');
    expect(code).toBe(0);
    expect(readFileSync(`${again}/journal.jsonl`).equals(journal(out))).toBe(true);
  });

  test('replaces the results of an earlier run', async () => {
    const again = sandbox.file('twice');
    await sandbox.sema('backtest', candles, '--out', again);
    const { code } = await sandbox.sema('backtest', candles, '--out', again, '--shorting');
    expect(code).toBe(0);
    expect(readFileSync(`${again}/journal.jsonl`).equals(journal(out))).toBe(true);
  });
});

describe('--model', () => {
  test('decides by the snapshot of a run under its settings, and replays with it', async () => {
    const model = `${out}/snapshot.bin`;
    const folder = sandbox.file('frozen');
    const told = ['--model', model, '--slippage-bps', '0', '--equity', '5000', '--json'];
    const { code, stdout } = await sandbox.sema('backtest', candles, '--out', folder, ...told);
    expect(code).toBe(0);
    const first: BacktestResult = JSON.parse(readFileSync(`${out}/result.json`, 'utf8'));
    const document: BacktestResult = JSON.parse(stdout);
    expect(document.configuration).toEqual({
      ...first.configuration,
      slippageRate: 0,
      startingEquity: 5000,
    });
    expect(document).toMatchObject({ frozenModel: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(document.learning).toEqual(first.learning);
    const journalFile = `${folder}/journal.jsonl`;
    const replayed = await sandbox.sema('replay', journalFile, candles, '--model', model);
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('SAME') });
    expect(await sandbox.sema('replay', journalFile, candles)).toMatchObject({ code: 3 });
  });

  test('is refused for what is no snapshot, and for other settings of the engine', async () => {
    const refused = await sandbox.sema('backtest', candles, '--model', candles);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('NOT_A_MODEL') });
    const model = ['--model', `${out}/snapshot.bin`];
    const other = await sandbox.sema('backtest', candles, ...model, '--pair', 'X/Y');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('frozen model') });
    expect(
      await sandbox.sema('backtest', candles, ...model, '--until', '2001-01-01'),
    ).toMatchObject({ code: 2 });
  });
});

describe('--json', () => {
  test('prints the document of result.json and nothing else', async () => {
    const folder = sandbox.file('json');
    const { code, stdout, stderr } = await sandbox.sema(
      ...['backtest', candles, '--out', folder, '--pair', 'BTC/USDT', '--fee-bps', '7.5', '--json'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document: BacktestResult = JSON.parse(stdout);
    expect(document).toEqual(JSON.parse(readFileSync(`${folder}/result.json`, 'utf8')));
    expect(document).toMatchObject({
      format: 'sema-result',
      version: 1,
      data: { name: 'walk.csv', sha256: sha256(candles), candles: 300 },
      configuration: { pair: 'BTC/USDT', path: 'quantum', feeRate: 0.00075 },
      decisions: 45,
      paths: { quantum: 45, twin: 0 },
      twin: { sameEquity: true },
      journal: { path: `${folder}/journal.jsonl`, sealed: true },
      verdict: { equalsTwin: true },
    });
    expect(document.comparison.map(({ id }) => id)).toEqual([
      'sema',
      'twin',
      'buy-and-hold',
      'scaled-buy-and-hold',
      'cash',
    ]);
    // Circuit and closed form round differently, each some hundred times at 1e-16.
    expect(document.twin.largestPreferenceDifference).toBeLessThan(1e-12);
    expect(document.go + document.noGo).toBeLessThanOrEqual(document.decisions);
    expect(Object.keys(document.calibration)).toEqual(['lmsr', 'prospect', 'hedge', 'fusion']);
    for (const { outcomes, reliability, accuracy, brierScore } of Object.values(
      document.calibration,
    )) {
      expect(reliability.reduce((sum, { count }) => sum + count, 0)).toBe(outcomes);
      for (const fraction of [accuracy, brierScore]) {
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThanOrEqual(1);
      }
    }
    // The last two decisions have no outcome yet.
    expect(document.learning).toMatchObject({ learned: 43, coupled: false });
    const shares = Object.values(document.regimes);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const lines = readFileSync(`${folder}/journal.jsonl`, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '').hash).toBe(document.journal.lastHash);
  });
});

describe('a stopped run', () => {
  test('goes on to the very bytes of a straight one', async () => {
    const stopped = sandbox.file('stopped');
    const until = ['--until', '2019-09-30', '--shorting'];
    const first = await sandbox.sema('backtest', candles, '--out', stopped, ...until);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('not sealed');
    const half = journal(stopped);
    expect(half.equals(journal(out).subarray(0, half.length))).toBe(true);

    const second = await sandbox.sema('backtest', candles, '--resume', stopped, '--json');
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(journal(stopped).equals(journal(out))).toBe(true);
    const result = JSON.parse(second.stdout);
    expect(result).toMatchObject({
      twin: { sameEquity: true },
      data: { firstDecision: Date.UTC(2019, 8, 30) },
    });

    const third = await sandbox.sema('backtest', candles, '--resume', stopped);
    expect(third.code).toBe(3);
    expect(third.stderr).toMatch(/^error JOURNAL_SEALED: /);
  });

  test('is not resumed with another key', async () => {
    const stopped = sandbox.file('stopped-signed');
    await sandbox.sema('backtest', candles, '--out', stopped, '--until', '2019-09-30');
    const before = journal(stopped);
    const key = ['--key', sandbox.file('other.pem')];
    const { code, stderr } = await sandbox.sema('backtest', candles, '--resume', stopped, ...key);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error OTHER_KEY: /);
    expect(journal(stopped).equals(before)).toBe(true);
  });

  test('is not resumed from a snapshot of another moment', async () => {
    const [early, late] = ['early', 'late'].map((name) => sandbox.file(name));
    await sandbox.sema('backtest', candles, '--out', early, '--until', '2019-09-28');
    await sandbox.sema('backtest', candles, '--out', late, '--until', '2019-09-30');
    copyFileSync(`${early}/snapshot.bin`, `${late}/snapshot.bin`);
    const { code, stderr } = await sandbox.sema('backtest', candles, '--resume', late);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error JOURNAL_NOT_VALID: .* was not taken at the end of /);
  });

  test('is not resumed over other candles', async () => {
    const stopped = sandbox.file('stopped-short');
    const short = writeCandles(sandbox.file('short.csv'), 290);
    await sandbox.sema('backtest', short, '--out', stopped, '--until', '2019-09-30');
    const before = journal(stopped);
    const { code, stderr } = await sandbox.sema('backtest', candles, '--resume', stopped);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error OTHER_DATA: /);
    expect(journal(stopped).equals(before)).toBe(true);
  });
});

describe('what cannot be run', () => {
  test.each([
    ['an unknown option', ['--frobnicate'], "unknown option '--frobnicate'"],
    ['a fee that is no number', ['--fee-bps', 'ten'], 'It must be a number of at least 0.'],
    ['a fee above every market', ['--fee-bps', '1e9'], 'It must be a number of at least 0.'],
    ['a day that does not exist', ['--until', '2019-02-30'], 'It must be a date'],
    ['a stop after the end', ['--until', '2031-01-01'], 'error BAD_OPTION: '],
    ['a pair with a space', ['--pair', 'BTC USDT'], 'error BAD_CONFIGURATION: pair is "BTC USDT"'],
    ['an option of the first half', ['--resume', 'x', '--equity', '5'], 'cannot be used with'],
  ])('%s is wrong usage and ends with 2', async (_, flags, message) => {
    const folder = sandbox.file('wrong-usage');
    const { code, stderr } = await sandbox.sema('backtest', candles, '--out', folder, ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(folder)).toBe(false);
  });

  test('a bad row ends with 3, is named with its line, and leaves no journal', async () => {
    const rows = candleRows(300);
    rows[41] = rows[41].replace(/,[^,]*$/, ',-1');
    const bad = writeRows(sandbox.file('bad.csv'), rows);
    const folder = sandbox.file('bad');
    const { code, stdout, stderr } = await sandbox.sema('backtest', bad, '--out', folder);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error NEGATIVE_VOLUME: [^\n]*bad\.csv:42: [^\n]* Next: [^\n]*\n$/);
    expect(existsSync(folder)).toBe(false);
  });

  test('Ctrl-C leaves nothing in the folder of the results', async () => {
    const long = writeCandles(sandbox.file('long.csv'), 20_000);
    const folder = sandbox.file('interrupted');
    const child = sandbox.start('backtest', long, '--out', folder);
    const watcher = watch(sandbox.path, (_, name) => {
      // The folder is made when the run begins.
      if (name === 'interrupted') child.kill('SIGINT');
    });
    const { signal } = await finished(child);
    watcher.close();
    expect(signal).toBe('SIGINT');
    expect(readdirSync(folder)).toEqual([]);
  });
});

function journal(folder: string): Buffer {
  return readFileSync(`${folder}/journal.jsonl`);
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
