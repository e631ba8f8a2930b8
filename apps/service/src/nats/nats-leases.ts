import { randomUUID } from 'node:crypto';
import { checkName, PortError } from '@sema/qar/ports';
import type { Lease, LeaseBook } from '@sema/qar/ports';
import { z } from 'zod';
import { ifFound, messageAfter, newestMessage } from './kept-message.ts';
import type { KeptMessage } from './kept-message.ts';
import type { NatsLink } from './nats-link.ts';
import { encodeName } from './nats-names.ts';
import { streamNames } from './nats-streams.ts';

/** Attempts to write against others' writes before it is somebody else's. */
const ATTEMPTS = 4;

const Held = z.strictObject({ holder: z.string(), lease: z.string() });
type Held = z.infer<typeof Held>;

/**
 * Names in a key-value bucket whose entries the broker drops by its own clock. A name is taken on
 * the condition that it has no entry, which every replica checks as it writes; the revision of that
 * first entry is the token. A renewal names the revision that it follows, and then looks whether
 * another holder came between, since servers of 2.9 check that condition too early in a
 * cluster.
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
    const wire = this.#subject + encodeName(name);
    // Most who ask are refused, and reading costs the broker less than a write that fails.
    if ((await this.#newest(wire)) !== undefined) return undefined;
    const held = { holder, lease: randomUUID() };
    const token = await this.#write(wire, held, 0);
    return token === undefined ? undefined : this.#lease(name, held, token);
  }

  async holder(name: string): Promise<string | undefined> {
    checkName('name', name);
    return (await this.#newest(this.#subject + encodeName(name)))?.held.holder;
  }

  #lease(name: string, held: Held, token: number): Lease {
    const wire = this.#subject + encodeName(name);
    let revision: number | undefined = token;
    return {
      name,
      holder: held.holder,
      token,
      renew: async () => {
        this.#link.checkOpen();
        if (revision === undefined) return false;
        revision = await this.#renew(wire, held, revision);
        return revision !== undefined;
      },
      release: async () => {
        this.#link.checkOpen();
        const newest = await this.#newest(wire);
        revision = undefined;
        if (newest?.held.lease !== held.lease) return;
        const { streams } = this.#link.manager;
        // Up to its own newest entry, so that nobody else's is taken away.
        await this.#link.read(name, () =>
          streams.purge(this.#stream, { filter: wire, seq: newest.revision + 1 }),
        );
      },
    };
  }

  /** The revision of the renewed lease; `undefined` when it is lost. */
  async #renew(wire: string, held: Held, revision: number): Promise<number | undefined> {
    let from = revision;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const written = await this.#write(wire, held, from);
      if (written !== undefined) {
        const next = await messageAfter(this.#link, this.#stream, wire, from);
        if (next !== undefined && entryOf(next).held.lease === held.lease) return written;
        await this.#withdraw(written);
        return undefined;
      }
      // A renewal whose answer was lost may have moved it.
      const newest = await this.#newest(wire);
      if (newest?.held.lease !== held.lease) return undefined;
      from = newest.revision;
    }
    return undefined;
  }

  async #newest(wire: string) {
    const message = await newestMessage(this.#link, this.#stream, wire);
    return message && entryOf(message);
  }

  /** The revision of what was written; `undefined` when it did not follow the newest. */
  async #write(wire: string, held: Held, after: number): Promise<number | undefined> {
    try {
      const { seq } = await this.#link.write(wire, () =>
        this.#link.js.publish(wire, JSON.stringify(held), {
          expect: { lastSubjectSequence: after },
        }),
      );
      return seq;
    } catch (error) {
      if (error instanceof PortError && error.code === 'CONFLICT') return undefined;
      throw error;
    }
  }

  async #withdraw(revision: number): Promise<void> {
    const { streams } = this.#link.manager;
    await this.#link.read('a lease', () =>
      ifFound(() => streams.deleteMessage(this.#stream, revision, false)),
    );
  }
}

function entryOf({ sequence, bytes }: KeptMessage): { revision: number; held: Held } {
  return { revision: sequence, held: Held.parse(JSON.parse(new TextDecoder().decode(bytes))) };
}
