import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { checkName, checkPrefix, checkSize, PortError } from '@sema/qar/ports';
import type { BlobStore } from '@sema/qar/ports';
import { headers, nuid } from 'nats';
import { z } from 'zod';
import { ifFound, messageAfter, newestMessage } from './kept-message.ts';
import type { NatsLink } from './nats-link.ts';
import { streamNames } from './nats-streams.ts';

const CHUNK_BYTES = 128 * 1024;
/** Chunks on their way at once. */
const CHUNKS_AHEAD = 8;
/** Attempts to write against others' writes of the same name. */
const ATTEMPTS = 8;
const RETRY_MS = 20;

/** What the object store of NATS writes of an object, as far as it is used here. */
const Description = z.looseObject({
  name: z.string(),
  nuid: z.string(),
  size: z.int().nonnegative(),
  chunks: z.int().nonnegative(),
  digest: z.string(),
  deleted: z.boolean().optional(),
});
type Description = z.infer<typeof Description>;

/**
 * Blobs in an object store, laid out as NATS' own tools read it: chunks under a name of their own,
 * and a description under the blob's name that is replaced at once. A reader whose chunks are gone
 * finds another description.
 */
export class NatsBlobs implements BlobStore {
  readonly #link: NatsLink;
  readonly #stream: string;
  readonly #bucket: string;

  constructor(link: NatsLink) {
    const { stream, bucket } = streamNames(link.settings.prefix).blobs;
    this.#link = link;
    this.#stream = stream;
    this.#bucket = bucket;
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    checkName('name', name);
    checkSize('a blob', bytes, this.#link.settings.limits.blobBytes);
    const id = nuid.next();
    try {
      // Copied first: who gave the bytes may write into them before they are sent.
      const described = await this.#putChunks(name, id, new Uint8Array(bytes));
      const replaced = await this.#describe(described);
      if (replaced !== undefined) await this.#drop(replaced);
    } catch (error) {
      await this.#drop(id).catch(() => undefined);
      throw error;
    }
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    checkName('name', name);
    const until = performance.now() + this.#link.settings.requestTimeoutMs;
    for (;;) {
      const found = await this.#description(name);
      // So do NATS' own tools mark what they delete.
      if (found === undefined || found.description.deleted === true) return undefined;
      const bytes = await this.#chunks(found.description);
      if (bytes !== undefined) return bytes;
      if (performance.now() > until) {
        throw new PortError('UNAVAILABLE', `blob ${name} is not what its digest says`);
      }
      await wait(RETRY_MS);
    }
  }

  async delete(name: string): Promise<void> {
    checkName('name', name);
    const found = await this.#description(name);
    if (found === undefined) return;
    const { streams } = this.#link.manager;
    // By its sequence, so that what somebody wrote meanwhile stays.
    await this.#link.read(name, () =>
      ifFound(() => streams.deleteMessage(this.#stream, found.revision, false)),
    );
    await this.#drop(found.description.nuid);
  }

  async list(prefix: string): Promise<string[]> {
    checkPrefix(prefix);
    const subject = `$O.${this.#bucket}.M.`;
    const { state } = await this.#link.read('blobs', () =>
      this.#link.manager.streams.info(this.#stream, { subjects_filter: `${subject}>` }),
    );
    const names = Object.keys(state.subjects ?? {}).map((each) =>
      Buffer.from(each.slice(subject.length), 'base64url').toString(),
    );
    return names.filter((name) => name.startsWith(prefix)).sort();
  }

  async #putChunks(name: string, id: string, bytes: Uint8Array): Promise<Description> {
    const onTheirWay: Promise<unknown>[] = [];
    let chunks = 0;
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const chunk = bytes.subarray(start, start + CHUNK_BYTES);
      const sent = this.#link.ask(name, () => this.#link.js.publish(this.#chunkSubject(id), chunk));
      // Its failure is met below, in its turn.
      sent.catch(() => undefined);
      onTheirWay.push(sent);
      chunks++;
      if (onTheirWay.length >= CHUNKS_AHEAD) await onTheirWay.shift();
    }
    await Promise.all(onTheirWay);
    return { name, nuid: id, size: bytes.length, chunks, digest: digestOf([bytes]) };
  }

  /** Writes a description; says whose chunks it made useless. */
  async #describe(described: Description): Promise<string | undefined> {
    const { name } = described;
    const text = JSON.stringify({
      ...described,
      bucket: this.#bucket,
      mtime: new Date().toISOString(),
      options: { max_chunk_size: CHUNK_BYTES },
      deleted: false,
    });
    for (let attempt = 0; ; attempt++) {
      const before = await this.#description(name);
      const carried = headers();
      carried.set('Nats-Rollup', 'sub');
      try {
        await this.#link.write(name, () =>
          this.#link.js.publish(this.#nameSubject(name), text, {
            headers: carried,
            expect: { lastSubjectSequence: before?.revision ?? 0 },
          }),
        );
        return before?.description.nuid;
      } catch (error) {
        const isBeaten = error instanceof PortError && error.code === 'CONFLICT';
        if (!isBeaten || attempt >= ATTEMPTS) throw error;
        // An answer that was lost may have been to this very description.
        if ((await this.#description(name))?.description.nuid === described.nuid) return undefined;
      }
    }
  }

  async #description(name: string) {
    const message = await newestMessage(this.#link, this.#stream, this.#nameSubject(name));
    if (message === undefined) return undefined;
    const description = Description.parse(JSON.parse(new TextDecoder().decode(message.bytes)));
    return { revision: message.sequence, description };
  }

  /** The bytes described, or `undefined` when they are not, or no longer, all there. */
  async #chunks(described: Description): Promise<Uint8Array | undefined> {
    const subject = this.#chunkSubject(described.nuid);
    const parts: Uint8Array[] = [];
    for (let after = 0; parts.length < described.chunks;) {
      const message = await messageAfter(this.#link, this.#stream, subject, after);
      if (message === undefined) return undefined;
      after = message.sequence;
      parts.push(message.bytes);
    }
    if (digestOf(parts) !== described.digest) return undefined;
    return new Uint8Array(Buffer.concat(parts));
  }

  async #drop(id: string): Promise<void> {
    await this.#link.read('chunks', () =>
      this.#link.manager.streams.purge(this.#stream, { filter: this.#chunkSubject(id) }),
    );
  }

  #chunkSubject(id: string): string {
    return `$O.${this.#bucket}.C.${id}`;
  }

  #nameSubject(name: string): string {
    const encoded = Buffer.from(name).toString('base64');
    return `$O.${this.#bucket}.M.${encoded.replaceAll('+', '-').replaceAll('/', '_')}`;
  }
}

function digestOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `SHA-256=${hash.digest('base64').replaceAll('+', '-').replaceAll('/', '_')}`;
}
