import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { output } from './command.ts';

// The last that runs on Node 20. What it audits with asks for a tag that not every mirror has.
const MANIFEST = {
  private: true,
  dependencies: { verdaccio: '6.8.0' },
  overrides: { 'node-fetch': '2.7.0' },
};

const CONFIGURATION = `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
packages: { '**': { access: $all, publish: $all } }
log: { type: stdout, format: json, level: error }
web: { enable: false }
`;

const PATIENCE_MS = 120_000;

/** A registry of this machine's own, empty at first, which nobody else can reach. */
export interface Registry {
  readonly url: string;
  /** An .npmrc by which npm and pnpm ask it alone, and publish there as anybody. */
  readonly npmrc: string;
  stop(): Promise<void>;
}

/**
 * Starts verdaccio, fetched from the npm registry into the same folder.
 *
 * @param folder - made here; holds everything that is published
 */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, 'config.yaml'), CONFIGURATION);
  const quietly = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await output('npm', ['install', ...quietly], { cwd: folder });
  const host = `127.0.0.1:${await freePort()}`;
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio');
  const server = spawn(process.execPath, [program, '--config', 'config.yaml', '--listen', host], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const gone = once(server, 'close');
  const url = `http://${host}/`;
  const stop = async (): Promise<void> => {
    server.kill();
    await gone;
  };
  for (const deadline = Date.now() + PATIENCE_MS; !(await answers(url)); await wait(100)) {
    if (server.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`verdaccio did not start\n${complaints}`);
  }
  return { url, npmrc: `registry=${url}\n//${host}/:_authToken=anybody\n`, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}-/ping`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
