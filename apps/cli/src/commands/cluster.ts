import process, { env, stdout } from 'node:process';
import type { NodeStatus } from '@sema/service/cluster';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../cli-error.ts';
import { brokerEnvironment, clusterModule, reported } from '../cluster/cluster-module.ts';
import { ClusterTrial, type TrialMarketResult } from '../cluster/trial.ts';
import { fileMarkets, sp500Markets } from '../cluster/trial-markets.ts';
import { configuredOverrides } from '../configuration-file.ts';
import { defaultKeyFile } from '../data-directory.ts';
import { count, day, NONE } from '../figures.ts';
import { Interruption } from '../interruption.ts';
import { openKeyFile } from '../key-file.ts';
import { output, type Output } from '../output.ts';
import { alignTable } from '../table.ts';
import { changeCommand } from './cluster-change.ts';
import { feedCommand } from './cluster-feed.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

interface UpFlags {
  readonly nodes: number;
  readonly candles: number;
  readonly perSecond?: number;
  readonly natsUrl?: string;
  readonly key?: string;
  readonly config?: string;
  readonly json?: true;
  readonly quiet?: true;
}

interface NodeFlags {
  readonly name: string;
  readonly markets: string;
  readonly key: string;
  readonly natsUrl?: string;
  readonly host: string;
  readonly port: number;
  readonly mostNodes: number;
  readonly partitions: number;
  readonly snapshotEvery: number;
  readonly logLevel: (typeof LEVELS)[number];
}

const ABOUT_UP = `
Each file is a market; without files six spans of the S&P 500 are. Candles, decisions and journals
go through NATS JetStream: the server of --nats-url or SEMA_NATS_URL, or one that is started for the
trial and goes with it. At the end every line of every journal is checked. Kill a node meanwhile,
and the others take over its markets.

Examples:
  $ sema cluster up --nodes 3
  $ sema cluster up btc.csv eth.csv --nodes 2 --per-second 20

Exit codes: 0 every journal holds · 1 one does not · 2 wrong usage · 3 it cannot start ·
  5 interrupted`;

const ABOUT_NODE = `
SEMA_NATS_URL or --nats-url names the servers. All nodes read the same markets and sign with the
same key, so that it does not matter which of them decides. Markets are in a JSON file:
  {"markets": [{"venue": "binance", "pair": "BTC/USDT", "intervalMs": 60000}]}
with "path", "periodsPerYear" and "settings" where others than the defaults are wanted. A market
whose journal has begun goes on with the configuration in it.

/healthz, /readyz, /metrics and /status are at the address it prints. SIGTERM hands all markets
over.

Exit codes: 0 stopped · 2 wrong usage · 3 it cannot start, with what to do`;

export function clusterCommand(): Command {
  return new Command('cluster')
    .description('share markets among several processes, with NATS between them')
    .addCommand(upCommand())
    .addCommand(nodeCommand())
    .addCommand(feedCommand())
    .addCommand(changeCommand());
}

function upCommand(): Command {
  return new Command('up')
    .description('try a cluster on this machine: nodes, recorded candles, and a check at the end')
    .argument('[files...]', 'candle files, a market each (default: the S&P 500)')
    .option('--nodes <count>', 'node processes', wholeIn(1, 16), 3)
    .option('--candles <count>', 'candles of each market', wholeIn(257, 100_000), 600)
    .option('--per-second <count>', 'candles a second and market', wholeIn(1, 1000))
    .option('--nats-url <url>', 'a NATS server that runs already')
    .option('--config <file>', 'settings of the markets, with files')
    .option('--key <file>', 'Ed25519 signing key, made if absent (default: .sema/keys/signing.pem)')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT_UP)
    .action(up);
}

function nodeCommand(): Command {
  return new Command('node')
    .description('run one node of a cluster')
    .requiredOption('--name <name>', 'its name among the nodes')
    .requiredOption('--markets <file>', 'the markets of the cluster, JSON')
    .requiredOption('--key <file>', 'Ed25519 signing key in PEM, the same for all nodes')
    .option('--nats-url <url>', 'NATS servers, separated by commas')
    .option('--host <address>', 'where its probes listen', '127.0.0.1')
    .option('--port <number>', 'their port; 0 for any that is free', wholeIn(0, 65_535), 8789)
    .option('--most-nodes <count>', 'nodes there can be at once', wholeIn(1, 256), 16)
    .option('--partitions <count>', 'parts the markets are shared in', wholeIn(1, 4096), 256)
    .option('--snapshot-every <count>', 'candles between snapshots', wholeIn(1, 1_000_000), 256)
    .addOption(new Option('--log-level <level>', 'what is logged').choices(LEVELS).default('info'))
    .addHelpText('after', ABOUT_NODE)
    .action(node);
}

