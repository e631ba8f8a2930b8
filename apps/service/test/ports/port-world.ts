import type { OpenPorts, PortError, PortLimits, StoredRecord } from '@sema/qar/ports';
import { expect } from 'vitest';

export interface WorldSettings {
  readonly leaseMs: number;
  readonly silenceMs: number;
  readonly limits?: Partial<PortLimits>;
}

/** What several nodes share: each connects to it for itself. */
export interface PortWorld {
  connect(): Promise<OpenPorts>;
}

export type OpenWorld = (settings: WorldSettings) => Promise<PortWorld>;

/** Two nodes of one world. */
export interface Pair {
  readonly here: OpenPorts;
  readonly there: OpenPorts;
}

/** Longer than any test. */
export const NEVER_MS = 3_600_000;

export async function openPair(open: OpenWorld, settings: WorldSettings): Promise<Pair> {
  const world = await open(settings);
  return { here: await world.connect(), there: await world.connect() };
}

let names = 0;

/** A name that no other test uses, of all kinds of characters. */
export function freshName(kind: string): string {
  names++;
  return `${kind}.kraken.BTC/EUR:${String(names)}`;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

/** The first so many of what may have no end. */
export async function first(
  count: number,
  follow: (signal: AbortSignal) => AsyncIterable<StoredRecord>,
): Promise<StoredRecord[]> {
  const enough = new AbortController();
  const records: StoredRecord[] = [];
  if (count === 0) return records;
  for await (const record of follow(enough.signal)) {
    records.push(record);
    if (records.length === count) enough.abort();
  }
  return records;
}

export async function all(records: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  const read: StoredRecord[] = [];
  for await (const record of records) read.push(record);
  return read;
}

export async function expectRefusal(
  work: Promise<unknown>,
  code: PortError['code'],
): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: 'PortError', code });
}

/** What no port takes as a name. */
export const BAD_NAMES = ['', ' ', 'a b', 'a*', '>', 'é', 'a\nb', 'a\0', 'x'.repeat(129)];
export const BAD_NUMBERS = [NaN, -1, 0.5, Infinity, -Infinity, 2 ** 53];
