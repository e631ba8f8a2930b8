import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TrialLedger, type Trial } from '../../src/evaluation/trial-ledger.ts';
import { Sandbox } from '../sema-process.ts';

let sandbox: Sandbox;
let path: string;

beforeEach(() => {
  sandbox = new Sandbox();
  path = sandbox.file('deep', 'trials.jsonl');
});
afterEach(() => sandbox[Symbol.dispose]());

function trial(configuration: string, sharpe: number | null, data = 'x'): Trial {
  return { data, from: 0, to: 9, configuration, title: configuration, sharpe, at: '2026-01-01' };
}

describe('a trial ledger', () => {
  test('remembers every trial from one process to the next', () => {
    const ledger = new TrialLedger(path);
    ledger.add(trial('a', 0.1));
    ledger.add(trial('b', 0.3));
    ledger.add(trial('c', null));
    ledger.add(trial('a', 0.5, 'other data'));
    const again = new TrialLedger(path);
    // The variance of 0.1 and 0.3.
    expect(again.count('x')).toEqual({ trials: 3, variance: expect.closeTo(0.02, 12) });
    expect(again.count('other data')).toEqual({ trials: 1, variance: 0 });
    expect(again.find('x', 0, 9, 'b')).toMatchObject({ sharpe: 0.3 });
    expect(again.find('x', 0, 8, 'b')).toBeUndefined();
  });

  test('counts the same settings over the same span once', () => {
    const ledger = new TrialLedger(path);
    ledger.add(trial('a', 0.1));
    ledger.add(trial('a', 0.1));
    new TrialLedger(path).add(trial('a', 0.1));
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
  });

  test('counts one trial where nothing was ever tried', () => {
    expect(new TrialLedger(path).count('x')).toEqual({ trials: 1, variance: 0 });
  });

  test.each([
    ['a changed figure', (lines: string[]) => [lines[0].replace('0.1', '0.2'), ...lines.slice(1)]],
    ['a line that was taken out', (lines: string[]) => lines.slice(1)],
    ['lines in another order', (lines: string[]) => lines.reverse()],
    ['a line cut short', (lines: string[]) => [lines[0], lines[1].slice(0, 40)]],
    ['something else', () => ['{"data":1}']],
  ])('is refused with %s', (_, change) => {
    const ledger = new TrialLedger(path);
    for (const name of ['a', 'b', 'c']) ledger.add(trial(name, 0.1));
    writeFileSync(path, `${change(readFileSync(path, 'utf8').trim().split('\n')).join('\n')}\n`);
    expect(() => new TrialLedger(path)).toThrow(
      expect.objectContaining({ code: 'LEDGER_DAMAGED' }),
    );
  });
});
