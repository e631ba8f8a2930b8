import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { CandleCsvReader, type Candles } from '@sema/qar';
import { CliError } from './cli-error.ts';
import { readBlocks } from './read-blocks.ts';

/** Ten years of one-minute candles; about half a gigabyte while they are read. */
const MAXIMUM_ROWS = 5_300_000;

/** A candle file, read and checked to its last line. */
export interface CandleFile {
  readonly path: string;
  /** The path's last part. */
  readonly name: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly hash: string;
  readonly candles: Candles;
}

/**
 * Reads and checks a whole candle file, a block at a time.
 *
 * @param maximumGapMs - as of `CandleCsvReader`.
 * @throws {MarketDataError} with the file and line of the first fault.
 * @throws {CliError} `FILE_NOT_READABLE`, `NOT_UTF8`
 */
export function readCandles(path: string, maximumGapMs?: number): CandleFile {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = new CandleCsvReader({
    file: path,
    maximumRows: MAXIMUM_ROWS,
    ...(maximumGapMs !== undefined && { maximumGapMs }),
  });
  const decode = (block?: Uint8Array): string => {
    try {
      return decoder.decode(block, { stream: block !== undefined });
    } catch (error) {
      throw new CliError(
        'NOT_UTF8',
        `${path} is not UTF-8 text`,
        'give comma-separated candles as plain text',
        { cause: error },
      );
    }
  };
  for (const block of readBlocks(path)) {
    hash.update(block);
    reader.push(decode(block));
  }
  reader.push(decode());
  const candles = reader.end();
  return { path, name: basename(path), hash: hash.digest('hex'), candles };
}
