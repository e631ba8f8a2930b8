import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import type { ServiceOptions } from '@sema/service';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError, errorCode } from '../cli-error.ts';
import { dataDirectory } from '../data-directory.ts';
import { output, warn, type OutputOptions } from '../output.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

interface ServeFlags extends OutputOptions {
  readonly data?: string;
  readonly port: number;
  readonly host: string;
  readonly auth: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly behindProxy?: true;
  readonly everyCommitToDisk?: true;
  readonly logLevel: (typeof LEVELS)[number];
}

const ABOUT = `
The dashboard is at the address it prints, the API below /v1, its description at /openapi.json and
metrics at /metrics. On the first start of a data folder a token with all rights is printed, and
never again. It listens on this machine alone unless told otherwise, and nowhere else without
tokens and TLS. Ctrl-C finishes what was acknowledged.

Examples:
  $ sema serve
  $ sema serve --data /var/lib/sema --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem

Exit codes: 0 interrupted · 2 wrong usage · 3 it cannot start, with what to do`;

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve decisions, markets and the dashboard over HTTP and WebSocket')
    .option('--data <dir>', 'folder of the service (default: .sema/service)')
    .option('--port <number>', 'port; 0 for any that is free', parsePort, 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--no-auth', 'ask for no token; on this machine only')
    .option('--tls-cert <file>', 'certificate in PEM')
    .option('--tls-key <file>', 'its private key in PEM')
    .option('--behind-proxy', 'a proxy on the way here speaks TLS')
    .option('--every-commit-to-disk', 'survive a power cut too; slower')
    .addOption(new Option('--log-level <level>', 'what is logged').choices(LEVELS).default('info'))
    .option('--json', 'print address and token as one JSON document')
    .option('--quiet', 'print nothing but errors and the log')
    .addHelpText('after', ABOUT)
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const options = serviceOptions(flags);
  const { startService, StartError } = await serviceModule();
  let service;
  try {
    service = await startService(options);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new CliError('SERVICE_NOT_STARTED', `${error.code}: ${error.message}`, error.next, {
      cause: error,
    });
  }
  const out = output(flags);
  out.say(`Sema at ${service.url}`);
  if (service.firstToken !== undefined) {
    out.say(`token, shown this once: ${service.firstToken}`);
  }
  out.json({ url: service.url, token: service.firstToken ?? null });
  await interrupted();
  warn('stopping; what was acknowledged is being finished');
  await service.stop();
}

function serviceOptions(flags: ServeFlags): ServiceOptions {
  const { tlsCert, tlsKey } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const what = '--tls-cert and --tls-key belong together';
    throw new CliError('BAD_OPTION', what, 'give both, or neither');
  }
  return {
    dataDirectory: resolve(flags.data ?? join(dataDirectory(), 'service')),
    dashboardDirectory: dashboard(),
    authentication: flags.auth ? 'tokens' : 'none',
    behindProxy: flags.behindProxy === true,
    everyCommitToDisk: flags.everyCommitToDisk === true,
    host: flags.host,
    port: flags.port,
    logLevel: flags.logLevel,
    ...(tlsCert !== undefined &&
      tlsKey !== undefined && { tls: { certificateFile: tlsCert, keyFile: tlsKey } }),
  };
}

/** Loaded here and not before: no other command needs a database or a server. */
async function serviceModule() {
  try {
    return await import('@sema/service');
  } catch (error) {
    throw errorCode(error) === 'ERR_MODULE_NOT_FOUND' ? notThere(error) : error;
  }
}

/** The page's files lie beside the code of the service. */
function dashboard(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@sema/service/package.json');
    return join(dirname(manifest), 'dashboard', 'dist');
  } catch (error) {
    throw notThere(error);
  }
}

function notThere(cause: unknown): CliError {
  return new CliError(
    'NOT_A_CHECKOUT',
    'the service comes with the source, and this is the installed package',
    'clone the repository and run sema serve there',
    { cause },
  );
}

function interrupted(): Promise<void> {
  return new Promise((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}
