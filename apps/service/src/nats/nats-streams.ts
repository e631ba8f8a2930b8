import { PortError } from '@sema/qar/ports';
import { DiscardPolicy, nanos, NatsError, RetentionPolicy, StorageType } from 'nats';
import type { StreamConfig } from 'nats';
import { HEADER_BYTES } from './nats-link.ts';
import type { NatsLink } from './nats-link.ts';
import type { NatsSettings } from './nats-settings.ts';

const STREAM_NOT_FOUND = 10059;
const NAME_IN_USE = 10058;
/** Of a lease: who holds it. */
const LEASE_BYTES = 1024;

/** The parts of a stream's settings that its port relies on. */
type Config = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'retention' | 'discard'>;

/** Streams and the subjects before an encoded name; buckets are laid out as NATS' own tools do. */
export function streamNames(prefix: string) {
  return {
    bus: { stream: `${prefix}-bus`, subject: `${prefix}.bus.` },
    journal: { stream: `${prefix}-journal`, subject: `${prefix}.journal.` },
    queue: { stream: `${prefix}-queue`, subject: `${prefix}.queue.` },
    leases: { stream: `KV_${prefix}-leases`, subject: `$KV.${prefix}-leases.` },
    blobs: { stream: `OBJ_${prefix}-blobs`, bucket: `${prefix}-blobs` },
  };
}

/**
 * Makes the streams that are not there. One that is there keeps its limits and replicas, which are
 * then its keeper's to change, but must keep and drop as its port promises.
 *
 * @returns how long the leases of this broker last, ms
 * @throws {PortError} `CONFLICT` for a stream of other ways, `UNAVAILABLE`, `FULL`
 */
export async function ensureStreams(link: NatsLink): Promise<{ leaseMs: number }> {
  checkPayload(link);
  const { bus, journal, queue, leases, blobs } = streamConfigs(link.settings);
  for (const config of [bus, journal, queue, blobs]) await ensureStream(link, config);
  const { max_age: leaseNs } = await ensureStream(link, leases);
  if (leaseNs === 0) {
    throw new PortError('CONFLICT', `stream ${leases.name} is there, but its leases never end`);
  }
  return { leaseMs: leaseNs / 1e6 };
}

function streamConfigs(settings: NatsSettings): Record<string, Config> & {
  readonly [Name in 'bus' | 'journal' | 'queue' | 'leases' | 'blobs']: Config;
} {
  const { prefix, replicas, limits, leaseMs, rememberIdsMs } = settings;
  const { bus, journal, queue, leases, blobs } = streamNames(prefix);
  const kept = {
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_bytes: limits.totalBytes,
  };
  const records = { ...kept, max_msg_size: limits.recordBytes + HEADER_BYTES };
  const remembered = { duplicate_window: nanos(rememberIdsMs) };
  return {
    bus: {
      ...records,
      ...remembered,
      name: bus.stream,
      subjects: [`${bus.subject}>`],
      max_msgs_per_subject: limits.messagesPerSubject,
    },
    journal: {
      ...records,
      name: journal.stream,
      subjects: [`${journal.subject}>`],
      max_msgs: limits.journalRecords,
      // History is not taken back, also not by who holds the broker's password.
      deny_delete: true,
      deny_purge: true,
    },
    queue: {
      ...records,
      ...remembered,
      name: queue.stream,
      subjects: [`${queue.subject}>`],
      max_msgs: limits.tasks,
      retention: RetentionPolicy.Workqueue,
    },
    leases: {
      ...kept,
      name: leases.stream,
      subjects: [`${leases.subject}>`],
      // Those before the newest show whether somebody else came between two renewals.
      max_msgs_per_subject: 8,
      max_msg_size: LEASE_BYTES,
      max_bytes: 8 * limits.names * LEASE_BYTES,
      max_age: nanos(leaseMs),
      duplicate_window: nanos(leaseMs),
    },
    blobs: {
      ...kept,
      name: blobs.stream,
      subjects: [`$O.${blobs.bucket}.C.>`, `$O.${blobs.bucket}.M.>`],
      allow_rollup_hdrs: true,
    },
  };
}

async function ensureStream(link: NatsLink, wanted: Config): Promise<StreamConfig> {
  const { streams } = link.manager;
  const ask = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
    link.read(`JetStream and its stream ${wanted.name}`, work, link.settings.startTimeoutMs);
  const find = () => ask(() => streams.info(wanted.name));
  const make = () => ask(() => streams.add(wanted));
  const { config } = await find().catch((error: unknown) => {
    if (errorNumber(error) !== STREAM_NOT_FOUND) throw error;
    return make().catch((refusal: unknown) => {
      // Another node made it meanwhile.
      if (errorNumber(refusal) !== NAME_IN_USE) throw refusal;
      return find();
    });
  });
  for (const key of ['retention', 'discard'] as const) {
    if (config[key] !== wanted[key]) {
      throw new PortError(
        'CONFLICT',
        `stream ${wanted.name} is there with ${key} ${config[key]}, not ${String(wanted[key])}`,
      );
    }
  }
  return config;
}

function errorNumber(error: unknown): number | undefined {
  const cause = error instanceof PortError ? error.cause : undefined;
  return cause instanceof NatsError ? cause.api_error?.err_code : undefined;
}

function checkPayload({ connection, settings }: NatsLink): void {
  const needed = settings.limits.recordBytes + HEADER_BYTES;
  const taken = connection.info?.max_payload ?? 0;
  if (taken < needed) {
    throw new PortError(
      'TOO_LARGE',
      `records of ${settings.limits.recordBytes} bytes need a max_payload of ${needed} on the ` +
        `broker, which takes ${taken}`,
    );
  }
}
