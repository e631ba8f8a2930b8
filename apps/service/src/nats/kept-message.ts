import { PortError } from '@sema/qar/ports';
import { JSONCodec, NatsError } from 'nats';
import type { MsgHdrs, MsgRequest } from 'nats';
import type { NatsLink } from './nats-link.ts';

/** A message as a stream keeps it. */
export interface KeptMessage {
  readonly sequence: number;
  readonly headers: MsgHdrs | undefined;
  readonly bytes: Uint8Array;
}

const NOT_FOUND = 404;
const NO_MESSAGE = 10037;
const SEQUENCE = 'Nats-Sequence';

/** The newest message under a subject, as the stream's leader knows it. */
export function newestMessage(
  link: NatsLink,
  stream: string,
  subject: string,
): Promise<KeptMessage | undefined> {
  return ofLeader(link, stream, { last_by_subj: subject });
}

/** The first message under a subject after a sequence, as the stream's leader knows it. */
export function messageAfter(
  link: NatsLink,
  stream: string,
  subject: string,
  after: number,
): Promise<KeptMessage | undefined> {
  const query = { seq: after + 1, next_by_subj: subject };
  return ofLeader(link, stream, query);
}

/**
 * The first message under a subject after a sequence, as any replica knows it: one that is behind
 * finds nothing yet, and what it finds is kept by most.
 */
export async function replicatedMessageAfter(
  link: NatsLink,
  stream: string,
  subject: string,
  after: number,
): Promise<KeptMessage | undefined> {
  const query = JSONCodec().encode({ seq: after + 1, next_by_subj: subject });
  const { headers, data } = await link.insist(stream, () =>
    link.connection.request(`$JS.API.DIRECT.GET.${stream}`, query, {
      timeout: link.settings.requestTimeoutMs,
    }),
  );
  const code = headers?.code ?? 0;
  if (code === NOT_FOUND) return undefined;
  const sequence = Number(headers?.get(SEQUENCE));
  if (code !== 0 || !(sequence > after)) {
    throw new PortError('UNAVAILABLE', `${stream} answered ${code}: ${headers?.description}`);
  }
  // A view of the client's buffer does not outlive what it reads next.
  return { sequence, headers, bytes: new Uint8Array(data) };
}

/** What `work` answers, or `undefined` when there is no such message. */
export async function ifFound<Found>(
  work: () => Promise<Found | null>,
): Promise<Found | undefined> {
  try {
    return (await work()) ?? undefined;
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE) return undefined;
    throw error;
  }
}

async function ofLeader(
  link: NatsLink,
  stream: string,
  query: MsgRequest,
): Promise<KeptMessage | undefined> {
  const { streams } = link.manager;
  const message = await link.insist(stream, () => ifFound(() => streams.getMessage(stream, query)));
  return message && { sequence: message.seq, headers: message.header, bytes: message.data };
}
