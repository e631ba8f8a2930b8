import { SigningKey } from '@sema/synthesis-crypto';
import { engineConfiguration, runBacktest, type EngineConfiguration } from '@sema/qar';
import { recordedCandles, MARKET } from '../../test/recorded-candles.ts';
import {
  journalEntry,
  type Candle,
  type DecisionReceipt,
  type JournalEntry,
  type JournalLine,
} from '../src/data/contract.ts';

export interface RecordedDecisions {
  readonly configuration: EngineConfiguration;
  readonly candles: readonly Candle[];
  readonly entries: readonly JournalEntry[];
  readonly receipts: readonly DecisionReceipt[];
}

/** What the engine really decides on recorded candles, as its journal holds it. */
export function recordedDecisions(count: number): RecordedDecisions {
  const { pair, intervalMs } = MARKET;
  const configuration = engineConfiguration({
    pair,
    intervalMs,
    periodsPerYear: 525_960,
    path: 'quantum',
  });
  const candles = recordedCandles(configuration.windowCandles - 1 + count);
  const column = (name: keyof Candle): Float64Array =>
    Float64Array.from(candles, (candle) => candle[name]);
  const lines: string[] = [];
  let reading = 0;
  runBacktest(
    {
      length: candles.length,
      time: column('time'),
      open: column('open'),
      high: column('high'),
      low: column('low'),
      close: column('close'),
      volume: column('volume'),
    },
    configuration,
    {
      clock: { nowNs: () => (reading += 1000) },
      key: SigningKey.generate(),
      dataName: 'recorded',
      dataHash: '00',
      writeLine: (line) => lines.push(line),
    },
  );
  const entries = lines
    // A journal begins with its header and ends with its seal.
    .slice(1, -1)
    .map((line) => journalEntry(JSON.parse(line) as JournalLine));
  return { configuration, candles, entries, receipts: entries.map(({ receipt }) => receipt) };
}
