import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCandles } from './candle-fixture.ts';
import { Sandbox } from './sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const sandbox = new Sandbox();
const candles = sandbox.file('walk.csv');
const journal = sandbox.file('run', 'journal.jsonl');
let lines: string[];
let publicKey: string;

beforeAll(async () => {
  writeCandles(candles);
  const run = await sandbox.sema('backtest', candles, '--out', sandbox.file('run'), '--json');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  ({ publicKey } = JSON.parse(run.stdout).journal);
  lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
});
afterAll(() => sandbox[Symbol.dispose]());

/** Writes the journal's lines anew, changed. */
function changed(name: string, change: (lines: string[]) => string[]): string {
  const path = sandbox.file(name);
  writeFileSync(path, `${change([...lines]).join('\n')}\n`);
  return path;
}

function withEquity(line: string, equity: number): string {
  const { body, ...rest } = JSON.parse(line);
  return JSON.stringify({ body: { ...body, equity }, ...rest });
}

describe('verify', () => {
  test('accepts the journal of a run, and says that the signer is not pinned', async () => {
    const { code, stdout } = await sandbox.sema('verify', journal);
    expect(code).toBe(0);
    expect(stdout).toContain('VALID');
    expect(stdout).toContain('NOT PINNED');
    expect(stdout).toMatch(/receipts\s+45\n/);
    expect(stdout).toMatch(/sealed\s+yes\n/);
  });

  test('is one document with --json, and nothing but an exit code with --quiet', async () => {
    const broken = changed('short.jsonl', (all) => [all[0], ...all.slice(2)]);
    const [good, bad] = [
      await sandbox.sema('verify', journal, '--json'),
      await sandbox.sema('verify', broken, '--json'),
    ];
    expect([good.code, JSON.parse(good.stdout)]).toEqual([
      0,
      expect.objectContaining({ valid: true, receipts: 45, sealed: true, publicKey }),
    ]);
    expect([bad.code, JSON.parse(bad.stdout)]).toEqual([
      1,
      expect.objectContaining({ valid: false, line: 2 }),
    ]);
    expect(await sandbox.sema('verify', broken, '--quiet')).toMatchObject({ code: 1, stdout: '' });
  });

  test('pins the signer by --public-key', async () => {
    const { code, stdout } = await sandbox.sema('verify', journal, '--public-key', publicKey);
    expect(code).toBe(0);
    expect(stdout).not.toContain('NOT PINNED');
  });

  test('refuses a journal of another signer at its header', async () => {
    // The public key of RFC 8032, test 2.
    const other = 'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw';
    const { code, stdout } = await sandbox.sema('verify', journal, '--public-key', other);
    expect(code).toBe(1);
    expect(stdout).toContain(`${journal}:1: UNKNOWN_SIGNER`);
  });

  test('names the first receipt that was tampered with, by line and sequence', async () => {
    const path = changed('tampered.jsonl', (all) =>
      all.map((line, index) => (index === 9 || index === 20 ? withEquity(line, 1e6) : line)),
    );
    const { code, stdout } = await sandbox.sema('verify', path);
    expect(code).toBe(1);
    expect(stdout).toContain(`${path}:10, receipt 8: CHAIN_BROKEN`);
  });

  test('notices a receipt that was left out', async () => {
    const path = changed('left-out.jsonl', (all) => all.toSpliced(12, 1));
    const { code, stdout } = await sandbox.sema('verify', path);
    expect(code).toBe(1);
    expect(stdout).toContain(`${path}:13`);
  });

  test('says that a journal cut at its end is not sealed', async () => {
    const path = changed('cut.jsonl', (all) => all.slice(0, 30));
    const { code, stdout } = await sandbox.sema('verify', path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/sealed\s+NO/);
  });

  test('ends with 1 for a file that is no journal and with 3 for none at all', async () => {
    expect(await sandbox.sema('verify', candles)).toMatchObject({ code: 1 });
    const absent = await sandbox.sema('verify', sandbox.file('absent.jsonl'));
    expect(absent.code).toBe(3);
    expect(absent.stderr).toMatch(
      /^error FILE_NOT_READABLE: .*absent\.jsonl does not exist\. Next: /,
    );
  });
});

describe('replay', () => {
  test('is one document with --json', async () => {
    const { code, stdout } = await sandbox.sema('replay', journal, candles, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ decisions: 45, differenceCount: 0 });
  });

  test('finds zero differences in the journal of a run', async () => {
    const { code, stdout } = await sandbox.sema('replay', journal, candles);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'SAME  45 decisions made anew, zero differences\n',
    });
  });

  test('finds a tampered receipt, and shows what was decided and what stands there', async () => {
    const path = changed('replayed.jsonl', (all) =>
      all.map((line, index) => (index === 9 ? withEquity(line, 123_456) : line)),
    );
    const { code, stdout } = await sandbox.sema('replay', path, candles);
    expect(code).toBe(1);
    expect(stdout).toContain('DIFFERENT  1 differences in 45 decisions');
    expect(stdout).toContain(`${path}:10, receipt 8, equity\n  recorded  123456\n  replayed  `);
  });

  test('says plainly that the candles are others', async () => {
    const other = writeCandles(sandbox.file('other.csv'), 301);
    const { code, stdout } = await sandbox.sema('replay', journal, other);
    expect(code).toBe(1);
    expect(stdout).toContain('OTHER DATA');
  });

  test('ends with 3 when the configuration in the header cannot be', async () => {
    const path = changed('bad-header.jsonl', (all) =>
      all.map((line, index) =>
        index === 0 ? line.replace('"windowCandles":256', '"windowCandles":-1') : line,
      ),
    );
    const { code, stderr } = await sandbox.sema('replay', path, candles);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error NOT_A_JOURNAL: .*bad-header\.jsonl:1: windowCandles is -1/);
  });

  test('ends with 3 for a file that is no journal', async () => {
    const { code, stderr } = await sandbox.sema('replay', candles, candles);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error NOT_A_JOURNAL: .*walk\.csv:1: /);
  });
});

describe('replay --what-if', () => {
  test('says how many decisions settings of a file would change, and the equity', async () => {
    const settings = sandbox.file('bolder.yaml');
    writeFileSync(settings, 'selectionMode: aggressive\npositionCandles: 1\n');
    const { code, stdout, stderr } = await sandbox.sema(
      ...['replay', journal, candles, '--what-if', settings],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^WHAT IF\n/);
    expect(stdout).toMatch(/outcome +[1-9]/);
    expect(stdout).toMatch(/denial: \w+ → \w+/);
    expect(stdout).toMatch(/equity +\d+\.\d\d recorded, \d+\.\d\d changed/);
  });

  test('finds no difference where the file changes nothing', async () => {
    const settings = sandbox.file('same.yaml');
    writeFileSync(settings, '');
    const { code, stdout } = await sandbox.sema(
      ...['replay', journal, candles, '--what-if', settings, '--json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ decisions: 45, different: 0, differences: [] });
  });

  test('refuses settings of another market', async () => {
    const settings = sandbox.file('other.yaml');
    writeFileSync(settings, 'pair: OTHER\n');
    const other = await sandbox.sema('replay', journal, candles, '--what-if', settings);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('BAD_CONFIGURATION');
  });
});
