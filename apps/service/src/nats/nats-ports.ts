import type { OpenPorts } from '@sema/qar/ports';
import { NatsBlobs } from './nats-blobs.ts';
import { NatsBus } from './nats-bus.ts';
import { NatsJournal } from './nats-journal.ts';
import { NatsLeases } from './nats-leases.ts';
import { NatsLink } from './nats-link.ts';
import { NatsQueue } from './nats-queue.ts';
import { NATS_DEFAULTS } from './nats-settings.ts';
import type { NatsSettings } from './nats-settings.ts';
import { ensureStreams } from './nats-streams.ts';

/**
 * The ports over NATS JetStream. Streams that are not there are made. While the broker is away,
 * what is asked rejects as `UNAVAILABLE` after `requestTimeoutMs`, and the connection is sought
 * again for as long as the ports are open.
 *
 * @throws {PortError} `UNAVAILABLE`; `CONFLICT` when a stream is there that keeps in other ways;
 *   `FULL` when the broker has no room for the streams.
 */
export async function natsPorts(
  settings: Partial<NatsSettings> & Pick<NatsSettings, 'servers'>,
): Promise<OpenPorts> {
  const link = await NatsLink.open({ ...NATS_DEFAULTS, ...settings });
  try {
    const { leaseMs } = await ensureStreams(link);
    return {
      bus: new NatsBus(link),
      journal: new NatsJournal(link),
      queue: new NatsQueue(link),
      leases: new NatsLeases(link, leaseMs),
      blobs: new NatsBlobs(link),
      close: () => link.close(),
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}
