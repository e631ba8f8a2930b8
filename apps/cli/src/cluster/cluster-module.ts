import type * as Cluster from '@sema/service/cluster';
import { CliError, errorCode } from '../cli-error.ts';

/** What the service offers, loaded by the command that needs it. */
export type ClusterModule = typeof Cluster;

/**
 * Loaded here and not before: no other command needs a broker.
 *
 * @throws {CliError} `NOT_A_CHECKOUT`
 */
export async function clusterModule(): Promise<ClusterModule> {
  try {
    return await import('@sema/service/cluster');
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliError(
      'NOT_A_CHECKOUT',
      'the cluster comes with the source, and this is the installed package',
      'clone the repository and run sema cluster there',
      { cause: error },
    );
  }
}

/** What the cluster refuses, as the command line says it. */
export async function reported<Result>(
  { StartError, ClusterError, PortError }: ClusterModule,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof StartError) {
      const what = `${error.code}: ${error.message}`;
      throw new CliError('SERVICE_NOT_STARTED', what, error.next, { cause: error });
    }
    if (!(error instanceof ClusterError || error instanceof PortError)) throw error;
    const what = `${error.code}: ${error.message}`;
    const next =
      error.code === 'FULL'
        ? 'give JetStream more room, and run it again'
        : 'see that the NATS servers run with JetStream, and that the settings are right';
    throw new CliError('SERVICE_NOT_STARTED', what, next, { cause: error });
  }
}

/** The environment with the servers that a command names, if it does. */
export function brokerEnvironment(
  environment: NodeJS.ProcessEnv,
  natsUrl: string | undefined,
): NodeJS.ProcessEnv {
  const named = natsUrl === undefined ? environment : { ...environment, SEMA_NATS_URL: natsUrl };
  if ((named.SEMA_NATS_URL ?? '') !== '') return named;
  throw new CliError(
    'NO_BROKER',
    'nodes share their markets through NATS, and no server is named',
    'name its servers with --nats-url or SEMA_NATS_URL',
  );
}
