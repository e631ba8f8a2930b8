import type { OpenPorts } from '@sema/qar/ports';
import { natsPorts } from '../nats/nats-ports.ts';
import { natsSettings } from '../nats/nats-settings.ts';
import type { Environment } from '../nats/nats-settings.ts';
import { localPorts } from './local-ports.ts';

/**
 * The ports that the environment asks for: over NATS where `SEMA_NATS_URL` is set, in this process
 * where it is not.
 *
 * @throws {StartError} `BROKER_NOT_USABLE`
 * @throws {PortError} as `natsPorts`
 */
export async function openPorts(environment: Environment): Promise<OpenPorts> {
  const settings = natsSettings(environment);
  return settings === undefined ? localPorts() : natsPorts(settings);
}
