import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('../../', import.meta.url));

/** What a node runs, built: it starts ten times as fast as its sources do. */
export interface BuiltNode extends Disposable {
  readonly main: string;
}

export function buildNode(): BuiltNode {
  // Not where users build, which others may be doing; but where dependencies can be found.
  const folder = join('node_modules', '.cache', `sema-node-${String(process.pid)}`);
  const manifest = createRequire(import.meta.url).resolve('tsup/package.json');
  const cli = join(dirname(manifest), 'dist', 'cli-default.js');
  const { status, stderr } = spawnSync(process.execPath, [cli, '--out-dir', folder], {
    cwd: APP,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the node cannot be built: ${stderr}`);
  return {
    main: join(APP, folder, 'node.js'),
    [Symbol.dispose]() {
      rmSync(join(APP, folder), { recursive: true, force: true });
    },
  };
}

export interface NodeProcessOptions {
  /** The program: of a `BuiltNode`. */
  readonly main: string;
  readonly name: string;
  readonly marketsFile: string;
  readonly keyFile: string;
  readonly natsUrl: string;
  /** Begins the names of the streams. */
  readonly world: string;
  readonly replicas: number;
  /** How far the machine's wall clock seems to be ahead, ms. */
  readonly clockAheadMs?: number;
  /** What begins the command, such as that of a network namespace. */
  readonly prefix?: readonly string[];
}

/** A node in a process of its own, to which anything may happen. */
export class NodeProcess {
  readonly #options: NodeProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: NodeProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const { main, name, marketsFile, keyFile, prefix = [] } = this.#options;
    const { natsUrl, world, replicas, clockAheadMs = 0 } = this.#options;
    const flags = ['--name', name, '--markets', marketsFile, '--key', keyFile, '--port', '0'];
    const sooner = ['--snapshot-every', '8', '--log-level', 'fatal'];
    const clock = clockAheadMs === 0 ? [] : ['--import', wallClockAhead(clockAheadMs)];
    const [program, ...args] = [...prefix, process.execPath, ...clock, main, ...flags, ...sooner];
    this.#child = spawn(program, args, {
      env: {
        ...process.env,
        SEMA_NATS_URL: natsUrl,
        SEMA_NATS_PREFIX: world,
        SEMA_NATS_REPLICAS: String(replicas),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  /** Ended by itself, which no fault should make it do. */
  get endedWith(): number | undefined {
    return this.#child?.exitCode ?? undefined;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // One that is paused takes no other signal until it goes on.
    child.kill('SIGCONT');
    await ended;
  }
}

/** A module that moves what the process takes for the time of day. */
function wallClockAhead(ms: number): string {
  const code = `
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { super(...(given.length === 0 ? [Real.now() + ${String(ms)}] : given)); }
      static now() { return Real.now() + ${String(ms)}; }
    };
  `;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
