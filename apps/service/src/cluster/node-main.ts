import process from 'node:process';
import { parseArgs } from 'node:util';
import { openPorts } from '../ports/open-ports.ts';
import { logLevelOf, runProgram } from '../program.ts';
import { readJournalKey } from '../security/key-files.ts';
import { readMarkets } from './market-file.ts';
import { startNode } from './start-node.ts';

const USAGE = `sema-node --name NAME --markets FILE --key FILE
  [--host 127.0.0.1] [--port 8789] [--most-nodes 16] [--snapshot-every 256] [--log-level info]
`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    name: text,
    markets: text,
    key: text,
    host: text,
    port: text,
    'most-nodes': text,
    'snapshot-every': text,
    'log-level': text,
  },
});

async function main(): Promise<void> {
  const { name, markets, key, host, 'log-level': level } = values;
  if (name === undefined || markets === undefined || key === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const logLevel = logLevelOf(level ?? 'info');
  using signingKey = readJournalKey(key);
  const node = await startNode({
    name,
    markets: readMarkets(markets),
    key: signingKey,
    ports: await openPorts(process.env),
    port: Number(values.port ?? 8789),
    ...(host !== undefined && { host }),
    ...(values['most-nodes'] !== undefined && { mostNodes: Number(values['most-nodes']) }),
    ...(values['snapshot-every'] !== undefined && {
      snapshotEvery: Number(values['snapshot-every']),
    }),
    logLevel,
  });
  process.stdout.write(`${JSON.stringify({ node: name, url: node.url })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await node.stop();
}

await runProgram(main);
