import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeCandles } from '../candle-fixture.ts';
import { finished, Sandbox } from '../sema-process.ts';

const GRID = ['--set', 'choiceSensitivity=1,2,3,4', '--set', 'risk.shorting=false,true'];

interface Report {
  readonly sweep: string;
  readonly rows: readonly { readonly title: string }[];
  readonly ledgerTrials: number;
}

function ledgerLines(box: Sandbox): string[] {
  return readFileSync(box.file('home', 'trials.jsonl'), 'utf8').trim().split('\n');
}

test('one thread and two print the same bytes, each trial is counted once', async () => {
  using box = new Sandbox();
  const candles = writeCandles(box.file('candles.csv'), 700);
  const one = await box.sema('sweep', candles, ...GRID, '--workers', '1', '--json');
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(ledgerLines(box)).toHaveLength(8);
  const kept = await box.sema('sweep', candles, ...GRID, '--workers', '1', '--json');
  expect(kept.stdout).toBe(one.stdout);
  rmSync(box.file('home', 'sweeps'), { recursive: true });
  const two = await box.sema('sweep', candles, ...GRID, '--workers', '2', '--json');
  expect(two.stdout).toBe(one.stdout);
  expect(ledgerLines(box)).toHaveLength(8);
  const { rows, ledgerTrials } = JSON.parse(one.stdout) as Report;
  expect(rows).toHaveLength(8);
  expect(ledgerTrials).toBe(8);
  // A search finds there what the sweep has tried, and tries nothing twice.
  const search = ['--try', 'choiceSensitivity=1,2,3,4', '--try', 'risk.shorting=false,true'];
  const { stdout } = await box.sema('optimise', candles, ...search, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ledgerTrials: 8 });
  expect(JSON.parse(stdout).trials.every(({ known }: { known: boolean }) => known)).toBe(true);
  const csv = await box.sema('sweep', candles, ...GRID, '--csv', '--discard');
  const [header, ...lines] = csv.stdout.trim().split('\n');
  expect(header).toBe('choiceSensitivity,risk.shorting,sharpe,return,drawdown,trades,failure');
  expect(lines).toHaveLength(8);
  const { sweep } = JSON.parse(one.stdout) as Report;
  expect(readdirSync(box.file('home', 'sweeps', 'sweep', sweep))).toEqual([]);
});

test('a walk-forward evaluation from a grid file prints a row for each window', async () => {
  using box = new Sandbox();
  const candles = writeCandles(box.file('candles.csv'), 700);
  const grid = box.file('grid.yaml');
  writeFileSync(grid, 'choiceSensitivity: 2:4:1\nrisk:\n  shorting: [true]\n');
  const options = ['--grid', grid, '--walk-forward', '3'];
  const { code, stdout } = await box.sema('sweep', candles, ...options, '--csv');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(4);
  // Three points of the grid and the settings as they are, in three windows.
  expect(ledgerLines(box)).toHaveLength(12);
  const table = await box.sema('sweep', candles, ...options);
  expect(table.stdout).toMatch(/chosen +Sharpe ratio/);
});

test('killed and interrupted on its way, the same command ends with the same table', async () => {
  using box = new Sandbox();
  const candles = writeCandles(box.file('candles.csv'), 1200);
  const grid = ['--set', 'choiceSensitivity=1:20:1'];
  const command = ['sweep', candles, ...grid, '--workers', '1', '--json'];
  const folder = box.file('home', 'sweeps', 'sweep');
  const outcomes = (): number => {
    if (!existsSync(folder)) return 0;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    return files.filter((file) => file.isFile() && file.name.length === 32).length;
  };
  let before = 0;
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    const child = box.start(...command);
    const ended = finished(child);
    while (outcomes() < before + 3 && child.exitCode === null) await wait(10);
    child.kill(signal);
    const { code, stderr } = await ended;
    if (signal === 'SIGINT') {
      expect(code).toBe(5);
      expect(stderr).toMatch(/INTERRUPTED/);
      expect(ledgerLines(box).length).toBeGreaterThanOrEqual(before + 3);
    }
    before = outcomes();
    expect(before).toBeLessThan(20);
  }
  const resumed = await box.sema(...command);
  using fresh = new Sandbox();
  const whole = await fresh.sema(...command);
  expect(resumed.stdout).toBe(whole.stdout);
  expect(ledgerLines(box)).toHaveLength(20);
});

test('what fails is named with its reason, and the exit code says so', async () => {
  using box = new Sandbox();
  const candles = writeCandles(box.file('candles.csv'), 400);
  const grid = ['--set', 'windowCandles=256,4000'];
  const { code, stdout } = await box.sema('sweep', candles, ...grid, '--workers', '1');
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAILED {2}windowCandles=4000: NOT_ENOUGH_CANDLES/);
  expect(stdout).toMatch(/windowCandles=256 +/);
});

test('a sweep that nobody would do, or of nothing, is refused', async () => {
  using box = new Sandbox();
  const candles = writeCandles(box.file('candles.csv'), 400);
  const nobody = await box.sema('sweep', candles, '--set', 'liquidity=1,2', '--workers', '0');
  expect(nobody.code).toBe(2);
  expect(nobody.stderr).toMatch(/BAD_OPTION: --workers 0 leaves nobody/);
  const nothing = await box.sema('sweep', candles);
  expect(nothing.stderr).toMatch(/BAD_OPTION: there is nothing to sweep/);
});

test('a worker without a broker says what it needs', async () => {
  using box = new Sandbox();
  const { code, stderr } = await box.sema('sweep', 'worker');
  expect(code).toBe(3);
  expect(stderr).toMatch(/NO_BROKER.*SEMA_NATS_URL/);
});
