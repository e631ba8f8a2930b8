import type { StoredRecord } from '@sema/qar/ports';
import { headers } from 'nats';
import type { MsgHdrs } from 'nats';
import { messageAfter, newestMessage, replicatedMessageAfter } from './kept-message.ts';
import type { KeptMessage } from './kept-message.ts';
import { encodeName } from './nats-names.ts';
import type { NatsLink } from './nats-link.ts';

/** Carries the id that who wrote a record gave it. */
const ID_HEADER = 'Sema-Id';

/** The records of a stream by subject, as a bus and a journal read them. */
export class NatsRecords {
  readonly #link: NatsLink;
  readonly #stream: string;
  readonly #subject: string;

  constructor(link: NatsLink, { stream, subject }: { stream: string; subject: string }) {
    this.#link = link;
    this.#stream = stream;
    this.#subject = subject;
  }

  /** The subject as the broker knows it. */
  wire(subject: string): string {
    return this.#subject + encodeName(subject);
  }

  /** The newest, as the stream's leader knows it. */
  async last(subject: string): Promise<StoredRecord | undefined> {
    return recordOf(await newestMessage(this.#link, this.#stream, this.wire(subject)));
  }

  /** The first after a position, as the stream's leader knows it. */
  async following(subject: string, after: number): Promise<StoredRecord | undefined> {
    return recordOf(await messageAfter(this.#link, this.#stream, this.wire(subject), after));
  }

  /** The first after a position, as any replica knows it, which may be behind. */
  async next(subject: string, after: number): Promise<StoredRecord | undefined> {
    const wire = this.wire(subject);
    return recordOf(await replicatedMessageAfter(this.#link, this.#stream, wire, after));
  }
}

export function idHeaders(id: string): MsgHdrs {
  const carried = headers();
  carried.set(ID_HEADER, id);
  return carried;
}

export function idOf(carried: MsgHdrs | undefined): string {
  return carried?.get(ID_HEADER) ?? '';
}

function recordOf(message: KeptMessage | undefined): StoredRecord | undefined {
  if (message === undefined) return undefined;
  const { sequence, headers: carried, bytes } = message;
  return { position: sequence, id: idOf(carried), bytes };
}
