import type { StoredRecord } from '@sema/qar/ports';
import { headers } from 'nats';
import type { MsgHdrs } from 'nats';
import { messageAfter, newestMessage } from './kept-message.ts';
import type { KeptMessage } from './kept-message.ts';
import type { NatsLink } from './nats-link.ts';

/** Carries the id that who wrote a record gave it. */
const ID_HEADER = 'Sema-Id';

/** Where records are: subjects as the broker knows them, which may match several. */
export class NatsRecords {
  readonly #link: NatsLink;
  readonly #stream: string;

  constructor(link: NatsLink, stream: string) {
    this.#link = link;
    this.#stream = stream;
  }

  /** The newest, as the stream's leader knows it. */
  async last(wire: string): Promise<StoredRecord | undefined> {
    return recordOf(await newestMessage(this.#link, this.#stream, wire));
  }

  /** The first after a position, as the stream's leader knows it. */
  async next(wire: string, after: number): Promise<StoredRecord | undefined> {
    return recordOf(await messageAfter(this.#link, this.#stream, wire, after));
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
