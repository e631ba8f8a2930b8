import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Fault {
  /** `POST /api/v3/order` and the like. */
  readonly request: RegExp;
  /**
   * `away`: the connection is cut before anything is sent on. `unanswered`: it is sent on, and cut
   * before the answer. `refused`: answered as Binance refuses an order.
   */
  readonly kind: 'away' | 'unanswered' | 'refused';
}

/** A way to an exchange that fails as it is told to, and counts what was sent on. */
export async function faultyProxy(target: string) {
  const faults: Fault[] = [];
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    const name = `${method} ${url.split('?')[0]}`;
    const { kind } = faults.find((fault) => fault.request.test(name)) ?? {};
    const work = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      // Bodies of a server without an encoding come in buffers.
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (kind === 'away') return void request.socket.destroy();
      if (kind === 'refused') {
        response.writeHead(400, { 'content-type': 'application/json' });
        return void response.end('{"code":-2010,"msg":"Account has insufficient balance"}');
      }
      sent.push(name);
      const answer = await fetch(target + url, {
        method,
        headers: {
          'x-mbx-apikey': String(request.headers['x-mbx-apikey'] ?? ''),
          'content-type': request.headers['content-type'] ?? 'text/plain',
        },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      if (kind === 'unanswered') return void request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(text);
    };
    work().catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a path.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    faults,
    placed: () => sent.filter((name) => name === 'POST /api/v3/order').length,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
