import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionOptions, JetStreamManager } from 'nats';
import { connect } from '../../src/nats/connect.ts';

/** The server's program: `SEMA_NATS_SERVER`, or the one on the path; `undefined` where none is. */
export const NATS_SERVER = natsServer();

/** Whether the server's version is at least `major.minor`. */
export function natsIsAtLeast(major: number, minor: number): boolean {
  if (NATS_SERVER === undefined) return false;
  const said = spawnSync(NATS_SERVER, ['--version'], { encoding: 'utf8' }).stdout;
  const [, ours = '0', after = '0'] = /v(\d+)\.(\d+)/.exec(said) ?? [];
  return Number(ours) > major || (Number(ours) === major && Number(after) >= minor);
}

/** What a suite that needs the server is named: it says why it is skipped, where it is. */
export function needingNats(name: string): string {
  return NATS_SERVER === undefined ? `${name} (skipped: no nats-server on this machine)` : name;
}

export interface NatsServersOptions {
  readonly count?: 1 | 3;
  /** More of the servers' configuration, such as who may log in. */
  readonly configuration?: string;
  /** What a client then needs to say. */
  readonly login?: ConnectionOptions;
  /** Folders of JetStream, one for each server; new ones when absent. */
  readonly stores?: readonly string[];
}

/**
 * Servers with JetStream on ports of the loopback interface; they and their stores go at the end.
 */
export interface NatsServers extends AsyncDisposable {
  /** `host:port` of each. */
  readonly addresses: readonly string[];
  /** As `SEMA_NATS_URL` has it. */
  readonly url: string;
  /** Takes the process away without notice; its store stays. */
  kill(index: number): Promise<void>;
  /** Where its JetStream lies. */
  storeOf(index: number): string;
  /** Lets it end in its own way; its store stays. */
  stop(index: number): Promise<void>;
  /** Starts one that was taken away, on its port and with its store. */
  restart(index: number): Promise<void>;
  /** The process does nothing until it is resumed, and its connections stay open. */
  pause(index: number): void;
  resume(index: number): void;
  /** Resolves when a stream can be made on all that run. */
  ready(): Promise<void>;
  /** Resolves when each server has all that there is; all must run. */
  caughtUp(): Promise<void>;
  /** Gives back what the streams of a prefix have reserved, also those of a key-value store. */
  drop(prefix: string): Promise<void>;
}

const START_ATTEMPTS = 5;
/** Far beyond what a start takes: three servers choose a leader within ten seconds. */
const READY_MS = 120_000;

export async function startNats(options: NatsServersOptions = {}): Promise<NatsServers> {
  for (let attempt = 1; ; attempt++) {
    const servers = new RunningServers(options);
    try {
      await servers.start();
      return servers;
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      // Somebody may have taken a port between its being found free and its being used.
      if (attempt >= START_ATTEMPTS) throw error;
    }
  }
}

interface Place {
  readonly configurationFile: string;
  readonly address: string;
  /** What it says of its own health. */
  readonly healthUrl: string;
  child: ChildProcess | undefined;
}

class RunningServers implements NatsServers {
  readonly #options: NatsServersOptions;
  readonly #directory = mkdtempSync(join(tmpdir(), 'sema-nats-'));
  readonly #places: Place[] = [];
  readonly #endAll = (): void => {
    for (const { child } of this.#places) child?.kill('SIGKILL');
  };

