import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { startExchange, type MarketDefinition } from '@sema/freqtrade';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.ts';
import { parseInterval } from '../interval-text.ts';
import { parseIsoDate } from '../option-values.ts';
import { warn } from '../output.ts';
import { readCandles } from '../read-candles.ts';

interface ExchangeFlags {
  readonly pair: readonly [base: string, quote: string];
  readonly interval: number;
  readonly from?: number;
  readonly port: number;
  readonly speed: number;
  readonly tick: number;
  readonly step: number;
  readonly wallet: number;
}

const LEAST_NOTIONAL = 5;

const ABOUT = `
The recording is moved to the present: the candle at --from is the one that is open now, earlier
ones are its history, later ones follow as time goes on. Candles of any multiple of the interval are
made of it. Inside a candle the price is taken to go from the open by the nearer extreme to the
other and to the close. Orders are on paper, for the key that is printed at the start.

Point ccxt or freqtrade at it with
  urls.api.public = urls.api.private = http://127.0.0.1:PORT/api/v3
  options = { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false }

Examples:
  $ sema exchange btc.csv --pair BTC/USDT --interval 1m
  $ sema exchange btc.csv --pair BTC/USDT --interval 1m --from 2022-01-20T00:00Z --speed 60

It listens on 127.0.0.1 alone, until it is interrupted.
Exit codes: 0 interrupted · 2 wrong usage · 3 bad input data`;

export function exchangeCommand(): Command {
  return new Command('exchange')
    .description('replay recorded candles as a Binance-shaped exchange on this machine')
    .argument('<candles>', 'candle file')
    .requiredOption('--pair <base/quote>', 'the market, such as BTC/USDT', parsePair)
    .requiredOption('--interval <text>', 'spacing of the candles: 1m, 1h, 1d …', parseInterval)
    .option('--from <date>', 'recorded time that is now (default: the middle)', parseIsoDate)
    .option('--port <number>', 'port on 127.0.0.1; 0 for any', parsePort, 8788)
    .option('--speed <factor>', 'exchange seconds in a real one', parsePositive, 1)
    .option('--tick <price>', 'least step of a price', parsePositive, 0.01)
    .option('--step <amount>', 'least step of an amount', parsePositive, 0.00001)
    .option('--wallet <amount>', 'quote currency the paper account has', parsePositive, 10_000)
    .addHelpText('after', ABOUT)
    .action(exchange);
}

async function exchange(path: string, flags: ExchangeFlags): Promise<void> {
  const { candles } = await readCandles(path);
  const [base, quote] = flags.pair;
  const startsAt = flags.from ?? candles.time[candles.length >> 1];
  const isRecorded = startsAt >= candles.time[0] && startsAt <= candles.time[candles.length - 1];
  if (!isRecorded) {
    const span = [candles.time[0], candles.time[candles.length - 1]].map(isoTime).join(' to ');
    throw new CliError('BAD_OPTION', `${path} holds ${span}`, 'choose --from within it');
  }
  const market: MarketDefinition = {
    base,
    quote,
    tickSize: flags.tick,
    stepSize: flags.step,
    minimumNotional: LEAST_NOTIONAL,
    candles,
    intervalMs: flags.interval,
  };
  const apiKey = { key: randomText(), secret: randomText() };
  const running = await startExchange(
    {
      markets: [market],
      wallClock: () => Date.now(),
      startsAt,
      speed: flags.speed,
      balances: { [base]: 0, [quote]: flags.wallet },
      apiKey,
    },
    flags.port,
  );
  // A line that a program can read: where it is, and the key of its paper account.
  process.stdout.write(`${JSON.stringify({ url: running.url, ...apiKey })}\n`);
  warn(`exchange at ${running.url}/api/v3, at ${isoTime(startsAt)} of ${path}`);
  await interrupted();
  await running.stop();
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function randomText(): string {
  return randomBytes(24).toString('base64url');
}

function parsePair(text: string): readonly [string, string] {
  const match = /^([A-Z0-9]{1,20})\/([A-Z0-9]{1,20})$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new InvalidArgumentError('It must be such as BTC/USDT.');
  }
  return [match[1], match[2]];
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}

function parsePositive(text: string): number {
  const value = /^\d{1,12}(?:\.\d{1,12})?$/.test(text) ? Number(text) : NaN;
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
