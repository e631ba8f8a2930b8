import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import { runBacktest } from '../src/backtest.ts';
import { engineConfiguration } from '../src/configuration.ts';
import type { EngineConfiguration } from '../src/configuration.ts';
import type { JournalLine } from '../src/journal.ts';
import type { DecisionReceipt } from '../src/receipt.ts';
import { whatIf } from '../src/what-if.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const key = SigningKey.generate();
const candles = syntheticCandles(600, 11);
const BASE = engineConfiguration(
  { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path: 'twin' },
  { risk: { minimumConfidence: 0.4, shorting: true } },
);

function backtest(configuration: EngineConfiguration) {
  const journal: string[] = [];
  const run = runBacktest(candles, configuration, {
    clock: countingClock(),
    key,
    dataName: 'test',
    dataHash: '00',
    writeLine: (line) => journal.push(line),
  });
  return { run, journal };
}

const { journal, run } = backtest(BASE);

function ask(change: (recorded: EngineConfiguration) => EngineConfiguration, lines = journal) {
  return whatIf(lines, candles, { clock: countingClock(), most: 5, change });
}

function receiptsOf(lines: readonly string[]): DecisionReceipt[] {
  return lines.flatMap((line) => {
    const { body } = JSON.parse(line) as JournalLine;
    return body.kind === 'decision' ? [body] : [];
  });
}

describe('what if the settings', () => {
  test('stayed the same: nothing differs', () => {
    const same = ask((recorded) => recorded);
    const none = { action: 0, outcome: 0, denial: 0, trading: 0, path: 0 };
    expect(same).toMatchObject({ decisions: 345, skipped: 0, different: 0, counts: none });
    expect(same.differences).toEqual([]);
    expect(same.equity.changed).toBe(same.equity.recorded);
  });

  test('were others: the counts are those of a run under them beside the recorded', () => {
    const risk = { ...BASE.risk, minimumConfidence: 0.5, shorting: false };
    const changed = { ...BASE, risk, feeRate: 0.002 };
    const other = backtest(changed);
    const before = receiptsOf(journal);
    const after = receiptsOf(other.journal);
    const differing = (of: (receipt: DecisionReceipt) => unknown): number =>
      before.filter((receipt, i) => of(receipt) !== of(after[i])).length;
    const result = ask(() => changed);
    expect(result.counts.outcome).toBe(differing(({ outcome }) => outcome.kind));
    expect(result.counts.action).toBe(differing(({ verdict }) => verdict?.action));
    expect(result.counts.outcome).toBeGreaterThan(5);
    expect(result.counts.denial).toBeGreaterThan(0);
    expect(result.counts.path).toBe(0);
    expect(result.differences).toHaveLength(5);
    expect(result.different).toBeGreaterThanOrEqual(result.counts.outcome);
    expect(result.equity).toEqual({
      recorded: run.equity.at(-1),
      changed: other.run.equity.at(-1),
    });
  });

  test('asked for circuits: the actions of the twin stay, and the path is what differs', () => {
    const result = ask((recorded) => ({ ...recorded, path: 'quantum' }));
    expect(result.counts).toMatchObject({ action: 0, outcome: 0, denial: 0 });
    expect(result.counts.path).toBe(result.decisions);
  });

  test('asked for a longer window: what has none is skipped and counted', () => {
    const result = ask((recorded) => ({ ...recorded, windowCandles: 300 }));
    expect(result).toMatchObject({ skipped: 44, decisions: 301 });
  });
});

describe('refused are', () => {
  test('settings of another market', () => {
    for (const other of [{ pair: 'B' }, { intervalMs: 60_000 }, { periodsPerYear: 365 }]) {
      expect(() => ask((recorded) => ({ ...recorded, ...other }))).toThrow(
        expect.objectContaining({ code: 'BAD_CONFIGURATION' }),
      );
    }
  });

  test('journals that are empty, cut, headless, or of other candles', () => {
    const faulty = [
      [],
      journal.slice(0, 1),
      journal.slice(1),
      ['{', ...journal],
      [journal[0], journal[2].replace(/"time":\d+/, '"time":7')],
    ];
    for (const lines of faulty) {
      expect(() => ask((recorded) => recorded, lines)).toThrow(
        expect.objectContaining({ code: 'BAD_JOURNAL' }),
      );
    }
  });
});
