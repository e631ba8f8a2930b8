import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault = 'none' | 'slow' | 'rubbish';
/** What becomes of a closed trade that is told: it does not arrive, or its answer does not. */
export type OutcomeFault = 'none' | 'lost' | 'unanswered';

/** Longer than the strategy waits for any answer on a frame of a live bot. */
const DELAY_MS = 10_000;
const RUBBISH = [
  '<html>Bad gateway</html>',
  '{"model":',
  '[]',
  '{"trading":"YES","columns":7}',
  '',
];

/** Stands between freqtrade and a service, and spoils its answers as it is told. */
export class FaultyGateway implements AsyncDisposable {
  fault: Fault = 'none';
  outcomeFault: OutcomeFault = 'none';
  /** Closed trades whose telling was answered, and those whose was not. */
  readonly outcomes = { answered: 0, dropped: 0 };
  /** Frames that were answered as the service answered them. */
  answered = 0;
  /** Frames that were spoiled, or that the service did not answer. */
  spoiled = 0;
  readonly #target: string;
  readonly #server: Server;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(target: string): Promise<FaultyGateway> {
    const gateway = new FaultyGateway(target);
    await new Promise<void>((listening) => {
      gateway.#server.listen(0, '127.0.0.1', listening);
    });
    return gateway;
  }

  get url(): string {
    // A server on TCP has such an address.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isFrame = request.url === '/v1/signals';
    const { fault } = this;
    try {
      const body = await bodyOf(request);
      if (request.url === '/v1/outcomes') return await this.#outcome(request, body, response);
      if (fault === 'slow') await new Promise((wake) => setTimeout(wake, DELAY_MS));
      if (fault === 'rubbish') {
        response.end(RUBBISH[this.spoiled % RUBBISH.length]);
      } else {
        await this.#forward(request, body, response);
      }
    } catch (error) {
      if (isFrame) this.spoiled++;
      throw error;
    }
    if (isFrame && fault === 'none') this.answered++;
    else if (isFrame) this.spoiled++;
  }

  async #outcome(request: IncomingMessage, body: Uint8Array<ArrayBuffer>, to: ServerResponse) {
    const { outcomeFault } = this;
    if (outcomeFault === 'none') {
      await this.#forward(request, body, to);
      this.outcomes.answered++;
      return;
    }
    if (outcomeFault === 'unanswered') await (await this.#asked(request, body)).arrayBuffer();
    this.outcomes.dropped++;
    to.destroy();
  }

  async #forward(request: IncomingMessage, body: Uint8Array<ArrayBuffer>, to: ServerResponse) {
    const answer = await this.#asked(request, body);
    to.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }

  #asked(request: IncomingMessage, body: Uint8Array<ArrayBuffer>): Promise<Response> {
    const { method = 'GET', url = '/', headers } = request;
    return fetch(`${this.#target}${url}`, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': 'application/json',
      },
      ...(method !== 'GET' && { body }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const blocks: Uint8Array[] = [];
  // A request is a stream of bytes.
  for await (const block of request) blocks.push(block as Uint8Array);
  return Uint8Array.from(Buffer.concat(blocks));
}
