import { writeFileSync } from 'node:fs';
import type { Candle, Candles, EngineConfiguration } from '@sema/qar';
import type { ClusterMarket } from '@sema/service/cluster';
import type { Settings } from '../configuration-file.ts';
import { configurationOf } from '../market-configuration.ts';
import { readCandles } from '../read-candles.ts';
import { SP500_SETTINGS, sp500File } from '../sp500-file.ts';

/** A market of a trial, and the recorded candles that it is fed. */
export interface TrialMarket extends ClusterMarket {
  readonly candles: readonly Candle[];
}

const VENUE = 'recorded';
/** Of the S&P 500's pairs: each begins so many sessions after the one before. */
const SP500_PAIRS = 6;
const SP500_STEP = 750;

/** One market for each file, of its last candles. */
export async function fileMarkets(
  paths: readonly string[],
  candles: number,
  settings: Settings,
): Promise<TrialMarket[]> {
  const markets: TrialMarket[] = [];
  for (const path of paths) {
    const file = await readCandles(path);
    const configuration = configurationOf(file, settings);
    const pair = pairName(configuration.pair);
    const from = Math.max(0, file.candles.length - candles);
    const recorded = rowsOf(file.candles, from, file.candles.length);
    markets.push({ venue: VENUE, pair, configuration, candles: recorded });
  }
  return markets;
}

/** Six spans of the S&P 500 as six pairs, named by the year in which each begins. */
export async function sp500Markets(candles: number): Promise<TrialMarket[]> {
  const file = await readCandles(sp500File());
  return Array.from({ length: SP500_PAIRS }, (_, index) => {
    const from = index * SP500_STEP;
    const recorded = rowsOf(file.candles, from, Math.min(file.candles.length, from + candles));
    const pair = `SP500-${String(new Date(recorded[0].time).getUTCFullYear())}`;
    const configuration = configurationOf(file, { ...SP500_SETTINGS, pair });
    return { venue: VENUE, pair, configuration, candles: recorded };
  });
}

/** Writes what `sema cluster node` reads. */
export function writeMarketsFile(path: string, markets: readonly TrialMarket[]): void {
  const described = markets.map(({ venue, pair, configuration }) => {
    const { intervalMs, periodsPerYear, path: decidesBy, ...settings } = rest(configuration);
    return { venue, pair, intervalMs, periodsPerYear, path: decidesBy, settings };
  });
  writeFileSync(path, `${JSON.stringify({ markets: described }, null, 2)}\n`);
}

function rest({
  pair: _,
  ...configuration
}: EngineConfiguration): Omit<EngineConfiguration, 'pair'> {
  return configuration;
}

/** A pair has no dot where it is part of a subject. */
function pairName(pair: string): string {
  return pair.replaceAll('.', '-');
}

function rowsOf(candles: Candles, from: number, to: number): Candle[] {
  const { time, open, high, low, close, volume } = candles;
  return Array.from({ length: to - from }, (_, offset) => {
    const i = from + offset;
    return {
      time: time[i],
      open: open[i],
      high: high[i],
      low: low[i],
      close: close[i],
      volume: volume[i],
    };
  });
}
