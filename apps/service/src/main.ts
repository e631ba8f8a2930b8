import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { logLevelOf, runProgram } from './program.ts';
import { startService } from './service.ts';

const USAGE = `sema-service --data DIR [--port 8787] [--host 127.0.0.1]
  [--no-auth] [--tls-cert FILE --tls-key FILE] [--behind-proxy] [--every-commit-to-disk]
  [--dashboard DIR] [--log-level info]
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    'no-auth': { type: 'boolean' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'behind-proxy': { type: 'boolean' },
    'every-commit-to-disk': { type: 'boolean' },
    dashboard: { type: 'string' },
    'log-level': { type: 'string' },
    help: { type: 'boolean' },
  },
});

/** Built beside the service, if it is. */
function builtDashboard(): string {
  const app = dirname(dirname(fileURLToPath(import.meta.url)));
  return join(app, 'dashboard', 'dist');
}

async function main(): Promise<void> {
  const { data, host, port, 'tls-cert': certificateFile, 'tls-key': keyFile } = values;
  if (data === undefined || values.help === true) {
    process.stderr.write(USAGE);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const dashboardDirectory = values.dashboard ?? builtDashboard();
  const service = await startService({
    dataDirectory: data,
    dashboardDirectory,
    authentication: values['no-auth'] === true ? 'none' : 'tokens',
    behindProxy: values['behind-proxy'] === true,
    everyCommitToDisk: values['every-commit-to-disk'] === true,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
    ...(certificateFile !== undefined &&
      keyFile !== undefined && { tls: { certificateFile, keyFile } }),
    ...(values['log-level'] !== undefined && { logLevel: logLevelOf(values['log-level']) }),
  });
  if (!existsSync(join(dashboardDirectory, 'index.html'))) {
    process.stderr.write(`no dashboard at ${dashboardDirectory}; the API works without it\n`);
  }
  process.stdout.write(`${JSON.stringify({ url: service.url, token: service.firstToken })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void service.stop().then(() => process.exit(0));
    });
  }
}

await runProgram(main);
