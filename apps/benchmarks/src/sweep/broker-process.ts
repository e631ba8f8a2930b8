import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import process from 'node:process';

/** The server's program; undefined where none is installed. */
export function brokerProgram(): string | undefined {
  const { SEMA_NATS_SERVER: given } = process.env;
  const programs = [given, 'nats-server', '/usr/sbin/nats-server'];
  return programs.find(
    (program) =>
      program !== undefined && program !== '' && spawnSync(program, ['--version']).status === 0,
  );
}

/** A broker with JetStream on a free port of this machine. */
export async function startedBroker(program: string, store: string) {
  const options = ['--jetstream', '--store_dir', store, '--addr', '127.0.0.1', '--port', '-1'];
  const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`${program} did not start`));
    });
    let port = '';
    createInterface({ input: child.stderr }).on('line', (line) => {
      port = /Listening for client connections on .*:(\d+)$/.exec(line)?.[1] ?? port;
      if (line.includes('Server is ready')) resolve(`nats://127.0.0.1:${port}`);
    });
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
