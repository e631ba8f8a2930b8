import { randomUUID } from 'node:crypto';
import { checkName, PortError } from '@sema/qar/ports';
import type { Lease, LeaseBook } from '@sema/qar/ports';
import { headers } from 'nats';
import { z } from 'zod';
import { newestMessage } from './kept-message.ts';
import type { KeptMessage } from './kept-message.ts';
import type { NatsLink } from './nats-link.ts';
import { encodeName } from './nats-names.ts';
import { streamNames } from './nats-streams.ts';

/** Attempts to write against others' writes before it is somebody else's. */
const ATTEMPTS = 4;
const OPERATION = 'KV-Operation';

const Held = z.strictObject({ holder: z.string(), lease: z.string() });
type Held = z.infer<typeof Held>;

/** What is written under a name, and where. */
interface Entry {
  readonly revision: number;
  /** None once it was given back. */
  readonly held: Held | undefined;
}

/**
 * Names in a key-value bucket whose entries the broker drops by its own clock. Each write names the
 * revision that it follows, so that of two one is refused; the revision of the first is the token.
 */
export class NatsLeases implements LeaseBook {
  readonly lifetimeMs: number;
  readonly #link: NatsLink;
  readonly #stream: string;
  readonly #subject: string;

  constructor(link: NatsLink, lifetimeMs: number) {
    const { stream, subject } = streamNames(link.settings.prefix).leases;
    this.#link = link;
    this.lifetimeMs = lifetimeMs;
    this.#stream = stream;
    this.#subject = subject;
  }

  async acquire(name: string, holder: string): Promise<Lease | undefined> {
    checkName('name', name);
    checkName('holder', holder);
    const held = { holder, lease: randomUUID() };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const entry = await this.#entry(name);
      if (entry?.held !== undefined) return undefined;
      const revision = await this.#write(name, held, entry?.revision ?? 0);
      if (revision !== undefined) return this.#lease(name, held, revision);
    }
    return undefined;
  }

  async holder(name: string): Promise<string | undefined> {
    checkName('name', name);
    return (await this.#entry(name))?.held?.holder;
  }

  #lease(name: string, held: Held, token: number): Lease {
    let revision = token;
    let isLost = false;
    /** Writes after the newest revision of this lease, which an unanswered renewal may have moved. */
    const rewrite = async (next: Held | undefined): Promise<boolean> => {
      for (let attempt = 0; attempt < ATTEMPTS && !isLost; attempt++) {
        const written = await this.#write(name, next, revision);
        if (written !== undefined) {
          revision = written;
          return true;
        }
        const entry = await this.#entry(name);
        if (entry?.held?.lease !== held.lease) isLost = true;
        else revision = entry.revision;
      }
      return false;
    };
    return {
      name,
      holder: held.holder,
      token,
      renew: async () => {
        this.#link.checkOpen();
        return rewrite(held);
      },
      release: async () => {
        this.#link.checkOpen();
        await rewrite(undefined);
        isLost = true;
      },
    };
  }

  async #entry(name: string): Promise<Entry | undefined> {
    const wire = this.#subject + encodeName(name);
    const message = await newestMessage(this.#link, this.#stream, wire);
    return message && { revision: message.sequence, held: heldIn(message) };
  }

  /** The revision of what was written; `undefined` when it did not follow the newest. */
  async #write(name: string, held: Held | undefined, after: number): Promise<number | undefined> {
    const wire = this.#subject + encodeName(name);
    const carried = headers();
    if (held === undefined) carried.set(OPERATION, 'DEL');
    try {
      const { seq } = await this.#link.insist(name, () =>
        this.#link.js.publish(wire, held === undefined ? '' : JSON.stringify(held), {
          headers: carried,
          expect: { lastSubjectSequence: after },
        }),
      );
      return seq;
    } catch (error) {
      if (error instanceof PortError && error.code === 'CONFLICT') return undefined;
      throw error;
    }
  }
}

function heldIn({ headers: carried, bytes }: KeptMessage): Held | undefined {
  // An entry that was deleted stays for a while, marked.
  if ((carried?.get(OPERATION) ?? '') !== '') return undefined;
  return Held.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
