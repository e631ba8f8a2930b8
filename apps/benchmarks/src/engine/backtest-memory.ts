import { runBacktest, type Candles, type EngineConfiguration } from '@sema/qar';
import { SigningKey } from '@sema/synthesis-crypto';
import { row, type Row, type SuiteOptions } from '../harness.ts';
import { memorySampler, trendOf } from './memory-trend.ts';

/** Samples of memory, evenly over the run. */
const SAMPLES = 24;
/** Left out of the trend: code is still being compiled and windows are filling. */
const SETTLING = 8;
const MIB = 1024 * 1024;

/**
 * What a backtest holds on its way, with all garbage gone. Columns for every candle are made at its
 * start; fills are the only part of the result that comes as it goes.
 */
export function backtestMemoryRows(
  candles: Candles,
  configuration: EngineConfiguration,
  { clock }: SuiteOptions,
): Row[] {
  using key = SigningKey.generate();
  const sample = memorySampler();
  const held: number[] = [];
  const { decisions } = runBacktest(candles, configuration, {
    clock,
    key,
    dataName: 'seeded walk',
    dataHash: '0'.repeat(64),
    writeLine: () => undefined,
    onProgress: (done, total) => {
      if (done >= ((held.length + 1) * total) / SAMPLES) held.push(sample().held);
    },
  });
  const { slope, margin } = trendOf(held.slice(SETTLING));
  const per = decisions / SAMPLES;
  const settled = held[SETTLING - 1];
  const name = `backtest of ${candles.length.toLocaleString('en')} candles: heap and buffers`;
  return [
    row({
      name: `${name}, at the end over a third of the way`,
      value: held[held.length - 1] / settled,
      unit: '×',
      goal: 'backtest/memory',
    }),
    row({
      name: `${name}, growth per candle: upper end of the 95 % interval`,
      value: (slope + margin) / per,
      unit: 'bytes',
    }),
    row({ name: `${name}, at the end`, value: held[held.length - 1] / MIB, unit: 'MiB' }),
  ];
}
