import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { TextDecoder } from 'node:util';
import { CandleCsvReader, candlesFromColumns, type Candles } from '@sema/qar';
import { candleFormat, type CandleFormat } from './candle-format.ts';
import { CliError } from './cli-error.ts';
import { decodeColumns } from './columnar/decode-columns.ts';
import { jsonColumns } from './json-columns.ts';
import { readBlocks } from './read-blocks.ts';

/** Ten years of one-minute candles; about half a gigabyte while they are read. */
const MAXIMUM_ROWS = 5_300_000;
/** Files that are not read line by line are held whole. */
const MAXIMUM_BYTES = 512 * 1024 * 1024;

// Both lie beside this module: the source in `src`, the built thread in `dist`.
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './columnar-worker.ts' : './columnar-worker.js',
  import.meta.url,
);

/** A candle file, read and checked to its last row. */
export interface CandleFile {
  readonly path: string;
  /** The path's last part. */
  readonly name: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly hash: string;
  readonly candles: Candles;
  /** The pair as the file names it; undefined when no column does. */
  readonly pair: string | undefined;
}

export interface ReadOptions {
  /** As of `CandleCsvReader`. */
  readonly maximumGapMs?: number;
  /** The pair to take from a file of several. */
  readonly pair?: string;
}

/**
 * Reads and checks a whole candle file: CSV a block at a time, or Parquet, Arrow IPC, Feather and
 * freqtrade's JSON at once. Its first bytes say which it is.
 *
 * @throws {MarketDataError} with the file and line or row of the first fault.
 * @throws {CliError} `FILE_NOT_READABLE`, `NOT_UTF8`, `FILE_DAMAGED`, `FILE_TOO_LARGE`
 */
export async function readCandles(path: string, options: ReadOptions = {}): Promise<CandleFile> {
  const hash = createHash('sha256');
  const blocks = hashedBlocks(path, hash);
  const first = blocks.next();
  const format = first.done === true ? 'csv' : candleFormat(first.value);
  const whole = first.done === true ? blocks : withFirst(first.value, blocks);
  const settings = { ...options, file: path, maximumRows: MAXIMUM_ROWS };
  const read =
    format === 'csv'
      ? readCsv(whole, settings)
      : candlesFromColumns(await columnsOf(path, format, gathered(path, whole)), settings);
  const { candles, pair } = read;
  return { path, name: basename(path), hash: hash.digest('hex'), candles, pair };
}

type Settings = ConstructorParameters<typeof CandleCsvReader>[0];

function readCsv(blocks: Iterable<Uint8Array>, settings: Settings) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = new CandleCsvReader(settings);
  for (const block of blocks) reader.push(decoded(settings.file, decoder, block));
  reader.push(decoded(settings.file, decoder));
  const candles = reader.end();
  return { candles, pair: reader.pair };
}

async function columnsOf(
  path: string,
  format: Exclude<CandleFormat, 'csv'>,
  bytes: Uint8Array<ArrayBuffer>,
) {
  if (format === 'json') {
    const text = decoded(path, new TextDecoder('utf-8', { fatal: true }), bytes);
    return jsonColumns(path, text, MAXIMUM_ROWS);
  }
  if (format === 'feather-1') {
    const next = 'write it as Feather V2, which is Arrow IPC';
    throw new CliError('FILE_DAMAGED', `${path} is Feather V1, which is not read`, next);
  }
  return decodeColumns(path, { format, bytes, maximumRows: MAXIMUM_ROWS }, WORKER);
}

function decoded(path: string, decoder: TextDecoder, block?: Uint8Array): string {
  try {
    return decoder.decode(block, { stream: block !== undefined });
  } catch (error) {
    const next = 'give candles as comma-separated text, Parquet, Arrow, Feather or JSON';
    throw new CliError('NOT_UTF8', `${path} is not UTF-8 text`, next, { cause: error });
  }
}

function* hashedBlocks(path: string, hash: { update(block: Uint8Array): unknown }) {
  for (const block of readBlocks(path)) {
    hash.update(block);
    yield block;
  }
}

function* withFirst(first: Uint8Array, rest: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield first;
  yield* rest;
}

function gathered(path: string, blocks: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const copies: Uint8Array[] = [];
  let size = 0;
  for (const block of blocks) {
    size += block.length;
    if (size > MAXIMUM_BYTES) {
      const rule = `${path} is over the ${String(MAXIMUM_BYTES)} bytes that are held at once`;
      throw new CliError('FILE_TOO_LARGE', rule, 'split it, or give it as CSV');
    }
    // Each block is overwritten by the next.
    copies.push(block.slice());
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const copy of copies) {
    bytes.set(copy, at);
    at += copy.length;
  }
  return bytes;
}
