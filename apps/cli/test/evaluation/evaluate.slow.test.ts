import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCandles } from '../candle-fixture.ts';
import { finished, Sandbox, type Finished } from '../sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const sandbox = new Sandbox();
const candles = sandbox.file('walk.csv');
const out = sandbox.file('report');
let run: Finished;

beforeAll(async () => {
  writeCandles(candles, 420);
  run = await sandbox.sema('evaluate', candles, '--out', out, '--resamples', '99', '--json');
});
afterAll(() => sandbox[Symbol.dispose]());

describe('sema evaluate', () => {
  test('ends with 0 and leaves a page, a Markdown file and a document', () => {
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(out).sort()).toEqual([
      'evaluation.html',
      'evaluation.json',
      'evaluation.md',
    ]);
    expect(JSON.parse(readFileSync(`${out}/evaluation.json`, 'utf8'))).toEqual(
      JSON.parse(run.stdout),
    );
  });

  test('puts Sema beside its twin, cash, holding, plain Hedge and each expert', () => {
    const { strategies, circuits } = JSON.parse(run.stdout);
    const ids: string[] = strategies.map(({ id }: { id: string }) => id);
    expect(ids.slice(0, 6)).toEqual([
      'sema',
      'twin',
      'cash',
      'buy-and-hold',
      'plain-hedge',
      'majority',
    ]);
    expect(ids.filter((id) => id.startsWith('expert-'))).toHaveLength(14);
    // Circuit and closed form round differently, each some hundred times at 1e-16.
    expect(circuits).toMatchObject({ sameSignals: true, sameEquity: true });
    expect(circuits.largestDifference).toBeLessThan(1e-12);
    const [sema, twin] = strategies;
    expect(twin.figures).toEqual(sema.figures);
    expect(twin.semaOver).toMatchObject({ mean: 0, low: 0, high: 0, verdict: 'the same' });
  });

  test('measures the hope of 80 % like any other row', () => {
    const { hitRates } = JSON.parse(run.stdout);
    for (const { right, count, share, low, high, target, met } of hitRates) {
      expect(target).toBe(0.8);
      if (count === 0) continue;
      expect(share).toBe(right / count);
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      expect(met).toBe(share > 0.8);
    }
  });

  test('charges more where costs are higher, and deflates by the trials it made', () => {
    const { costs, trials, selection, strategies } = JSON.parse(run.stdout);
    const annual: number[] = costs.map(
      ({ horizonReturn }: { horizonReturn: number }) => horizonReturn,
    );
    expect([...annual].sort((left, right) => right - left)).toEqual(annual);
    expect(trials.trials).toBe(selection.candidates);
    for (const { figures } of strategies) {
      if (figures.deflatedSharpe === null) continue;
      expect(figures.deflatedSharpe).toBeLessThanOrEqual(figures.probabilisticSharpe);
    }
  });

  test('leads with a verdict in words, on a page that asks for nothing from anywhere', () => {
    const page = readFileSync(`${out}/evaluation.html`, 'utf8');
    const markdown = readFileSync(`${out}/evaluation.md`, 'utf8');
    for (const text of ['What helped', 'What did not', 'What cannot be told from this much data']) {
      expect(page).toContain(text);
      expect(markdown).toContain(`## ${text}`);
    }
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toMatch(/<script|https?:|src=|@import/);
    expect(page.indexOf('What did not')).toBeLessThan(page.indexOf('<table'));
  });

  test('says the same again from the same seed, and tries nothing anew', async () => {
    const again = await sandbox.sema(
      ...['evaluate', candles, '--out', sandbox.file('again'), '--resamples', '99', '--json'],
    );
    expect(again.stdout).toBe(run.stdout);
    const trials = readFileSync(sandbox.file('home', 'trials.jsonl'), 'utf8').trim().split('\n');
    expect(trials).toHaveLength(JSON.parse(run.stdout).trials.trials);
  });

  test('refuses a file that is too short to judge', async () => {
    const short = writeCandles(sandbox.file('short.csv'), 300);
    const { code, stderr } = await sandbox.sema('evaluate', short);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error TOO_FEW_CANDLES: .* Next: give a longer file\.\n$/);
  });
});

describe('sema optimise', () => {
  const search = (...more: readonly string[]) => [
    ...['optimise', candles, '--try', 'choiceSensitivity=1,2,3', '--hold-out', '0.3'],
    ...['--ledger', sandbox.file('search.jsonl'), ...more],
  ];

  test('writes every trial down, goes on from there, opens the hold-out when told', async () => {
    const first = await sandbox.sema(...search('--trials', '2', '--json'));
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({ ledgerTrials: 2, periods: 115 });
    expect(JSON.parse(first.stdout).holdOut).toBeUndefined();
    const second = JSON.parse((await sandbox.sema(...search('--json', '--open'))).stdout);
    expect(second.trials.filter(({ known }: { known: boolean }) => known)).toHaveLength(2);
    expect(second.holdOut.periods).toBe(48);
    const lines = readFileSync(sandbox.file('search.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toContain('hold-out opened');
  });

  test('keeps the ledger when Ctrl-C ends it, and says how to go on', async () => {
    const long = writeCandles(sandbox.file('long.csv'), 6000);
    const ledger = sandbox.file('stopped.jsonl');
    const child = sandbox.start(
      ...['optimise', long, '--try', 'choiceSensitivity=1:90:1', '--trials', '90'],
      ...['--ledger', ledger],
    );
    const timer = setInterval(() => {
      // The first trial is through.
      if (!readdirSync(sandbox.path).includes('stopped.jsonl')) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 20);
    const { code, stderr } = await finished(child);
    clearInterval(timer);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^error INTERRUPTED: .* Next: run the same command again/);
    expect(readFileSync(ledger, 'utf8').trim().split('\n').length).toBeGreaterThan(0);
  });

  test.each([
    ['nothing to try', ['optimise', candles], "required option '--try"],
    ['an unknown setting', ['optimise', candles, '--try', 'luck=1'], 'It must be such as'],
    [
      'a value out of range',
      ['optimise', candles, '--try', 'liquidity=-1'],
      'error BAD_CONFIGURATION',
    ],
  ])('refuses %s with 2', async (_, args, message) => {
    const { code, stderr } = await sandbox.sema(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('sema decide and sema explain', () => {
  test('say in words what the last receipt of a journal holds', async () => {
    const folder = sandbox.file('journaled');
    await sandbox.sema('backtest', candles, '--out', folder);
    const decided = await sandbox.sema('decide', candles, '--json');
    const journal = `${folder}/journal.jsonl`;
    const explained = await sandbox.sema('explain', journal, '--candles', candles, '--json');
    for (const { code, stderr } of [decided, explained]) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(JSON.parse(explained.stdout)).toEqual(JSON.parse(decided.stdout));
    const { seats, weights, otherwise } = JSON.parse(decided.stdout);
    expect(seats).toHaveLength(14);
    expect(weights.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(otherwise.length).toBeGreaterThan(0);
  });

  test('say which decisions there are when that one is not', async () => {
    const journal = sandbox.file('journaled', 'journal.jsonl');
    const { code, stderr } = await sandbox.sema('explain', journal, '9999');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error NO_SUCH_RECEIPT: .* decisions 0 to 164/);
    const usage = await sandbox.sema('explain', journal, 'yesterday');
    expect(usage.code).toBe(2);
  });
});
