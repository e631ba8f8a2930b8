import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a server on which what it answers can be lost, or everything. */
export interface DeafProxy extends Disposable {
  readonly address: string;
  /** What is asked arrives, and no answer comes back. */
  loseAnswers(): void;
  /** Nothing passes, and connections stay open. */
  loseAll(): void;
  /** Cuts the connections that lost something; new ones work. */
  mend(): void;
}

export async function deafProxy(target: string): Promise<DeafProxy> {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  let hears = true;
  let asks = true;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => asks && upstream.write(bytes));
    upstream.on('data', (bytes) => hears && client.write(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a path.
  const { port: own } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${String(own)}`,
    loseAnswers() {
      hears = false;
    },
    loseAll() {
      hears = false;
      asks = false;
    },
    mend() {
      cut();
      hears = true;
      asks = true;
    },
    [Symbol.dispose]() {
      cut();
      server.close();
    },
  };
}
