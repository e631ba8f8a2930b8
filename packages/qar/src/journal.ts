import {
  fromBase64url,
  MonadHasher,
  SynthesisCryptoError,
  toBase64url,
  VerifyingKey,
} from '@sema/synthesis-crypto';
import type { CanonicalValue, SigningKey } from '@sema/synthesis-crypto';
import type { JournalBody } from './receipt.ts';

/** Longest line that is read; a receipt of fourteen experts is about 2 kB. */
export const LONGEST_LINE = 65_536;

const DOMAIN = 'sema/journal/v1';
const KINDS: readonly JournalBody['kind'][] = ['header', 'decision', 'intervention', 'seal'];
/** What the first line names as its predecessor. */
const GENESIS = '0'.repeat(64);

/** One line of a journal. */
export interface JournalLine {
  readonly body: JournalBody;
  /** SHA-256 over the previous line's hash and this body, hex. */
  readonly hash: string;
  /** Ed25519 over the hash, base64url. */
  readonly signature: string;
}

/** Writes hash-chained, signed lines. The chain goes on from `lastHash` when resumed. */
export class JournalWriter {
  readonly #key: SigningKey;
  readonly #writeLine: (line: string) => void;
  readonly #hasher = new MonadHasher();
  #lastHash: string;

  constructor(key: SigningKey, writeLine: (line: string) => void, lastHash = GENESIS) {
    this.#key = key;
    this.#writeLine = writeLine;
    this.#lastHash = lastHash;
  }

  get lastHash(): string {
    return this.#lastHash;
  }

  append(body: JournalBody): void {
    const hash = lineHash(this.#hasher, this.#lastHash, body);
    const signature = toBase64url(this.#key.sign(utf8(hash)));
    this.#writeLine(JSON.stringify({ body, hash, signature } satisfies JournalLine));
    this.#lastHash = hash;
  }
}

export type JournalFault =
  | 'EMPTY'
  | 'NOT_JSON'
  | 'LINE_TOO_LONG'
  | 'BAD_SHAPE'
  | 'BAD_HEADER'
  | 'UNKNOWN_SIGNER'
  | 'CHAIN_BROKEN'
  | 'BAD_SIGNATURE'
  | 'OUT_OF_SEQUENCE'
  | 'WRONG_COUNT'
  | 'AFTER_SEAL';

export type JournalVerdict =
  | {
      readonly valid: true;
      readonly receipts: number;
      /** False when the journal ends without a seal: lines may be missing from its end. */
      readonly sealed: boolean;
      readonly publicKey: string;
      readonly lastHash: string;
    }
  | {
      readonly valid: false;
      /** 1-based line of the first fault. */
      readonly line: number;
      readonly sequence: number | undefined;
      readonly reason: JournalFault;
    };

/**
 * Checks every line's chain, signature and sequence, and names the first that fails. O(lines); one
 * Ed25519 verification a line.
 *
 * Without `publicKey` the journal is checked against the key in its own header, which proves that
 * one signer wrote all of it, not who that was.
 */
export function verifyJournal(
  lines: Iterable<string>,
  options: { readonly publicKey?: string } = {},
): JournalVerdict {
  const state = new Verification(options.publicKey);
  let line = 0;
  for (const text of lines) {
    line++;
    const parsed = parseLine(text);
    const fault = typeof parsed === 'string' ? parsed : state.check(parsed);
    if (fault !== undefined) {
      const sequence = typeof parsed === 'string' ? undefined : sequenceOf(parsed.body);
      return { valid: false, line, sequence, reason: fault };
    }
  }
  if (line === 0) return { valid: false, line: 0, sequence: undefined, reason: 'EMPTY' };
  return state.verdict();
}

class Verification {
  readonly #pinned: string | undefined;
  readonly #hasher = new MonadHasher();
  #publicKey = '';
  #key: VerifyingKey | undefined;
  #lastHash = GENESIS;
  #receipts = 0;
  #sealed = false;

  constructor(pinned: string | undefined) {
    this.#pinned = pinned;
  }

  check(line: JournalLine): JournalFault | undefined {
    if (this.#key === undefined) {
      const fault = this.#openHeader(line.body);
      if (fault !== undefined) return fault;
    } else if (line.body.kind === 'header') return 'BAD_SHAPE';
    if (this.#sealed) return 'AFTER_SEAL';
    try {
      if (lineHash(this.#hasher, this.#lastHash, line.body) !== line.hash) return 'CHAIN_BROKEN';
      const signature = fromBase64url(line.signature);
      if (this.#key?.verify(utf8(line.hash), signature) !== true) return 'BAD_SIGNATURE';
    } catch (error) {
      // Values no receipt can hold, such as 1e999, and text that is not base64url.
      if (error instanceof SynthesisCryptoError) return 'BAD_SHAPE';
      throw error;
    }
    this.#lastHash = line.hash;
    return this.#count(line.body);
  }

  verdict(): JournalVerdict {
    return {
      valid: true,
      receipts: this.#receipts,
      sealed: this.#sealed,
      publicKey: this.#publicKey,
      lastHash: this.#lastHash,
    };
  }

  #openHeader(body: JournalBody): JournalFault | undefined {
    if (body.kind !== 'header' || body.format !== 'sema-journal' || body.version !== 2) {
      return 'BAD_HEADER';
    }
    if (this.#pinned !== undefined && body.publicKey !== this.#pinned) return 'UNKNOWN_SIGNER';
    try {
      this.#key = VerifyingKey.fromText(body.publicKey);
    } catch (error) {
      if (error instanceof SynthesisCryptoError) return 'BAD_HEADER';
      throw error;
    }
    this.#publicKey = body.publicKey;
    return undefined;
  }

  #count(body: JournalBody): JournalFault | undefined {
    if (body.kind === 'decision') {
      if (body.sequence !== this.#receipts) return 'OUT_OF_SEQUENCE';
      this.#receipts++;
    }
    if (body.kind === 'intervention' && body.sequence !== this.#receipts) return 'OUT_OF_SEQUENCE';
    if (body.kind === 'seal') {
      if (body.decisions !== this.#receipts) return 'WRONG_COUNT';
      this.#sealed = true;
    }
    return undefined;
  }
}

/** A line's parts, or what is wrong with its form. Field by field truth is what the hash is for. */
export function parseLine(text: string): JournalLine | 'NOT_JSON' | 'LINE_TOO_LONG' | 'BAD_SHAPE' {
  if (text.length > LONGEST_LINE) return 'LINE_TOO_LONG';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'NOT_JSON';
  }
  if (!isRecord(value) || !isRecord(value.body)) return 'BAD_SHAPE';
  const { body, hash, signature } = value;
  if (typeof hash !== 'string' || typeof signature !== 'string') return 'BAD_SHAPE';
  if (!KINDS.some((kind) => kind === body.kind)) return 'BAD_SHAPE';
  // The kinds are told apart; what else the body says is bound by the hash and its signature.
  return { body: body as unknown as JournalBody, hash, signature };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lineHash(hasher: MonadHasher, previous: string, body: JournalBody): string {
  // A body is plain JSON data by construction, which is what CanonicalValue describes.
  return hasher.hash(DOMAIN, { previous, body: body as unknown as CanonicalValue });
}

function sequenceOf(body: JournalBody): number | undefined {
  return 'sequence' in body ? body.sequence : undefined;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
