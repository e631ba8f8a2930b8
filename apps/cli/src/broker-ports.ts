import { env } from 'node:process';
import type { OpenPorts } from '@sema/qar/ports';
import { CliError, errorCode } from './cli-error.ts';

/**
 * The ports of the broker that SEMA_NATS_URL names.
 *
 * @throws {CliError} `NO_BROKER`, `NOT_A_CHECKOUT`
 */
export async function brokerPorts(): Promise<OpenPorts> {
  const { SEMA_NATS_URL: url } = env;
  if (url === undefined || url === '') {
    const next = 'set SEMA_NATS_URL to a NATS server with JetStream, as nats://host:4222';
    throw new CliError('NO_BROKER', 'there is no broker to work through', next);
  }
  const { openPorts } = await brokerModule();
  try {
    return await openPorts(env);
  } catch (error) {
    if (!(error instanceof Error) || !['StartError', 'PortError'].includes(error.name)) throw error;
    const next =
      'next' in error && typeof error.next === 'string'
        ? error.next
        : 'start the server, or correct SEMA_NATS_URL';
    throw new CliError('NO_BROKER', error.message, next, { cause: error });
  }
}

/** Loaded here and not before: it comes with the service, and only some commands need it. */
export async function brokerModule() {
  try {
    return await import('@sema/service/broker');
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliError(
      'NOT_A_CHECKOUT',
      'what speaks to a broker comes with the source, and this is the installed package',
      'clone the repository and run it there, or unset SEMA_NATS_URL',
      { cause: error },
    );
  }
}

/**
 * The code of a `PortError`, told by its name: the service is built with a copy of the class.
 */
export function portErrorCode(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'PortError' ? errorCode(error) : undefined;
}
