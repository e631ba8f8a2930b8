import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PortError } from '@sema/qar/ports';
import {
  fromBase64url,
  PublicKey,
  SigningKey,
  SynthesisCryptoError,
  verifyBatchSignature,
  verifyItem,
  type AlgorithmName,
  type ItemProof,
} from '@sema/synthesis-crypto';
import type { SigningPorts } from './signer.ts';
import { SigningError } from './signing-error.ts';
import {
  answerQueue,
  certificateBytes,
  decodeAnswer,
  encodeRequest,
  HASH_BYTES,
  MOST_ITEMS,
  requestQueue,
  useBytes,
  type AnswerParts,
  type KeyCertificate,
  type SigningRequest,
} from './signing-message.ts';

export interface SigningClientOptions {
  readonly ports: SigningPorts;
  readonly service: string;
  /**
   * Whose answers these are, 1 to 32 of `A–Z a–z 0–9 _ -`: a name for one process at a time, which
   * finds there what came for it.
   */
  readonly client: string;
  /** The signers' key, which the client has from somewhere else than the broker. */
  readonly trusted: PublicKey;
  /** After so long nobody has answered. */
  readonly timeoutMs: number;
}

export interface FreshKeyTerms {
  readonly algorithm: AlgorithmName;
  /** Up to a day. */
  readonly lifetimeMs: number;
  /** Requests that it will sign, up to a million. */
  readonly signatures: number;
}

/** A key that is this client's to use and the signer's to keep. */
export interface FreshKey {
  readonly publicKey: PublicKey;
  readonly certificate: KeyCertificate;
  /** The signer's over `certificateBytes`. */
  readonly certificateSignature: Uint8Array;
  /** As {@link SigningClient.sign}, by this key. */
  sign(hashes: readonly Uint8Array[]): Promise<readonly ItemProof[]>;
}

/** Asks signers for signatures, and believes nothing that does not verify. */
export class SigningClient implements Disposable {
  readonly #options: SigningClientOptions;
  readonly #waiting = new Map<string, (answer: AnswerParts) => void>();
  readonly #closing = new AbortController();
  /** Whom fresh keys obey: whoever holds this, and nobody else who reads along. */
  readonly #owner = SigningKey.generate();
  readonly #ended: Promise<never>;

  constructor(options: SigningClientOptions) {
    this.#options = options;
    this.#ended = this.#listen();
    // Whoever asks next hears of it.
    this.#ended.catch(() => undefined);
  }

  /**
   * A proof for each hash that the signers' key has signed it, in a batch with whatever others
   * asked for meanwhile.
   *
   * @param hashes - 1 to 256, SHA-256 of what is to be signed.
   * @throws {SigningError} `REQUEST_INVALID`, `NO_ANSWER`, `ANSWER_INVALID`, `CLOSED`
   * @throws {PortError}
   */
  async sign(hashes: readonly Uint8Array[]): Promise<readonly ItemProof[]> {
    return this.#signed(requestQueue(this.#options.service), { kind: 'batch' }, hashes);
  }

  /**
   * A key that nobody has had, certified by the signers' key.
   *
   * @throws {SigningError} `REQUEST_INVALID`, `FULL`, `NO_ANSWER`, `ANSWER_INVALID`, `CLOSED`
   * @throws {PortError}
   */
  async freshKey(terms: FreshKeyTerms): Promise<FreshKey> {
    const { service, trusted } = this.#options;
    const owner = this.#owner.verifyingKey.toText();
    const ask = { kind: 'key', ...terms, owner } as const;
    const { answer, signature } = await this.#ask(requestQueue(service), ask, []);
    if (answer.kind !== 'key') throw invalid('is about something else');
    const { handle, signer, certificate } = answer;
    const isTheirs = trusted.verify(certificateBytes(certificate), signature);
    const { algorithm, signatures } = certificate;
    const isAsked = algorithm === terms.algorithm && signatures === terms.signatures;
    if (!isTheirs || !isAsked || certificate.owner !== owner) {
      throw invalid('is not the certificate that was asked for');
    }
    const publicKey = publicKeyOf(certificate);
    const queue = requestQueue(service, signer);
    return {
      publicKey,
      certificate,
      certificateSignature: signature,
      sign: (hashes) => this.#signed(queue, { kind: 'sign', handle }, hashes, publicKey),
    };
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#owner[Symbol.dispose]();
  }

