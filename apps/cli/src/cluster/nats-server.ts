import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';

const START_MS = 30_000;
/** Where distributions put it, for a PATH without the folders of the system's own programs. */
const USUAL_PLACES = ['/usr/sbin', '/usr/local/bin', '/usr/bin'];

/** Where `nats-server` is installed, if it is. */
export function findNatsServer(): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter), ...USUAL_PLACES];
  return folders.map((folder) => join(folder, 'nats-server')).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A broker of our own on this machine alone, which goes with the command that started it. */
export class NatsServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /**
   * @param folder - where it keeps its streams.
   * @throws {CliError} `BROKER_NOT_STARTED`
   */
  static async start(program: string, folder: string): Promise<NatsServer> {
    mkdirSync(folder, { recursive: true });
    const port = await freePort();
    const options = ['--jetstream', '--store_dir', folder, '--addr', '127.0.0.1'];
    const child = spawn(program, [...options, '--port', String(port)], {
      stdio: 'ignore',
      // So that Ctrl-C reaches us alone, and nodes can hand over before their broker goes.
      detached: true,
    });
    const failed = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code) => resolve(`it ended with code ${String(code)}`));
    });
    const reason = await Promise.race([failed, answers(port)]);
    if (reason === undefined) return new NatsServer(child, `nats://127.0.0.1:${String(port)}`);
    child.kill('SIGKILL');
    throw new CliError(
      'BROKER_NOT_STARTED',
      `${program} does not take connections: ${reason}`,
      'start a nats-server with JetStream yourself and name it with --nats-url',
    );
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** Resolves with nothing once somebody listens there, or with why nobody does. */
async function answers(port: number): Promise<string | undefined> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isUp) return undefined;
    await wait(50);
  }
  return `not within ${String(START_MS / 1000)} s`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  // It listened on a port, so it has one.
  return (address as { port: number }).port;
}
