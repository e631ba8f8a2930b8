import { NatsError } from 'nats';
import type { MsgHdrs, MsgRequest } from 'nats';
import type { NatsLink } from './nats-link.ts';

/** A message as a stream keeps it. */
export interface KeptMessage {
  readonly sequence: number;
  readonly headers: MsgHdrs | undefined;
  readonly bytes: Uint8Array;
}

const NO_MESSAGE = 10037;

/** The newest message under a subject, as the stream's leader knows it. */
export function newestMessage(
  link: NatsLink,
  stream: string,
  subject: string,
): Promise<KeptMessage | undefined> {
  return ofLeader(link, stream, { last_by_subj: subject });
}

/**
 * The first message under a subject after a sequence, as the stream's leader knows it. Any replica
 * could answer, but one of 2.9 that was paused may lack a message for good and number those behind
 * it otherwise, so that reading now here, now there skips some and repeats others.
 */
export function messageAfter(
  link: NatsLink,
  stream: string,
  subject: string,
  after: number,
): Promise<KeptMessage | undefined> {
  const query = { seq: after + 1, next_by_subj: subject };
  return ofLeader(link, stream, query);
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
  const message = await link.read(stream, () => ifFound(() => streams.getMessage(stream, query)));
  return message && { sequence: message.seq, headers: message.header, bytes: message.data };
}
