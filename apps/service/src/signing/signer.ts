import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PortError, type Ports, type Task } from '@sema/qar/ports';
import { MAX_BATCH_ITEMS, signBatch, toBase64url, type PrivateKey } from '@sema/synthesis-crypto';
import { FreshKeys, type FreshKeysOptions } from './fresh-keys.ts';
import { SigningError } from './signing-error.ts';
import {
  answerQueue,
  certificateBytes,
  decodeRequest,
  encodeKey,
  encodeRefusal,
  encodeSigned,
  MOST_ITEMS,
  requestQueue,
  useBytes,
  type SigningRequest,
} from './signing-message.ts';

export type SigningPorts = Pick<Ports, 'queue'>;

export interface SignerOptions extends FreshKeysOptions {
  readonly ports: SigningPorts;
  /** Name that clients ask by. */
  readonly service: string;
  /** Signs batches, and vouches for fresh keys. The caller's to dispose. */
  readonly key: PrivateKey;
  /** Items that one signature covers, at least as many as a request may have. */
  readonly maximumBatch: number;
  /** How long a first request waits for company. */
  readonly gatherMs: number;
  /** Ends it, after what it has taken. */
  readonly signal: AbortSignal;
  /** Told when the broker does not answer. */
  readonly onSilence?: (message: string) => void;
}

export interface SignerFigures {
  readonly requests: number;
  readonly items: number;
  readonly batches: number;
}

/** A request that was taken. */
interface Taken {
  readonly task: Task;
  readonly request: SigningRequest;
}

const WAIT_MS = 1000;
/** Well below the silence after which what was taken is handed out again. */
const MOST_GATHER_MS = 10_000;
const RETRY_MS = 500;
/** Answers to what must not be done twice, kept for a request that is handed out again. */
const REMEMBERED = 10_000;
const REFILLED_AT_A_TIME = 4;

/**
 * Answers requests until `signal` aborts: those for batches are gathered, whoever they are from,
 * and covered by one signature. An answer is kept by the broker before its request is done, so a
 * signer that is killed leaves either an answer or a request for another; a request that is
 * answered twice has one answer under its id, as long as the broker remembers it, and a client
 * takes the first.
 *
 * @throws {PortError} other than `UNAVAILABLE`, which is waited out; {RangeError}
 */
export async function runSigner(options: SignerOptions): Promise<SignerFigures> {
  const { maximumBatch, gatherMs } = options;
  if (!(maximumBatch >= MOST_ITEMS && maximumBatch <= MAX_BATCH_ITEMS)) {
    throw new RangeError(`a batch has room for ${MOST_ITEMS} to ${MAX_BATCH_ITEMS} items`);
  }
  if (!(gatherMs >= 0 && gatherMs <= MOST_GATHER_MS)) {
    throw new RangeError(`a batch is gathered for 0 to ${MOST_GATHER_MS} ms`);
  }
  using keys = new FreshKeys(options);
  const signer = new Signer(options, keys);
  await Promise.all([
    signer.serve(requestQueue(options.service)),
    signer.serve(requestQueue(options.service, signer.id)),
  ]);
  return signer.figures;
}

class Signer {
  readonly id = randomBytes(16).toString('hex');
  readonly figures = { requests: 0, items: 0, batches: 0 };
  readonly #options: SignerOptions;
  readonly #keys: FreshKeys;
  readonly #answers = new Map<string, Uint8Array>();

  constructor(options: SignerOptions, keys: FreshKeys) {
    this.#options = options;
    this.#keys = keys;
  }

  async serve(queue: string): Promise<void> {
    const { signal, onSilence } = this.#options;
    while (!signal.aborted) {
      try {
        const taken = await this.#gather(queue);
        if (taken.length === 0) this.#keys.refill(REFILLED_AT_A_TIME);
        else await this.#answerAll(taken);
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'UNAVAILABLE') throw error;
        onSilence?.(error.message);
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Requests that came within the time of gathering after the first, up to a batch. */
  async #gather(queue: string): Promise<readonly Taken[]> {
    const { ports, maximumBatch, gatherMs, signal } = this.#options;
    const taken: Taken[] = [];
    let items = 0;
    let until = Infinity;
    while (items + MOST_ITEMS <= maximumBatch && !(signal.aborted && taken.length === 0)) {
      const leftMs = Math.ceil(until - performance.now());
      const task = await ports.queue.take(
        queue,
        until === Infinity ? WAIT_MS : Math.max(0, leftMs),
      );
      if (task === undefined) break;
      until = Math.min(until, performance.now() + gatherMs);
      const request = decodeRequest(task.bytes);
      // Nobody can be told: it does not say whose it is.
      if (request === undefined) await task.done();
      else {
        taken.push({ task, request });
        items += request.hashes.length;
      }
      if (performance.now() >= until) break;
    }
    return taken;
  }

  async #answerAll(taken: readonly Taken[]): Promise<void> {
    const joined = taken.filter(({ request }) => request.ask.kind === 'batch');
    const answers = new Map<Taken, Uint8Array>();
    const items = joined.flatMap(({ request }) => request.hashes);
    if (items.length > 0) {
      const batch = signBatch(items, this.#options.key);
      this.figures.batches += 1;
      let first = 0;
      for (const each of joined) {
        const { hashes, id } = each.request;
        const from = first;
        answers.set(
          each,
          encodeSigned(
            id,
            hashes.map((_, index) => batch.proof(from + index)),
          ),
        );
        first += hashes.length;
      }
    }
    for (const each of taken) {
      if (!answers.has(each)) answers.set(each, this.#answerOnce(each.request));
    }
    await Promise.all([...answers].map(([each, bytes]) => this.#send(each, bytes)));
  }

  async #send({ task, request }: Taken, bytes: Uint8Array): Promise<void> {
    const { ports, service } = this.#options;
    const { id, client, hashes } = request;
    await ports.queue.submit(answerQueue(service, client), id, bytes);
    this.figures.requests += 1;
    this.figures.items += hashes.length;
    await task.done();
  }

  /** What uses a key up is done once, however often it is asked for. */
  #answerOnce(request: SigningRequest): Uint8Array {
    const { id, client } = request;
    const known = this.#answers.get(`${client} ${id}`);
    if (known !== undefined) return known;
    const answer = this.#answer(request);
    this.#answers.set(`${client} ${id}`, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED) this.#answers.delete(oldest);
    return answer;
  }

  #answer({ id, ask, hashes, authority }: SigningRequest): Uint8Array {
    try {
      if (ask.kind === 'sign') {
        const message = useBytes(id, ask.handle, hashes);
        const batch = signBatch(hashes, this.#keys.use(ask.handle, message, authority));
        return encodeSigned(
          id,
          hashes.map((_, index) => batch.proof(index)),
        );
      }
      if (ask.kind === 'key') return this.#openKey(id, ask);
      throw new SigningError('REQUEST_INVALID', `${ask.kind} is answered in a batch`);
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      return encodeRefusal(id, error.code, error.message);
    }
  }

  #openKey(id: string, terms: Extract<SigningRequest['ask'], { kind: 'key' }>): Uint8Array {
    const handle = randomBytes(16).toString('hex');
    const { key, notAfterMs } = this.#keys.open(handle, terms);
    const { algorithm, signatures, owner } = terms;
    const publicKey = toBase64url(key.publicKey.toRaw());
    const certificate = { algorithm, publicKey, owner, notAfterMs, signatures };
    const signature = this.#options.key.sign(certificateBytes(certificate));
    return encodeKey(id, { kind: 'key', handle, signer: this.id, certificate }, signature);
  }
}
