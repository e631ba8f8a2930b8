import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('../../../service', import.meta.url));

/** Builds the service as it is installed, so that what starts is what users start. */
export function buildService(): void {
  const tsup = createRequire(join(APP, 'package.json')).resolve('tsup/package.json');
  const cli = join(dirname(tsup), 'dist', 'cli-default.js');
  const { status, stderr } = spawnSync(process.execPath, [cli], { cwd: APP, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the service cannot be built: ${stderr}`);
}

/** A data directory that goes with the benchmark. */
export function temporaryData() {
  const path = mkdtempSync(join(tmpdir(), 'sema-bench-'));
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The built service in a process of its own, asked over the loopback interface. */
export class ServiceProcess {
  readonly url: string;
  readonly token: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, token: string) {
    this.#child = child;
    this.url = url;
    this.token = token;
  }

  /** @param token - from an earlier start over the same data. */
  static async start(data: string, token = ''): Promise<ServiceProcess> {
    const main = join(APP, 'dist', 'main.js');
    const options = ['--data', data, '--port', '0', '--log-level', 'error'];
    const child = spawn(process.execPath, [main, ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    // It prints where it listens, and on the first start its first token.
    const started = JSON.parse(line) as { url: string; token?: string };
    return new ServiceProcess(child, started.url, started.token ?? token);
  }

  async ask(method: string, path: string, body?: unknown): Promise<string> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text;
  }

  /** Resident memory as the service's own metrics tell it, bytes. */
  async residentBytes(): Promise<number> {
    const metrics = await this.ask('GET', '/metrics');
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]);
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
