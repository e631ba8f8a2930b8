import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { findNatsServer } from '../src/cluster/nats-server.ts';

/** The server's program: SEMA_NATS_SERVER or the one on the path; undefined where there is none. */
export const NATS_SERVER = natsServer();

/** What a test that needs the server is called: where it is skipped it says why. */
export function needingNats(name: string): string {
  return NATS_SERVER === undefined ? `${name} (skipped: no nats-server on this machine)` : name;
}

/** A server with JetStream on a free port of this machine; its store goes with it. */
export class NatsServer implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sema-nats-'));
  #port = -1;
  #child: ChildProcess | undefined;

  /** @param configuration - more of it, such as who may do what. */
  static async start(configuration = ''): Promise<NatsServer> {
    const server = new NatsServer();
    await server.launch(configuration);
    return server;
  }

  get url(): string {
    return this.urlOf('');
  }

  /** @param login - such as `user:password@`. */
  urlOf(login: string): string {
    return `nats://${login}127.0.0.1:${String(this.#port)}`;
  }

  /** Starts it again, on the same port and with what it has stored. */
  async launch(configuration = ''): Promise<void> {
    if (NATS_SERVER === undefined) throw new Error('there is no nats-server on this machine');
    const file = join(this.#folder, 'nats.conf');
    const store = join(this.#folder, 'store');
    const listen = `listen: "127.0.0.1:${String(this.#port)}"`;
    writeFileSync(file, `${listen}\njetstream { store_dir: "${store}" }\n${configuration}\n`);
    const child = spawn(NATS_SERVER, ['--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        reject(new Error(`nats-server did not start:\n${said.join('\n')}`));
      });
      createInterface({ input: child.stderr }).on('line', (line) => {
        const port = /Listening for client connections on .*:(\d+)$/.exec(line)?.[1];
        if (port !== undefined) this.#port = Number(port);
        if (line.includes('Server is ready')) resolve();
        else if (said.length < 100) said.push(line);
      });
    });
  }

  /** Takes it away without notice; its store stays. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function natsServer(): string | undefined {
  const given = process.env['SEMA_NATS_SERVER'];
  return given !== undefined && given !== '' ? given : findNatsServer();
}
