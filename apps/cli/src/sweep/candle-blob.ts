import { createHash } from 'node:crypto';
import type { Candles } from '@sema/qar';
import { decodeSnapshot, encodeSnapshot, SerializerError } from '@sema/serializer';

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Candles as the bytes of a blob: equal candles give equal bytes. */
export function encodeCandles(candles: Candles): Uint8Array {
  return encodeSnapshot(Object.fromEntries(COLUMNS.map((name) => [name, candles[name]])));
}

/** What a blob of candles is named by: SHA-256 of its bytes, hex. */
export function blobHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The candles of a blob, their columns in memory that threads share. Undefined unless the bytes are
 * those that are asked for.
 */
export function decodeCandles(bytes: Uint8Array, hash: string): Candles | undefined {
  if (blobHash(bytes) !== hash) return undefined;
  const sections = decoded(bytes);
  const columns = COLUMNS.map((name) => sections?.[name]);
  const [time] = columns;
  if (!(time instanceof Float64Array)) return undefined;
  const shared = columns.map((column) =>
    column instanceof Float64Array && column.length === time.length ? inShared(column) : undefined,
  );
  if (!shared.every((column) => column !== undefined)) return undefined;
  const [times, open, high, low, close, volume] = shared;
  return { time: times, open, high, low, close, volume, length: time.length };
}

function decoded(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return decodeSnapshot(bytes);
  } catch (error) {
    if (error instanceof SerializerError) return undefined;
    throw error;
  }
}

function inShared(column: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
