import { env } from 'node:process';
import { Command } from 'commander';
import { brokerEnvironment, clusterModule, reported } from '../cluster/cluster-module.ts';
import { parseIsoDate } from '../option-values.ts';
import { output } from '../output.ts';

interface ChangeFlags {
  readonly markets: string;
  readonly from: number;
  readonly natsUrl?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const ABOUT = `
The file is one of markets, as nodes read it; each market in it is announced the configuration that
the file gives it. The change takes effect at the first candle of time --from or later that is
published after it, whichever node decides then: the journal is sealed there, and another begins
that names its last hash. Money, position and what the risk gate knows go on; experts
learn anew. Announced again before it took effect, the last word counts. Another interval is another
market and is left out.

Nodes go on by their journals, so their own files of markets need no change; give them the new one
all the same, for markets whose journal has not begun.

Examples:
  $ sema cluster change --markets markets.json --from 2027-01-01T00:00Z

Exit codes: 0 announced · 2 wrong usage · 3 it cannot be, with what to do`;

export function changeCommand(): Command {
  return new Command('change')
    .description('give markets another configuration, on all nodes from one candle on')
    .requiredOption('--markets <file>', 'the markets with their new settings, JSON')
    .requiredOption('--from <date>', 'time of the first candle to decide by them', parseIsoDate)
    .option('--nats-url <url>', 'NATS servers, separated by commas')
    .option('--json', 'print one JSON document and nothing else')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', ABOUT)
    .action(change);
}

async function change(flags: ChangeFlags): Promise<void> {
  const out = output(flags);
  const cluster = await clusterModule();
  const environment = brokerEnvironment(env, flags.natsUrl);
  const announced = await reported(cluster, async () => {
    const markets = cluster.readMarkets(flags.markets);
    const ports = await cluster.openPorts(environment);
    try {
      const names: string[] = [];
      for (const { venue, pair, configuration } of markets) {
        const of = cluster.marketNames(venue, pair);
        const model = { configuration, learned: undefined };
        await cluster.announceChange(ports, of, model, flags.from);
        names.push(of.market);
      }
      return names;
    } finally {
      await ports.close();
    }
  });
  const from = new Date(flags.from).toISOString();
  for (const market of announced) out.say(`${market} changes at ${from}`);
  out.json({ from: flags.from, markets: announced });
}
