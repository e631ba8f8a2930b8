import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { cpuSeconds } from './cpu-seconds.ts';

/** Where the server is installed; undefined where it is not. */
export function findNatsServer(): string | undefined {
  const given = process.env.SEMA_NATS_SERVER;
  if (given !== undefined && given !== '') return given;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
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

/** A broker with JetStream over the loopback interface. */
export class NatsProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(program: string, store: string): Promise<NatsProcess> {
    const port = await freePort();
    const options = ['--jetstream', '--store_dir', store, '--addr', '127.0.0.1'];
    const child = spawn(program, [...options, '--port', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        reject(new Error('nats-server did not start'));
      });
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (line.includes('Server is ready')) resolve();
      });
    });
    return new NatsProcess(child, `nats://127.0.0.1:${String(port)}`);
  }

  /** Of both user and system; undefined where the machine does not tell. */
  get cpuSeconds(): number | undefined {
    return cpuSeconds(this.#child.pid ?? 0);
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
