import { parse } from 'node:path';
import {
  engineConfiguration,
  inferIntervalMs,
  periodsPerYear,
  type EngineConfiguration,
} from '@sema/qar';
import type { Settings } from './configuration-file.ts';
import type { CandleFile } from './read-candles.ts';

/**
 * The configuration for a file: what the settings leave open follows from its candles and its name.
 *
 * @throws {QarError} `BAD_CONFIGURATION`, `NOT_ENOUGH_CANDLES`
 */
export function configurationOf(
  { candles, pair, name }: CandleFile,
  settings: Settings,
): EngineConfiguration {
  const market = (pair ?? parse(name).name).replaceAll(/[^\w./:-]/g, '-').slice(0, 64);
  return engineConfiguration(
    {
      // A file, and a pair in it, may be called anything; the market may not.
      pair: settings.pair ?? (market || 'candles'),
      intervalMs: settings.intervalMs ?? inferIntervalMs(candles),
      periodsPerYear: settings.periodsPerYear ?? periodsPerYear(candles),
      path: settings.path ?? 'quantum',
    },
    settings,
  );
}
