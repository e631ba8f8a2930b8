import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import type { Candle, QuoteCandle, SymbolChange } from '@sema/qar';
import { Command, InvalidArgumentError } from 'commander';
import { CliError, notWritable } from '../cli-error.ts';
import { FeedCandles } from '../feed-candles.ts';
import { count } from '../figures.ts';
import { parseInterval } from '../interval-text.ts';
import { feedTable } from '../market-feed.ts';
import { warn } from '../output.ts';
import { readBlocks } from '../read-blocks.ts';

interface CandlesFlags {
  readonly interval: number;
  readonly pair?: readonly string[];
  readonly rename: readonly SymbolChange[];
  readonly out?: string;
}

const ABOUT = `
The header says what the rows are: trades (time, price, quantity, perhaps id), quotes (time, bid,
ask) or candles (time, open, high, low, close, volume); a column pair or symbol tells markets apart.
Rows are taken in the order of the file as if they arrived. Duplicates and what comes after its
candle has closed are left out and counted on standard error, and so are intervals without a candle.
Quotes give candles of the mid price, the number of quotes as volume, and their spread.

Examples:
  $ sema candles trades.csv --interval 1m > candles.csv
  $ sema candles feed.csv --interval 5m --pair BTC/USDT --rename XBT/USDT=BTC/USDT > btc.csv
  $ sema candles feed.csv --interval 5m --out candles   # a file for each pair

Exit codes: 0 done · 2 wrong usage · 3 bad input data`;

export function candlesCommand(): Command {
  return new Command('candles')
    .description('make candles of a recorded feed of trades, quotes or candles')
    .argument('<feed.csv>', 'rows in the order they arrived')
    .requiredOption('--interval <text>', 'length of a candle: 1s, 5m, 4h, 1d …', parseInterval)
    .option('--pair <name...>', 'pairs to take (default: all)')
    .option('--rename <old=new...>', 'symbols that changed', parseChange, [])
    .option('--out <dir>', 'folder for a file of each pair; needed where there are several')
    .addHelpText('after', ABOUT)
    .action(candles);
}

function candles(path: string, flags: CandlesFlags): void {
  using files = new CandleFiles(flags.out);
  const { interval: intervalMs, rename: changes, pair: pairs } = flags;
  const feed = new FeedCandles({
    intervalMs,
    changes,
    ...(pairs !== undefined && { pairs }),
    now: Date.now(),
    emit: (pair, candle) => files.write(pair, candle),
  });
  const table = feedTable(path, (row) => {
    feed.take(row);
    if (flags.out === undefined && feed.pairs.length > 1) throw severalPairs(path, feed.pairs);
  });
  // A wrong byte becomes a character that no number and no time has.
  const decoder = new TextDecoder();
  for (const block of readBlocks(path)) table.push(decoder.decode(block, { stream: true }));
  table.push(decoder.decode());
  table.end();
  feed.end();
  for (const [verdict, times] of feed.verdicts) warn(`${verdict}: ${count(times)}`);
  if (feed.missing > 0) warn(`intervals without a candle: ${count(feed.missing)}`);
}

function severalPairs(path: string, pairs: readonly string[]): CliError {
  return new CliError(
    'SEVERAL_PAIRS',
    `${path} holds ${pairs.join(' and ')}, perhaps more`,
    'choose one with --pair, or give each its file with --out',
  );
}

/** Where candles go: standard output, or a file for each pair. */
class CandleFiles implements Disposable {
  readonly #folder: string | undefined;
  readonly #files = new Map<string, number>();

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  write(pair: string, candle: Candle | QuoteCandle): void {
    const { time, open, high, low, close, volume } = candle;
    const cells = [new Date(time).toISOString(), open, high, low, close, volume];
    const spread = 'meanSpreadBps' in candle;
    if (spread) cells.push(candle.meanSpreadBps, candle.maximumSpreadBps);
    const more = spread ? ',mean_spread_bps,maximum_spread_bps' : '';
    const header = `time,open,high,low,close,volume${more}`;
    const known = this.#files.get(pair);
    if (known === undefined) this.#files.set(pair, this.#open(pair));
    const text = `${known === undefined ? `${header}\n` : ''}${cells.join(',')}\n`;
    const file = this.#files.get(pair) ?? stdout.fd;
    if (file === stdout.fd) stdout.write(text);
    else writeSync(file, text);
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) if (file !== stdout.fd) closeSync(file);
    this.#files.clear();
  }

  #open(pair: string): number {
    if (this.#folder === undefined) return stdout.fd;
    const path = join(this.#folder, `${pair.replaceAll(/[^\w.-]/g, '-')}.csv`);
    try {
      mkdirSync(this.#folder, { recursive: true });
      return openSync(path, 'wx');
    } catch (error) {
      throw notWritable(path, error);
    }
  }
}

function parseChange(text: string, before: readonly SymbolChange[]): SymbolChange[] {
  const [from, to, more] = text.split('=');
  if (from === undefined || to === undefined || more !== undefined || from === '' || to === '') {
    throw new InvalidArgumentError('It must be such as XBT/USDT=BTC/USDT.');
  }
  return [...before, { from, to }];
}
