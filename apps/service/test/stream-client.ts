import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { z } from 'zod';
import { StreamOut } from '../src/api/stream.ts';
import type { StreamIn } from '../src/api/stream.ts';

type Sent = z.input<typeof StreamIn>;
type Received = z.output<typeof StreamOut>;

/** A real WebSocket client that keeps what it gets until somebody asks for it. */
export class StreamClient implements Disposable {
  readonly #socket: WebSocket;
  readonly #received: Received[] = [];
  #arrived: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      this.#received.push(StreamOut.parse(JSON.parse(text)));
      this.#arrived?.();
    });
  }

  static async open(url: string, token: string, path: string): Promise<StreamClient> {
    const protocols = ['sema.v1', `sema.bearer.${token}`];
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols);
    const client = new StreamClient(socket);
    await once(socket, 'open');
    return client;
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  send(message: Sent): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** The next message of a type, leaving out what comes before it. */
  async next<Type extends Received['type']>(type: Type): Promise<Received & { type: Type }> {
    for (;;) {
      const message = this.#received.shift();
      // The type was just compared.
      if (message?.type === type) return message as Received & { type: Type };
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
      }
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}
