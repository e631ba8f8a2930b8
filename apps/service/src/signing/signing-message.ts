import { decodeSnapshot, encodeSnapshot } from '@sema/serializer';
import {
  ALGORITHM_NAMES,
  canonicalBytes,
  type BatchSignature,
  type ItemProof,
} from '@sema/synthesis-crypto';
import { z } from 'zod';

/** SHA-256 of an item: what is signed, so that no item leaves its service. */
export const HASH_BYTES = 32;
/** Of one request, so that its answer fits into a message. */
export const MOST_ITEMS = 256;
const MOST_COUNT = 1_000_000;
const MOST_LIFETIME_MS = 24 * 3_600_000;

const name = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
const id = z.string().regex(/^[0-9a-f]{32}$/);
const algorithm = z.enum(ALGORITHM_NAMES);
const owner = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What a client asks for. Its answer goes to the client's own queue. */
const Request = z.strictObject({
  id,
  client: name,
  ask: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('batch') }),
    z.strictObject({
      kind: z.literal('key'),
      algorithm,
      lifetimeMs: z.int().min(1).max(MOST_LIFETIME_MS),
      signatures: z.int().min(1).max(MOST_COUNT),
      /** The public key, Ed25519 in base64url, of whom the fresh key is to obey. */
      owner,
    }),
    z.strictObject({ kind: z.literal('sign'), handle: id }),
  ]),
});

export interface SigningRequest extends z.infer<typeof Request> {
  readonly hashes: readonly Uint8Array[];
  /** The owner's signature over `useBytes`, where a fresh key is to be used; else empty. */
  readonly authority: Uint8Array;
}

/** What a signer vouches for of a key whose private half stays with it. */
const Certificate = z.strictObject({
  algorithm,
  /** The raw public key, base64url. */
  publicKey: z.string(),
  owner,
  /** Milliseconds since 1970, by the signer's clock. */
  notAfterMs: z.int(),
  signatures: z.int(),
});
export type KeyCertificate = z.infer<typeof Certificate>;

const Answer = z.strictObject({
  request: id,
  answer: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('signed'),
      count: z.int(),
      algorithm,
      keyId: z.string(),
      /** The request's first item in the batch; the others follow it. */
      first: z.int(),
      /** Of each item's path. */
      lengths: z.array(z.int().min(0).max(20)).max(MOST_ITEMS),
    }),
    z.strictObject({
      kind: z.literal('key'),
      handle: id,
      signer: id,
      certificate: Certificate,
    }),
    z.strictObject({ kind: z.literal('refused'), code: z.string(), message: z.string() }),
  ]),
});
export type SigningAnswer = z.infer<typeof Answer>['answer'];

/** Where requests to any signer of a service go, and those to one of them. */
export function requestQueue(service: string, signer?: string): string {
  return signer === undefined ? `signing.${service}` : `signing.${service}.${signer}`;
}

/** The queue of a client's answers: what it has taken from there is kept no longer. */
export function answerQueue(service: string, client: string): string {
  return `signing-answers.${service}.${client}`;
}

export function encodeRequest({ hashes, authority, ...request }: SigningRequest): Uint8Array {
  const joined = new Uint8Array(Buffer.concat(hashes));
  return encodeSnapshot({ request, hashes: joined, authority });
}

/** A request, or undefined for bytes that are none. */
export function decodeRequest(bytes: Uint8Array): SigningRequest | undefined {
  const { request, hashes, authority } = sectionsOf(bytes);
  const parsed = Request.safeParse(request);
  if (!parsed.success || !(hashes instanceof Uint8Array)) return undefined;
  if (!(authority instanceof Uint8Array)) return undefined;
  const count = hashes.length / HASH_BYTES;
  const isKey = parsed.data.ask.kind === 'key';
  if (!Number.isInteger(count) || count > MOST_ITEMS || (isKey ? count > 0 : count < 1)) {
    return undefined;
  }
  const pieces = piecesOf(hashes, Array<number>(count).fill(HASH_BYTES));
  return { ...parsed.data, hashes: pieces, authority };
}

/** What an answer carries besides its own fields. */
export interface AnswerParts {
  readonly request: string;
  readonly answer: SigningAnswer;
  /** Of signed items. */
  readonly proofs: readonly ItemProof[];
  /** Over a certificate. */
  readonly signature: Uint8Array;
}

const NONE = new Uint8Array(0);

export function encodeSigned(request: string, proofs: readonly ItemProof[]): Uint8Array {
  const [{ batch, index: first }] = proofs;
  const { count, algorithm, keyId, batchId, root, signature } = batch;
  const lengths = proofs.map(({ path }) => path.length);
  const answer = { kind: 'signed', count, algorithm, keyId, first, lengths } as const;
  const paths = new Uint8Array(Buffer.concat(proofs.flatMap(({ path }) => path)));
  return encodeSnapshot({ answer: { request, answer }, batchId, root, signature, paths });
}

export function encodeKey(
  request: string,
  answer: Extract<SigningAnswer, { kind: 'key' }>,
  signature: Uint8Array,
): Uint8Array {
  return encodeSnapshot({ answer: { request, answer }, signature });
}

export function encodeRefusal(request: string, code: string, message: string): Uint8Array {
  return encodeSnapshot({ answer: { request, answer: { kind: 'refused', code, message } } });
}

/** An answer, or undefined for bytes that are none. Whether it is true is not looked at here. */
export function decodeAnswer(bytes: Uint8Array): AnswerParts | undefined {
  const sections = sectionsOf(bytes);
  const parsed = Answer.safeParse(sections.answer);
  if (!parsed.success) return undefined;
  const { request, answer } = parsed.data;
  const { batchId, root, paths, signature = NONE } = sections;
  if (!(signature instanceof Uint8Array)) return undefined;
  if (answer.kind !== 'signed') return { request, answer, proofs: [], signature };
  const isWhole = [batchId, root, paths].every((part) => part instanceof Uint8Array);
  if (!isWhole) return undefined;
  const { count, algorithm: by, keyId } = answer;
  // Each was just seen to be bytes.
  const batch = { batchId, root, count, algorithm: by, keyId, signature } as BatchSignature;
  const proofs = proofsOf(batch, answer, paths as Uint8Array);
  return proofs && { request, answer, proofs, signature };
}

/** The bytes that a signer signs to vouch for a key. */
export function certificateBytes(certificate: KeyCertificate): Uint8Array {
  return canonicalBytes({ domain: 'sema/signing-key/v1', ...certificate });
}

/** The bytes that the owner of a fresh key signs to have it used. */
export function useBytes(id: string, handle: string, hashes: readonly Uint8Array[]): Uint8Array {
  return canonicalBytes({ domain: 'sema/signing-use/v1', id, handle, hashes });
}

function proofsOf(
  batch: BatchSignature,
  { first, lengths }: { readonly first: number; readonly lengths: readonly number[] },
  paths: Uint8Array,
): readonly ItemProof[] | undefined {
  const bytes = lengths.reduce((sum, length) => sum + length, 0) * HASH_BYTES;
  if (paths.length !== bytes) return undefined;
  const pieces = piecesOf(
    paths,
    lengths.map((length) => length * HASH_BYTES),
  );
  return pieces.map((piece, index) => {
    const steps = Array<number>(lengths[index]).fill(HASH_BYTES);
    return { batch, index: first + index, path: piecesOf(piece, steps) };
  });
}

function piecesOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => bytes.slice(at, (at += size)));
}

function sectionsOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return decodeSnapshot(bytes);
  } catch {
    // Damaged, or none of ours.
    return {};
  }
}
