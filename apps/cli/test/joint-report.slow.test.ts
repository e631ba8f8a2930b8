import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { writeCandles } from './candle-fixture.ts';
import { Sandbox } from './sema-process.ts';

/** Enough for emergence to have something to remember. */
const CANDLES = 450;

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

async function backtest(name: string, settings: string) {
  const candles = writeCandles(sandbox.file(`${name}.csv`), CANDLES);
  const config = sandbox.file(`${name}.yaml`);
  writeFileSync(config, settings);
  const out = sandbox.file(name);
  const options = ['--config', config, '--out', out, '--json'];
  const { code, stdout, stderr } = await sandbox.sema('backtest', candles, ...options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { candles, result: JSON.parse(stdout), page: readFileSync(`${out}/report.html`, 'utf8') };
}

test('what is on has its own part of the report, and replays', async () => {
  const { candles, result, page } = await backtest(
    'on',
    'collective: divergent\nemergenceThreshold: 0.7\npath: twin\n',
  );
  expect(result.collective).toMatchObject({ type: 'divergent' });
  expect(result.collective.spoke.consensus).toBe(result.collective.decisions);
  expect(page).toContain('The board as one');
  expect(result.emergence.measured).toBeGreaterThan(0);
  expect(page).toContain(`<td>${result.emergence.largest.emergence.toFixed(3)}</td>`);
  expect(page).toContain('The divergent type acted.');
  const replayed = await sandbox.sema('replay', result.journal.path, candles);
  expect(replayed.code).toBe(0);
});
