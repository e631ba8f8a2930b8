import type { Server } from 'node:http';
import { codeOf, StartError } from '../start-error.ts';

/**
 * Has a server listen, and says on which port it does.
 *
 * @throws {StartError} `ADDRESS_NOT_USABLE`
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw new StartError(
      'ADDRESS_NOT_USABLE',
      `${host}:${String(port)} cannot be listened on (${codeOf(error)})`,
      'choose another port with --port, or another address with --host',
      { cause: error },
    );
  }
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}
