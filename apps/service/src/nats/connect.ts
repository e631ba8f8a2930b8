import type { Socket } from 'node:net';
import type { ConnectionOptions, NatsConnection } from 'nats';
import { NatsConnectionImpl, setTransportFactory } from 'nats/lib/src/nats-base-client.js';
import { nodeResolveHost, NodeTransport } from 'nats/lib/src/node_transport.js';

/** As the client's own `connect`, and a connection that is lost never ends the process. */
export function connect(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new LastingTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect(options);
}

/**
 * When the client lets go of a socket it takes every listener off. What it wrote a moment before,
 * on a socket that the server had ended, may fail only then, and an error that nobody listens to
 * ends a Node process. So somebody stays who listens and does nothing.
 */
export class LastingTransport extends NodeTransport {
  override setupHandlers(): void {
    super.setupHandlers();
    keepListening(this.socket);
  }
}

function keepListening(socket: Socket): void {
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (...events) => {
    removeAll(...events);
    return socket.on('error', () => undefined);
  };
}
