import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process, { env } from 'node:process';
import { inferIntervalMs } from '@sema/qar';
import type { ClusterMarket, LiveFeedStatus } from '@sema/service/cluster';
import { Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import {
  brokerEnvironment,
  clusterModule,
  reported,
  type ClusterModule,
} from '../cluster/cluster-module.ts';
import { feedFile } from '../cluster/file-feed.ts';
import { dataDirectory } from '../data-directory.ts';
import { count, NONE } from '../figures.ts';
import { Interruption } from '../interruption.ts';
import { output, warn } from '../output.ts';
import { progressBar } from '../progress.ts';
import { readCandles, type CandleFile } from '../read-candles.ts';
import { alignTable } from '../table.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

interface FeedFlags {
  readonly markets: string;
  readonly market: readonly string[];
  readonly live?: true;
  readonly exchanges?: string;
  readonly natsUrl?: string;
  readonly logLevel: (typeof LEVELS)[number];
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
With a file: its candles, oldest first, go to the market that --market names as <venue>.<pair>.
Those up to the last one that is there are left out, so the same command goes on where it stopped.
While the broker does not answer it waits; it also waits before it has put more there than nodes can
decide before the oldest would be dropped.

With --live: all markets of the file, or those that --market names, from the exchanges that their
venues are called after in ccxt: first what is missing, or the window that a first decision needs,
then each candle as it closes. Exchanges with an address, options or keys of their own are in a
JSON file, by the venue's name: {"binance": {"ccxt": "binance", "options": {}}}. What the exchange
or the broker keep from it is fetched again. Several may run at once, so that one can fail: a
candle is kept once.

Examples:
  $ sema cluster feed candles.csv --markets markets.json --market binance.BTC/USDT
  $ sema cluster feed --live --markets markets.json

Exit codes: 0 all is there, or --live was stopped · 2 wrong usage · 3 it cannot be, with what to do
  · 5 interrupted with candles of the file left`;

export function feedCommand(): Command {
  return new Command('feed')
    .description('put candles into a running cluster: those of a file, or live ones')
    .argument('[file]', 'candles, as sema backtest reads them')
    .requiredOption('--markets <file>', 'the markets of the cluster, JSON')
    .option('--market <name>', 'market, as binance.BTC/USDT; several with --live', another, [])
    .option('--live', 'from the exchanges, until it is stopped')
    .option('--exchanges <file>', 'settings of exchanges (default: .sema/service/exchanges.json)')
    .option('--nats-url <url>', 'NATS servers, separated by commas')
    .addOption(new Option('--log-level <level>', 'what is logged').choices(LEVELS).default('warn'))
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors and the log')
    .addHelpText('after', ABOUT)
    .action(feed);
}

async function feed(path: string | undefined, flags: FeedFlags): Promise<void> {
  if ((path === undefined) !== (flags.live === true)) {
    const what = 'candles come from one file, or from exchanges with --live';
    throw new CliError('BAD_OPTION', what, 'give a file or --live');
  }
  const cluster = await clusterModule();
  const all = await reported(cluster, () => Promise.resolve(cluster.readMarkets(flags.markets)));
  const markets = chosen(all, cluster, flags);
  if (path === undefined) return feedLive(markets, cluster, flags);
  if (markets.length === 1) return feedFrom(path, markets[0], cluster, flags);
  const what = `${flags.markets} names ${count(markets.length)} markets, and the file is of one`;
  throw new CliError('BAD_OPTION', what, 'choose one with --market, as binance.BTC/USDT');
}

function chosen(
  markets: readonly ClusterMarket[],
  { marketNames }: ClusterModule,
  { market: wanted, markets: path }: FeedFlags,
): ClusterMarket[] {
  const known = new Map(markets.map((each) => [marketNames(each.venue, each.pair).market, each]));
  if (wanted.length === 0) return [...known.values()];
  return [...new Set(wanted)].map((name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const next = 'name one that is there, as <venue>.<pair>';
    throw new CliError('BAD_OPTION', `${path} has no market ${name}`, next);
  });
}

async function feedFrom(
  path: string,
  market: ClusterMarket,
  cluster: ClusterModule,
  flags: FeedFlags,
): Promise<void> {
  const file = await readCandles(path, { pair: market.pair });
  checkInterval(file, market);
  const environment = brokerEnvironment(env, flags.natsUrl);
  const out = output(flags);
  using stop = new Interruption('run the same command again; it goes on after the last candle');
  using bar = progressBar(flags.quiet === true);
  const { candles } = file;
  await reported(cluster, async () => {
    const ports = await cluster.openPorts(environment);
    try {
      const sink = await cluster.ClusterSink.open(ports, market, cluster.systemClock());
      const fed = await feedFile(sink, candles, cluster, {
        breathe: () => stop.breathe(),
        onWait: (why) => warn(`waiting: ${why}`),
        onProgress: (done) => bar.show(done, candles.length),
      });
      const last = sink.lastTime;
      const until = last === undefined ? '' : `, the last of ${new Date(last).toISOString()}`;
      const others = [`${count(fed.leftOut)} left out`];
      if (fed.refused > 0) others.push(`${count(fed.refused)} refused`);
      const { market: name } = sink.names;
      out.say(`${name}: ${count(fed.published)} candles put there, ${others.join(', ')}${until}`);
      out.json({ market: name, candles: candles.length, ...fed, last: last ?? null });
    } finally {
      await ports.close();
    }
  });
}

/** A file of hours is none of a market of minutes. */
function checkInterval(
  { path, candles }: CandleFile,
  { pair, configuration }: ClusterMarket,
): void {
  if (candles.length < 2) return;
  const found = inferIntervalMs(candles);
  const { intervalMs } = configuration;
  if (found === intervalMs) return;
  throw new CliError(
    'OTHER_DATA',
    `${path} has candles of ${String(found)} ms, ${pair} of ${String(intervalMs)}`,
    'give a file of the market, or make candles of its interval with sema candles',
  );
}

async function feedLive(
  markets: readonly ClusterMarket[],
  cluster: ClusterModule,
  flags: FeedFlags,
): Promise<void> {
  const environment = brokerEnvironment(env, flags.natsUrl);
  const out = output(flags);
  const stopped = new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
  await reported(cluster, async () => {
    const exchanges = exchangesOf(flags, cluster);
    const ports = await cluster.openPorts(environment);
    try {
      const { logLevel } = flags;
      const live = await cluster.startLiveFeed({ markets, exchanges, ports, logLevel });
      out.say(`feeding ${count(markets.length)} markets until it is stopped`);
      await stopped;
      await live.stop();
      for (const line of liveTable(live.status)) out.say(line);
      out.json({ markets: live.status });
    } finally {
      await ports.close();
    }
  });
}

function exchangesOf({ exchanges: path }: FeedFlags, { readExchangeFile }: ClusterModule) {
  const file = path ?? join(dataDirectory(), 'service', 'exchanges.json');
  return path === undefined && !existsSync(file) ? {} : readExchangeFile(file);
}

function liveTable(statuses: readonly LiveFeedStatus[]): string[] {
  const rows = statuses.map(({ market, taken, refused, lastTime, lastFailure }) => [
    market,
    count(taken),
    count(refused),
    lastTime === null ? NONE : new Date(lastTime).toISOString(),
    lastFailure ?? 'well',
  ]);
  return alignTable([['market', 'put there', 'refused', 'last candle', 'state'], ...rows]);
}

function another(name: string, before: readonly string[]): string[] {
  return [...before, name];
}
