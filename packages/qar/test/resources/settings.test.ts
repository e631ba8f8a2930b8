import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import { runBacktest } from '../../src/backtest.ts';
import type { BacktestOptions } from '../../src/backtest.ts';
import { engineConfiguration } from '../../src/configuration.ts';
import type { DecisionPath } from '../../src/configuration.ts';
import type { JournalLine } from '../../src/journal.ts';
import type { Verdict } from '../../src/receipt.ts';
import { replayJournal } from '../../src/replay.ts';
import type { QubitSettings } from '../../src/resources/qubit-shares.ts';
import { countingClock } from '../counting-clock.ts';
import { DAY_MS, syntheticCandles } from '../synthetic-candles.ts';

const key = SigningKey.generate();
const candles = syntheticCandles(480, 9);

function backtest(
  qubits: Partial<QubitSettings>,
  path: DecisionPath,
  options: Partial<BacktestOptions> = {},
) {
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path };
  const lines: string[] = [];
  const run = runBacktest(candles, engineConfiguration(required, { qubits }), {
    clock: countingClock(),
    key,
    dataName: 'synthetic',
    dataHash: '00',
    writeLine: (line) => lines.push(line),
    ...options,
  });
  return { run, lines };
}

function verdictsOf(lines: readonly string[]): Verdict[] {
  return lines.flatMap((line) => {
    // Written by our own writer a moment ago.
    const { body } = JSON.parse(line) as JournalLine;
    return body.kind === 'decision' && body.verdict !== null ? [body.verdict] : [];
  });
}

describe.each([
  ['more bins of returns', { returnQubits: 5 }],
  ['entanglement always', { entanglement: 'always', entanglementAngle: -0.3 }],
  ['entanglement where learned', { entanglement: 'learned', entanglementAngle: -0.7 }],
  ['another split', { core: 5, workingMemory: 7, feedback: 4, algorithms: 6 }],
] as const)('with %s', (_, qubits) => {
  const whole = backtest(qubits, 'quantum');
  const verdicts = verdictsOf(whole.lines);

  test('circuits decide, and a replay shows no difference', () => {
    expect(whole.run.paths).toMatchObject({ twin: 0 });
    expect(verdicts.length).toBeGreaterThan(150);
    const replayed = replayJournal(whole.lines, candles, { clock: countingClock() });
    expect(replayed.differences).toEqual([]);
  });

  test('the twin says the same to 1e-10', () => {
    const twin = verdictsOf(backtest(qubits, 'twin').lines);
    expect(twin).toHaveLength(verdicts.length);
    twin.forEach(({ preferences, quotas, entanglement }, k) => {
      expect([quotas, entanglement]).toEqual([verdicts[k].quotas, verdicts[k].entanglement]);
      preferences.forEach((p, action) => {
        expect(Math.abs(p - verdicts[k].preferences[action])).toBeLessThan(1e-10);
      });
    });
  });

  test('a run stopped in the middle goes on bit for bit', () => {
    const first = backtest(qubits, 'quantum', { stopBefore: 400 });
    const second = backtest(qubits, 'quantum', { resume: first.run.snapshot });
    expect([...first.lines, ...second.lines]).toEqual(whole.lines);
  });
});

test('bins, patterns and splits are what the settings say', () => {
  const seen = (qubits: Partial<QubitSettings>) => verdictsOf(backtest(qubits, 'twin').lines);
  const finer = seen({ returnQubits: 5 });
  expect(Math.max(...finer.map(({ prices }) => prices.length))).toBeGreaterThan(8);
  const patterns = new Set(seen({ entanglement: 'always' }).map((v) => v.entanglement));
  expect(patterns.size).toBeGreaterThan(2);
  expect(new Set(seen({}).map((v) => v.entanglement))).toEqual(new Set(['none']));
  const split = seen({ core: 5, workingMemory: 7, feedback: 4, algorithms: 6 });
  for (const { quotas } of split) expect(quotas.reduce((sum, q) => sum + q, 0)).toBe(11);
});
