import { spawnSync } from 'node:child_process';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import process from 'node:process';

function ip(...args: string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

/** Whether this user may make network namespaces, tried once by making one. */
export const NAMESPACES = isPermitted();

function isPermitted(): boolean {
  const name = `sema-try-${String(process.pid)}`;
  const isMade = ip('netns', 'add', name);
  if (isMade) ip('netns', 'delete', name);
  return isMade;
}

/**
 * A network of its own for one process, with one wire to this machine. What listens here on the
 * loopback interface is reached over the wire through relays, so cutting it loses packets and ends
 * no connection, as when a switch fails.
 */
export class NetworkNamespace implements Disposable {
  readonly #name: string;
  readonly #wire: string;
  readonly #host: string;
  readonly #relays: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** @param number - below 250, one for each namespace there is at a time. */
  constructor(number: number) {
    const suffix = `${String(process.pid)}-${String(number)}`;
    this.#name = `sema-${suffix}`;
    // An interface's name has 15 characters at most.
    this.#wire = `s${suffix}`.slice(0, 14);
    const network = `10.231.${String(number)}`;
    this.#host = `${network}.1`;
    const inside = ['netns', 'exec', this.#name, 'ip'];
    const isMade =
      ip('netns', 'add', this.#name) &&
      ip('link', 'add', this.#wire, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#name) &&
      ip('address', 'add', `${this.#host}/30`, 'dev', this.#wire) &&
      ip('link', 'set', this.#wire, 'up') &&
      ip(...inside, 'address', 'add', `${network}.2/30`, 'dev', 'eth0') &&
      ip(...inside, 'link', 'set', 'eth0', 'up') &&
      ip(...inside, 'link', 'set', 'lo', 'up');
    if (isMade) return;
    this[Symbol.dispose]();
    throw new Error('a network namespace cannot be made');
  }

  /** Where what listens at `address` on this machine is reached from inside. */
  async relay(address: string): Promise<string> {
    const [host, port] = address.split(':');
    const server = createServer((near) => {
      const far = connect(Number(port), host);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
        // One end closes the other, whatever ended it.
        socket.on('error', () => undefined);
      }
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    server.listen(0, this.#host);
    await once(server, 'listening');
    this.#relays.push(server);
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the relay has no port');
    return `${this.#host}:${String(bound.port)}`;
  }

  /** What begins a command that is to run inside. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  cut(): void {
    ip('link', 'set', this.#wire, 'down');
  }

  mend(): void {
    ip('link', 'set', this.#wire, 'up');
  }

  [Symbol.dispose](): void {
    for (const relay of this.#relays) relay.close();
    for (const socket of this.#sockets) socket.destroy();
    ip('link', 'delete', this.#wire);
    ip('netns', 'delete', this.#name);
  }
}
