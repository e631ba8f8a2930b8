import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import {
  engineConfiguration,
  FrameDecider,
  replayJournal,
  runBacktest,
  snapshotConfiguration,
  verifyJournal,
  whatIf,
} from '../src/index.ts';
import type { BacktestOptions, DecisionReceipt, EngineConfiguration } from '../src/index.ts';
import { parseLine } from '../src/journal.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const configuration = engineConfiguration(
  { pair: 'A/B', intervalMs: DAY_MS, periodsPerYear: 365, path: 'twin' },
  {
    selectionMode: 'aggressive',
    positionCandles: 1,
    risk: { minimumConfidence: 0, minimumVotes: 1, crisisVolatility: 1000, shorting: true },
  },
);
const past = syntheticCandles(500, 5);
const candles = syntheticCandles(330, 11);
const key = SigningKey.generate();
const DATA = { dataName: 'walk', dataHash: '00' };

function ran(
  options: Partial<BacktestOptions> = {},
  settings: EngineConfiguration,
  over = candles,
) {
  const lines: string[] = [];
  const writeLine = (line: string): void => void lines.push(line);
  const run = runBacktest(over, settings, {
    ...DATA,
    clock: countingClock(),
    key,
    writeLine,
    ...options,
  });
  return { run, lines };
}

function receiptsOf(lines: readonly string[]): DecisionReceipt[] {
  return lines.flatMap((line) => {
    const parsed = parseLine(line);
    return typeof parsed !== 'string' && parsed.body.kind === 'decision' ? [parsed.body] : [];
  });
}

const { run: learned } = ran({}, configuration, past);
const frozen = learned.snapshot;

describe('a backtest by a frozen model', () => {
  test('says on every candle what the frame decider says, and trades on it', () => {
    const { run, lines } = ran({ frozen }, configuration);
    const receipts = receiptsOf(lines);
    using decider = new FrameDecider(configuration, { clock: countingClock(), snapshot: frozen });
    const first = configuration.windowCandles - 1;
    receipts.forEach(({ verdict, regime, model }, row) => {
      const signal = decider.signal(candles, first + row);
      const goes = verdict?.go === true ? verdict.action : null;
      expect({ action: goes, confidence: verdict?.confidence ?? null, regime, model }).toEqual({
        action: signal?.action,
        confidence: signal?.confidence,
        regime: signal?.regime,
        model: decider.model,
      });
    });
    expect(run.fills.length).toBeGreaterThan(1);
    expect(run.snapshot).toBe(frozen);
    expect(run.learning).toEqual(learned.learning);
  });

  test('replays from its journal with the same model, and with no other', () => {
    const { lines } = ran({ frozen }, configuration);
    const clock = countingClock();
    expect(verifyJournal(lines)).toMatchObject({ valid: true, sealed: true });
    const replay = replayJournal(lines, candles, { clock, frozen });
    expect(replay).toMatchObject({ decisions: 75, differenceCount: 0 });
    const code = 'BAD_JOURNAL';
    const { run: other } = ran({ stopBefore: 400 }, configuration, past);
    for (const options of [{ clock }, { clock, frozen: other.snapshot }]) {
      expect(() => replayJournal(lines, candles, options)).toThrow(
        expect.objectContaining({ code }),
      );
    }
    const { lines: learning } = ran({}, configuration);
    expect(() => replayJournal(learning, candles, { clock, frozen })).toThrow(
      expect.objectContaining({ code }),
    );
    const change = (recorded: EngineConfiguration) => recorded;
    expect(() => whatIf(lines, candles, { clock, most: 1, change })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test('takes other costs, limits and paths without deciding otherwise', () => {
    const verdicts = (settings: EngineConfiguration) =>
      receiptsOf(ran({ frozen }, settings).lines).map(({ verdict }) => verdict?.action);
    const dearer = { ...configuration, feeRate: 0.01, slippageRate: 0, startingEquity: 7 };
    const limits = { ...configuration.risk, minimumConfidence: 1 };
    const same = verdicts(configuration);
    expect(new Set(same).size).toBeGreaterThan(1);
    expect(verdicts({ ...dearer, risk: limits })).toEqual(same);
    expect(verdicts({ ...configuration, path: 'quantum' })).toEqual(same);
  });

  test('is refused under other settings of the engine, and to be resumed', () => {
    for (const changed of [{ liquidity: 2 }, { windowCandles: 128 }, { pair: 'C/D' }]) {
      expect(() => ran({ frozen }, { ...configuration, ...changed })).toThrow(
        expect.objectContaining({ code: 'BAD_CONFIGURATION' }),
      );
    }
    const code = 'BAD_SNAPSHOT';
    expect(() => ran({ frozen, resume: frozen }, configuration)).toThrow(
      expect.objectContaining({ code }),
    );
    for (const bytes of [new Uint8Array(), frozen.slice(0, 100), frozen.map((byte) => byte ^ 1)]) {
      expect(() => ran({ frozen: bytes }, configuration)).toThrow(
        expect.objectContaining({ code }),
      );
    }
  });
});

test('a snapshot names the settings that it was made under', () => {
  expect(snapshotConfiguration(frozen)).toEqual(configuration);
});
