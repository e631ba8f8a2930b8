import { basename } from 'node:path';
import {
  ALGORITHM_NAMES,
  fromBase64url,
  SynthesisCryptoError,
  toBase64url,
  type AlgorithmName,
  type BatchSignature,
  type ItemProof,
} from '@sema/synthesis-crypto';
import type { FreshKey, KeyCertificate } from '@sema/service/broker';
import { CliError } from '../cli-error.ts';
import { readText } from '../read-text.ts';

export interface SignedFile {
  readonly name: string;
  /** SHA-256 of its bytes. */
  readonly hash: Uint8Array;
  readonly proof: ItemProof;
}

export interface SignedDocument {
  readonly files: readonly SignedFile[];
  /** Of a fresh key, where the signer's own did not sign. */
  readonly certificate:
    { readonly body: KeyCertificate; readonly signature: Uint8Array } | undefined;
}

const MOST_BYTES = 64 * 1024 * 1024;

/** What `sema sign request` prints. All bytes are base64url. */
export function signedDocument(
  files: readonly { readonly path: string; readonly hash: Uint8Array }[],
  proofs: readonly ItemProof[],
  key: FreshKey | undefined,
) {
  const [{ batch }] = proofs;
  return {
    format: 'sema-signed-files',
    version: 1,
    batch: {
      algorithm: batch.algorithm,
      keyId: batch.keyId,
      batchId: toBase64url(batch.batchId),
      count: batch.count,
      root: toBase64url(batch.root),
      signature: toBase64url(batch.signature),
    },
    ...(key !== undefined && {
      certificate: key.certificate,
      certificateSignature: toBase64url(key.certificateSignature),
    }),
    files: files.map(({ path, hash }, index) => ({
      name: basename(path),
      sha256: toBase64url(hash),
      index: proofs[index].index,
      path: proofs[index].path.map(toBase64url),
    })),
  };
}

/**
 * Reads such a document. Whether its signatures hold is for `verifyItem` to say.
 *
 * @throws {CliError} `FILE_NOT_READABLE`, `FILE_DAMAGED`
 */
export function parseSigned(path: string): SignedDocument {
  const text = readText(path);
  try {
    if (text.length > MOST_BYTES) throw new TypeError('it is too long');
    return documentOf(recordOf(JSON.parse(text)));
  } catch (error) {
    const known = [SyntaxError, TypeError, SynthesisCryptoError].some(
      (each) => error instanceof each,
    );
    if (!known || !(error instanceof Error)) throw error;
    const what = `${path} is not what sema sign request prints: ${error.message}`;
    throw new CliError('FILE_DAMAGED', what, 'give that document unchanged', { cause: error });
  }
}

function documentOf(document: Fields): SignedDocument {
  if (document.get('format') !== 'sema-signed-files' || document.get('version') !== 1) {
    throw new TypeError('its format is another');
  }
  const batch = batchOf(recordOf(document.get('batch')));
  const files = listOf(document.get('files')).map((each): SignedFile => {
    const file = recordOf(each);
    const steps = listOf(file.get('path')).map(bytesOf);
    const proof = { batch, index: numberOf(file.get('index')), path: steps };
    return { name: textOf(file.get('name')), hash: bytesOf(file.get('sha256')), proof };
  });
  const body = document.get('certificate');
  if (body === undefined) return { files, certificate: undefined };
  const signature = bytesOf(document.get('certificateSignature'));
  return { files, certificate: { body: certificateOf(recordOf(body)), signature } };
}

function batchOf(fields: Fields): BatchSignature {
  return {
    algorithm: algorithmOf(fields.get('algorithm')),
    keyId: textOf(fields.get('keyId')),
    batchId: bytesOf(fields.get('batchId')),
    count: numberOf(fields.get('count')),
    root: bytesOf(fields.get('root')),
    signature: bytesOf(fields.get('signature')),
  };
}

function certificateOf(fields: Fields): KeyCertificate {
  return {
    algorithm: algorithmOf(fields.get('algorithm')),
    publicKey: textOf(fields.get('publicKey')),
    owner: textOf(fields.get('owner')),
    notAfterMs: numberOf(fields.get('notAfterMs')),
    signatures: numberOf(fields.get('signatures')),
  };
}

type Fields = ReadonlyMap<string, unknown>;

function recordOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('a part is no object');
  return new Map<string, unknown>(Object.entries(value));
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('a part is no list');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a part is no text');
  return value;
}

function numberOf(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('a part is no whole number');
  return Number(value);
}

function bytesOf(value: unknown): Uint8Array {
  return fromBase64url(textOf(value));
}

function algorithmOf(value: unknown): AlgorithmName {
  const algorithm = ALGORITHM_NAMES.find((name) => name === value);
  if (algorithm === undefined) throw new TypeError('its algorithm is unknown');
  return algorithm;
}