  async #signed(
    queue: string,
    ask: SigningRequest['ask'],
    hashes: readonly Uint8Array[],
    key = this.#options.trusted,
  ): Promise<readonly ItemProof[]> {
    checkHashes(hashes);
    const { answer, proofs } = await this.#ask(queue, ask, hashes);
    if (answer.kind !== 'signed' || proofs.length !== hashes.length) {
      throw invalid('is about something else');
    }
    // One signature for all of them; what leads to its root is looked at for each.
    const isSigned = verifyBatchSignature(proofs[0].batch, key);
    if (!isSigned || !proofs.every((proof, i) => verifyItem(hashes[i], proof, key, () => true))) {
      throw invalid('does not verify');
    }
    return proofs;
  }

  async #ask(
    queue: string,
    ask: SigningRequest['ask'],
    hashes: readonly Uint8Array[],
  ): Promise<AnswerParts> {
    const { ports, client, timeoutMs } = this.#options;
    if (this.#closing.signal.aborted) throw closed();
    const id = randomBytes(16).toString('hex');
    const authority =
      ask.kind === 'sign' ? this.#owner.sign(useBytes(id, ask.handle, hashes)) : NO_AUTHORITY;
    const request = encodeRequest({ id, client, ask, hashes, authority });
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<AnswerParts>((resolve, reject) => {
      this.#waiting.set(id, resolve);
      timer = setTimeout(() => {
        const what = `nobody answered at ${queue} in ${String(timeoutMs)} ms`;
        reject(new SigningError('NO_ANSWER', what));
      }, timeoutMs);
    });
    // Where asking fails, this is not waited for.
    answered.catch(() => undefined);
    try {
      await ports.queue.submit(queue, id, request);
      const parts = await Promise.race([answered, this.#ended]);
      if (parts.answer.kind === 'refused') throw refusal(parts.answer);
      return parts;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Hands each answer to who waits for it. One that comes too late or again finds nobody. */
  async #listen(): Promise<never> {
    const { ports, service, client } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const task = await ports.queue.take(answerQueue(service, client), WAIT_MS);
        if (task === undefined) continue;
        const parts = decodeAnswer(task.bytes);
        if (parts !== undefined) this.#waiting.get(parts.request)?.(parts);
        await task.done();
      } catch (error) {
        // A broker that is away comes back, or those who wait give up.
        if (!(error instanceof PortError) || error.code !== 'UNAVAILABLE') throw error;
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    throw closed();
  }
}

const WAIT_MS = 1000;
const RETRY_MS = 500;
const NO_AUTHORITY = new Uint8Array(0);

function closed(): SigningError {
  return new SigningError('CLOSED', 'the client was closed');
}

const REFUSALS = ['REQUEST_INVALID', 'FULL', 'KEY_UNKNOWN', 'KEY_SPENT'] as const;

function refusal({ code, message }: { readonly code: string; readonly message: string }) {
  const known = REFUSALS.find((each) => each === code);
  return new SigningError(known ?? 'ANSWER_INVALID', known === undefined ? code : message);
}

function invalid(what: string): SigningError {
  return new SigningError('ANSWER_INVALID', `an answer ${what}`);
}

function checkHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.length < 1 || hashes.length > MOST_ITEMS) {
    const rule = `a request has 1 to ${String(MOST_ITEMS)} hashes, not ${String(hashes.length)}`;
    throw new SigningError('REQUEST_INVALID', rule);
  }
  const other = hashes.find(({ length }) => length !== HASH_BYTES);
  if (other === undefined) return;
  const rule = `a hash has ${String(HASH_BYTES)} bytes, not ${String(other.length)}`;
  throw new SigningError('REQUEST_INVALID', rule);
}

function publicKeyOf({ algorithm, publicKey }: KeyCertificate): PublicKey {
  try {
    return PublicKey.fromRaw(algorithm, fromBase64url(publicKey));
  } catch (error) {
    if (!(error instanceof SynthesisCryptoError)) throw error;
    throw new SigningError('ANSWER_INVALID', 'an answer has no public key', { cause: error });
  }
}
