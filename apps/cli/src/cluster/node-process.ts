import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { NodeStatus } from '@sema/service/cluster';
import { CliError } from '../cli-error.ts';

export interface NodeProcessOptions {
  readonly name: string;
  readonly marketsFile: string;
  readonly keyFile: string;
  readonly natsUrl: string;
}

/** `sema cluster node` in a process of its own. */
export class NodeProcess {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(name: string, child: ChildProcess, url: string) {
    this.name = name;
    this.#process = child;
    this.#url = url;
  }

  /** @throws {CliError} `NODE_NOT_STARTED` */
  static async start(options: NodeProcessOptions): Promise<NodeProcess> {
    const { name, marketsFile, keyFile, natsUrl } = options;
    // As this process was started itself, from its sources or from what was built of them.
    const command = [...process.execArgv, process.argv[1], 'cluster', 'node'];
    const flags = ['--name', name, '--markets', marketsFile, '--key', keyFile, '--port', '0'];
    const child = spawn(process.execPath, [...command, ...flags, '--log-level', 'error'], {
      env: { ...process.env, SEMA_NATS_URL: natsUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(() => undefined);
    const line = await Promise.race([once(lines, 'line'), ended]);
    if (line === undefined) {
      throw new CliError('NODE_NOT_STARTED', `${name} ended at once`, 'read what it said above');
    }
    // It prints one line when it is up: its name, and where its probes are.
    const { url } = JSON.parse(String(line[0])) as { url: string };
    return new NodeProcess(name, child, url);
  }

  /** Undefined while it does not answer. */
  async status(): Promise<NodeStatus | undefined> {
    try {
      const response = await fetch(`${this.#url}/status`, { signal: AbortSignal.timeout(5000) });
      // What our own node answers.
      return (await response.json()) as NodeStatus;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