  constructor(options: NatsServersOptions) {
    this.#options = options;
    process.once('exit', this.#endAll);
  }

  get addresses(): readonly string[] {
    return this.#places.map(({ address }) => address);
  }

  storeOf(index: number): string {
    return this.#options.stores?.[index] ?? join(this.#directory, `store-${String(index)}`);
  }

  get url(): string {
    return this.addresses.map((address) => `nats://${address}`).join(',');
  }

  async start(): Promise<void> {
    const { count = 1 } = this.#options;
    const ports = await freePorts(3 * count);
    const routes = ports.splice(0, count);
    const monitors = ports.splice(0, count);
    for (const [index, port] of ports.entries()) {
      const configurationFile = join(this.#directory, `${String(index)}.conf`);
      const monitor = `127.0.0.1:${String(monitors[index])}`;
      const configuration = this.#configuration(index, port, routes);
      writeFileSync(configurationFile, `http: "${monitor}"\n${configuration}`);
      const address = `127.0.0.1:${String(port)}`;
      const healthUrl = `http://${monitor}/healthz`;
      this.#places.push({ configurationFile, address, healthUrl, child: undefined });
    }
    await Promise.all(this.#places.map((place) => launch(place)));
    await this.ready();
  }

  async kill(index: number): Promise<void> {
    await end(this.#places[index], 'SIGKILL');
  }

  async stop(index: number): Promise<void> {
    await end(this.#places[index], 'SIGTERM');
  }

  async restart(index: number): Promise<void> {
    await launch(this.#places[index]);
  }

  pause(index: number): void {
    this.#places[index].child?.kill('SIGSTOP');
  }

  resume(index: number): void {
    this.#places[index].child?.kill('SIGCONT');
  }

  async ready(): Promise<void> {
    const replicas = this.#places.filter(({ child }) => child !== undefined).length;
    await eventually(() => makeAndDropStream(this.addresses, replicas, this.#options.login));
  }

  async caughtUp(): Promise<void> {
    await eventually(async () => {
      for (const { healthUrl } of this.#places) await checkHealth(healthUrl);
      await checkReplicas(this.addresses, this.#options.login);
    });
  }

  async drop(prefix: string): Promise<void> {
    await eventually(() => dropStreams(prefix, this.addresses, this.#options.login));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.removeListener('exit', this.#endAll);
    await Promise.all(this.#places.map((place) => end(place, 'SIGKILL')));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #configuration(index: number, port: number, routes: readonly number[]): string {
    const store = this.storeOf(index);
    mkdirSync(store, { recursive: true });
    const others = routes.map((route) => `"nats://127.0.0.1:${String(route)}"`).join(', ');
    const cluster = `cluster {
      name: sema, listen: "127.0.0.1:${String(routes[index])}", routes: [${others}]
    }`;
    return `
      listen: "127.0.0.1:${String(port)}"
      server_name: "server-${String(index)}"
      jetstream { store_dir: "${store}", max_file_store: 50G, max_memory_store: 256M }
      ${routes.length > 1 ? cluster : ''}
      ${this.#options.configuration ?? ''}
    `;
  }
}

function natsServer(): string | undefined {
  const given = process.env['SEMA_NATS_SERVER'];
  if (given !== undefined && given !== '') return given;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
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

/** Starts the server of a place and waits until it takes connections. */
async function launch(place: Place): Promise<void> {
  if (NATS_SERVER === undefined) throw new Error('there is no nats-server on this machine');
  const child = spawn(NATS_SERVER, ['--config', place.configurationFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  place.child = child;
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`nats-server did not start:\n${said.join('\n')}`));
    });
    lines.on('line', (line) => {
      if (line.includes('Server is ready')) resolve();
      // What it says later is read too, so that it is not held up, but not kept.
      else if (said.length < 100) said.push(line);
    });
  });
}

async function end(place: Place, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const { child } = place;
  place.child = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  // One that is paused takes no other signal until it goes on.
  child.kill('SIGCONT');
  await ended;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  // They listen on ports, not on paths.
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}

/** Does something until it succeeds, within {@link READY_MS}. */
async function eventually(work: () => Promise<void>): Promise<void> {
  const until = performance.now() + READY_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await wait(100);
    }
  }
}

async function makeAndDropStream(
  servers: readonly string[],
  replicas: number,
  login?: ConnectionOptions,
): Promise<void> {
  await using client = await managerOf(servers, login);
  const { streams } = client.manager;
  await streams.add({ name: 'ready', subjects: ['ready'], num_replicas: replicas });
  await streams.delete('ready');
}

/** As a server knows it of itself: that it follows a leader, and that its streams are current. */
async function checkHealth(url: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
}

async function checkReplicas(servers: readonly string[], login?: ConnectionOptions): Promise<void> {
  await using client = await managerOf(servers, login);
  for await (const { config, cluster } of client.manager.streams.list()) {
    const { leader = '', replicas = [] } = cluster ?? {};
    const isWhole = leader !== '' && replicas.length === config.num_replicas - 1;
    if (!isWhole || replicas.some(({ current }) => !current)) throw new Error(config.name);
  }
}

async function dropStreams(
  prefix: string,
  servers: readonly string[],
  login?: ConnectionOptions,
): Promise<void> {
  await using client = await managerOf(servers, login);
  const { streams } = client.manager;
  const names: string[] = [];
  for await (const { config } of streams.list()) names.push(config.name);
  for (const name of names.filter((each) => each.includes(`${prefix}-`))) {
    await streams.delete(name);
  }
}

async function managerOf(
  servers: readonly string[],
  login?: ConnectionOptions,
): Promise<AsyncDisposable & { manager: JetStreamManager }> {
  const connection = await connect({ servers: [...servers], timeout: 1000, ...login });
  const close = (): Promise<void> => connection.close();
  try {
    const manager = await connection.jetstreamManager({ timeout: 2000 });
    return { manager, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
