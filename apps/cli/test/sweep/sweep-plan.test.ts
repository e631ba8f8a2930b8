import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readGrid } from '../../src/sweep/grid-file.ts';
import { decodeTask, encodeTask } from '../../src/sweep/sweep-task.ts';
import { candlesOf, plan, PROGRAM } from './sweep-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'sema-grid-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the same inputs are the same sweep, and any other input is another', () => {
  expect(plan().id).toBe(plan().id);
  const others = [
    plan({ axes: [{ path: 'choiceSensitivity', values: [2, 4] }] }),
    plan({ candles: candlesOf(341) }),
    plan({ judged: 'trades' }),
    plan({ holdOut: 0.1 }),
    plan({ windows: 1, candles: candlesOf(400) }),
    plan({ program: 'test-1' }),
  ];
  expect(new Set([plan(), ...others].map(({ id }) => id)).size).toBe(7);
});

test('settings that are the same under two names are one task', () => {
  const twice = plan({ axes: [{ path: 'choiceSensitivity', values: [2, 2, 3] }] });
  expect(twice.tasks.size).toBe(2);
});

test('a task survives the way to a worker, and a changed one does not', () => {
  const { id: sweep, tasks } = plan();
  const [[id, work]] = tasks;
  const task = { sweep, id, round: 2, attempts: 3, work };
  expect(decodeTask(encodeTask(task), PROGRAM)).toEqual(task);
  expect(decodeTask(encodeTask(task), 'another program')).toBeUndefined();
  const other = { ...work, span: { ...work.span, train: work.span.train - 1 } };
  expect(decodeTask(encodeTask({ ...task, work: other }), PROGRAM)).toBeUndefined();
  const settings = { ...work.configuration, feeRate: -1 };
  const bad = { ...work, configuration: settings };
  expect(decodeTask(encodeTask({ ...task, work: bad }), PROGRAM)).toBeUndefined();
});

test('the windows of a walk-forward evaluation follow one another to the end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 500, max: 700 }),
      (count, rows) => {
        const candles = candlesOf(rows);
        const { windows } = plan({ candles, windows: count });
        expect(windows).toHaveLength(count);
        // 256 candles to the first decision, of which the last two have no outcome.
        expect(windows.at(-1)?.test?.to).toBe(rows - 255 - 2);
        windows.forEach(({ train, test: judged }, index) => {
          expect(judged?.from).toBe(train.to + 2);
          if (index > 0) expect(judged?.from).toBe(windows[index - 1].test?.to);
        });
      },
    ),
    { seed: 3, numRuns: 20 },
  );
});

test.each([
  [{ maximumTasks: 3 }, /4 tasks are more than the 3/],
  [{ axes: [{ path: 'path', values: ['twin'] }] }, /runs the closed form/],
  [{ axes: [{ path: 'windowCandles', values: [256] }], windows: 1 }, /begin at other candles/],
  [{ windows: 9 }, /too few/],
  [{ candles: candlesOf(270) }, /too few/],
  [{ axes: [{ path: 'feeRate', values: [-1] }] }, /feeRate/],
  [{ axes: [{ path: 'feeRate', values: [NaN] }] }, /feeRate/],
])('%o is refused', (changes, message) => {
  expect(() => plan(changes)).toThrow(message);
});

test('a grid file takes lists and ranges, by paths or in groups', () => {
  const path = join(folder, 'grid.yaml');
  const text = `liquidity: [0.5, 1]
risk.minimumConfidence: 0.6:0.8:0.1
risk:
  shorting: [true, false]
  protections: { coolDownCandles: [1] }
`;
  writeFileSync(path, text);
  expect(readGrid(path)).toEqual([
    { path: 'liquidity', values: [0.5, 1] },
    { path: 'risk.minimumConfidence', values: [0.6, 0.7, 0.8] },
    { path: 'risk.shorting', values: [true, false] },
    { path: 'risk.protections.coolDownCandles', values: [1] },
  ]);
});

test.each([
  'nothing: [1]',
  'liquidity: []',
  'liquidity: 3',
  '[1, 2]',
  'liquidity: [[1]]',
  'a: b: c',
])('the grid %j is refused', (text) => {
  const path = join(folder, 'bad.yaml');
  writeFileSync(path, text);
  expect(() => readGrid(path)).toThrow(expect.objectContaining({ code: 'BAD_CONFIGURATION_FILE' }));
});
