import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import {
  CandleCsvReader,
  engineConfiguration,
  inferIntervalMs,
  periodsPerYear,
  runBacktest,
  type Candles,
} from '@sema/qar';
import { SigningKey } from '@sema/synthesis-crypto';
import { row, type Row, type SuiteOptions } from '../harness.ts';

const BTC = resolve(
  process.env.SEMA_DATA_DIR ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'market/btc-perp-1m.csv',
);
const BTC_BAR_MINUTES = 15;

/** How far confidence can be taken at its word on real markets, beside the bare preference. */
export function reliabilityRows(options: SuiteOptions): Row[] {
  const rows = marketRows('S&P 500 daily', stockIndex(), options);
  if (!existsSync(BTC)) {
    options.skipped(`reliability, BTC 15 min: there is no ${BTC}`);
    return rows;
  }
  return [...rows, ...marketRows('BTC 15 min', inBars(candlesOf(BTC), BTC_BAR_MINUTES), options)];
}

function marketRows(name: string, all: Candles, { clock, quick }: SuiteOptions): Row[] {
  const candles = quick ? firstOf(all, 1200) : all;
  using key = SigningKey.generate();
  const configuration = engineConfiguration({
    pair: 'MARKET',
    intervalMs: inferIntervalMs(candles),
    periodsPerYear: periodsPerYear(candles),
    path: 'twin',
  });
  const { confidence, preference, counts, falseGoTarget } = runBacktest(candles, configuration, {
    clock,
    key,
    dataName: name,
    dataHash: '0'.repeat(64),
    writeLine: () => undefined,
  }).selection;
  if (confidence === undefined || preference === undefined) {
    throw new Error(`${name}: no confidence was stated`);
  }
  const beside = (value: number) => ({ name: 'preference', value });
  return [
    row({
      name: `${name}: mean distance of confidence and frequency`,
      value: confidence.calibrationError,
      unit: 'probability',
      target: { atMost: 0.05 },
      peer: beside(preference.calibrationError),
    }),
    row({
      name: `${name}: Brier score`,
      value: confidence.brierScore,
      unit: '',
      target: { atMost: preference.brierScore },
      peer: beside(preference.brierScore),
    }),
    row({
      name: `${name}: miscalibration in it`,
      value: confidence.miscalibration,
      unit: '',
      peer: beside(preference.miscalibration),
    }),
    row({
      name: `${name}: refinement, what calibration cannot mend`,
      value: confidence.uncertainty - confidence.discrimination,
      unit: '',
      peer: beside(preference.uncertainty - preference.discrimination),
    }),
    row({
      name: `${name}: positions without profit that went`,
      value: counts.falseGo / counts.wrong,
      unit: 'share',
      target: { atMost: falseGoTarget },
    }),
  ];
}

function stockIndex(): Candles {
  const code = createRequire(import.meta.url).resolve('vega-datasets');
  return candlesOf(resolve(dirname(code), '../data/sp500-2000.csv'));
}

function candlesOf(file: string): Candles {
  const reader = new CandleCsvReader({ file, maximumRows: 100_000 });
  reader.push(readFileSync(file, 'utf8'));
  return reader.end();
}

function firstOf(candles: Candles, length: number): Candles {
  const first = (column: Float64Array): Float64Array => column.slice(0, length);
  return {
    time: first(candles.time),
    open: first(candles.open),
    high: first(candles.high),
    low: first(candles.low),
    close: first(candles.close),
    volume: first(candles.volume),
    length,
  };
}

/** So many candles as one; what is left at the end is dropped. */
function inBars(candles: Candles, size: number): Candles {
  const length = Math.floor(candles.length / size);
  const bars = (of: (from: number, to: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, bar) => of(bar * size, (bar + 1) * size));
  return {
    time: bars((from) => candles.time[from]),
    open: bars((from) => candles.open[from]),
    high: bars((from, to) => Math.max(...candles.high.subarray(from, to))),
    low: bars((from, to) => Math.min(...candles.low.subarray(from, to))),
    close: bars((_, to) => candles.close[to - 1]),
    volume: bars((from, to) => candles.volume.subarray(from, to).reduce((sum, v) => sum + v, 0)),
    length,
  };
}
