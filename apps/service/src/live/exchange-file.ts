import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../start-error.ts';
import type { ExchangeSettings } from './ccxt-client.ts';

const FILE = 'exchanges.json';

const Exchanges = z.record(
  z.string().regex(/^[a-z0-9-]{2,32}$/),
  z.strictObject({
    ccxt: z.string(),
    options: z.record(z.string(), z.unknown()).default({}),
  }),
);

/**
 * The exchanges that `exchanges.json` of the data directory names; none where there is no file.
 *
 * @throws {StartError} `EXCHANGES_NOT_USABLE`
 */
export function readExchanges(directory: string): Readonly<Record<string, ExchangeSettings>> {
  const path = join(directory, FILE);
  return existsSync(path) ? readExchangeFile(path) : {};
}

/**
 * The exchanges that a file names.
 *
 * @throws {StartError} `EXCHANGES_NOT_USABLE`
 */
export function readExchangeFile(path: string): Readonly<Record<string, ExchangeSettings>> {
  try {
    return Exchanges.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new StartError(
      'EXCHANGES_NOT_USABLE',
      `${path} does not name exchanges`,
      'write it as {"name": {"ccxt": "binance", "options": {}}}, or move it away',
      { cause: error },
    );
  }
}