async function up(files: readonly string[], flags: UpFlags): Promise<void> {
  const out = output(flags);
  const keyFile = flags.key ?? defaultKeyFile();
  openKeyFile(keyFile)[Symbol.dispose]();
  const markets =
    files.length === 0
      ? await sp500Markets(flags.candles)
      : await fileMarkets(files, flags.candles, configuredOverrides(flags.config));
  const cluster = await clusterModule();
  using interruption = new Interruption('start it again for another trial');
  const { nodes, perSecond } = flags;
  const natsUrl = flags.natsUrl ?? (env.SEMA_NATS_URL === '' ? undefined : env.SEMA_NATS_URL);
  const trial = new ClusterTrial({ nodes, markets, keyFile, natsUrl, perSecond }, cluster);
  try {
    await reported(cluster, () => trial.start());
    out.say(`${count(flags.nodes)} nodes, ${count(markets.length)} markets`);
    const show = nodeTables(out);
    let last: NodeStatus[] = [];
    await trial.run(interruption, (statuses) => {
      last = statuses;
      show(statuses);
    });
    const results = await trial.audit();
    showMarkets(results, out);
    out.json({ nodes: last, markets: results });
    if (results.some(({ fault }) => fault !== null)) process.exitCode = EXIT.checkFailed;
  } finally {
    await trial.stop();
  }
}

/** One table after another; on a terminal, one in the place of another. */
function nodeTables(out: Output): (statuses: readonly NodeStatus[]) => void {
  let shown = 0;
  return (statuses) => {
    const lines = nodeTable(statuses);
    const up = stdout.isTTY && shown > 0 ? `\u001B[${String(shown)}A\u001B[J` : '';
    out.say(up + lines.join('\n'));
    if (!stdout.isTTY) out.say();
    shown = lines.length;
  };
}

function nodeTable(statuses: readonly NodeStatus[]): string[] {
  const rows = statuses.map(({ name, markets }) => {
    const times = markets.flatMap(({ lastTime }) => lastTime ?? []);
    return [
      name,
      count(markets.length),
      count(markets.reduce((sum, { decisions }) => sum + decisions, 0)),
      times.length === 0 ? NONE : day(Math.max(...times)),
      markets.map(({ market }) => market.split('.')[1]).join(' '),
    ];
  });
  return alignTable([['node', 'markets', 'decisions', 'last candle', 'owns'], ...rows]);
}

function showMarkets(results: readonly TrialMarketResult[], out: Output): void {
  out.say();
  const rows = results.map(({ market, candles, decisions, fault }) => [
    market,
    count(candles),
    count(decisions),
    fault ?? 'holds',
  ]);
  for (const line of alignTable([['market', 'candles', 'decisions', 'journal'], ...rows])) {
    out.say(line);
  }
}

async function node(flags: NodeFlags): Promise<void> {
  const cluster = await clusterModule();
  const environment = brokerEnvironment(env, flags.natsUrl);
  const running = await reported(cluster, async () => {
    const { name, host, port, mostNodes, partitions, snapshotEvery, logLevel } = flags;
    const markets = cluster.readMarkets(flags.markets);
    const key = cluster.readJournalKey(flags.key);
    const ports = await cluster.openPorts(environment);
    const limits = { mostNodes, partitions, snapshotEvery };
    return cluster.startNode({ name, host, port, logLevel, ...limits, markets, key, ports });
  });
  // A line that a program can read.
  stdout.write(`${JSON.stringify({ node: flags.name, url: running.url })}\n`);
  await new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
  await running.stop();
}

function wholeIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    const range = `${String(least)} to ${String(most)}`;
    throw new InvalidArgumentError(`It must be a whole number from ${range}.`);
  };
}
