import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { LastingTransport } from '../../src/nats/connect.ts';

const INFO = 'INFO {"server_id":"S","version":"2.9.10","proto":1,"max_payload":1048576}\r\n';

test('what is written on a socket that has ended, and is then let go, fails nobody', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(INFO);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a path.
  const { port } = server.address() as AddressInfo;
  const transport = new LastingTransport();
  await transport.connect({ hostname: '127.0.0.1', port, tlsName: '' }, {});
  const { socket } = transport;
  // As when a server goes: its end is answered, a request is on its way, and the client gives up.
  socket.end();
  transport.send(new TextEncoder().encode('PING\r\n'));
  const closing = transport.close();
  // Whoever listens now is the one that stays; without it the error would be nobody's.
  expect(socket.eventNames()).toEqual(['error']);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
  await closing;
  server.close();
});
