import { readFileSync } from 'node:fs';
import { configurationOverrides, engineConfiguration, QarError } from '@sema/qar';
import { z } from 'zod';
import { codeOf, StartError } from '../start-error.ts';
import { ClusterError } from './cluster-error.ts';
import { marketNames } from './cluster-market.ts';
import type { ClusterMarket } from './cluster-market.ts';

const YEAR_MS = 365.25 * 86_400_000;
/** Of all nodes together; each costs a lease, and its owner an engine. */
const MOST_MARKETS = 10_000;

const Markets = z.strictObject({
  markets: z
    .array(
      z.strictObject({
        venue: z.string(),
        pair: z.string(),
        intervalMs: z.number(),
        path: z.enum(['quantum', 'twin']).default('quantum'),
        periodsPerYear: z.number().optional(),
        settings: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .max(MOST_MARKETS),
});

/**
 * The markets of a cluster as its file names them: `{"markets": [{"venue", "pair", "intervalMs",
 * "path", "periodsPerYear", "settings"}]}`, the last three as they may be left out.
 *
 * @throws {StartError} `MARKETS_NOT_USABLE`
 */
export function readMarkets(path: string): ClusterMarket[] {
  try {
    const { markets } = Markets.parse(JSON.parse(readFileSync(path, 'utf8')));
    return markets.map(({ venue, pair, intervalMs, settings, ...asked }) => {
      marketNames(venue, pair);
      const periodsPerYear = asked.periodsPerYear ?? YEAR_MS / intervalMs;
      const required = { pair, intervalMs, periodsPerYear, path: asked.path };
      return {
        venue,
        pair,
        configuration: engineConfiguration(required, configurationOverrides(settings)),
      };
    });
  } catch (error) {
    const isRefused = error instanceof QarError || error instanceof ClusterError;
    const why = isRefused ? error.message : whyOf(error);
    throw new StartError(
      'MARKETS_NOT_USABLE',
      `${path} does not name the markets of a cluster: ${why}`,
      'write it as {"markets": [{"venue": "binance", "pair": "BTC/USDT", "intervalMs": 60000}]}',
      { cause: error },
    );
  }
}

function whyOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not JSON';
  if (!(error instanceof z.ZodError)) return codeOf(error);
  const [{ path, message }] = error.issues;
  return `${path.join('.')}: ${message}`;
}
