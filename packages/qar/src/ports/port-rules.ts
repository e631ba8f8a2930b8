import { PortError } from './port-error.ts';

/** How much is kept. All that grows has a limit here. */
export interface PortLimits {
  /** Of a message, a record of a journal, or a task. */
  readonly recordBytes: number;
  readonly blobBytes: number;
  /** Messages of one subject of the bus; the oldest go. */
  readonly messagesPerSubject: number;
  /** Records of all journals; no more are taken. */
  readonly journalRecords: number;
  /** Tasks kept and not done, over all queues; no more are taken. */
  readonly tasks: number;
  /** Subjects, queues, leases and blobs, of each kind; no more are taken. */
  readonly names: number;
  /** Bytes that the bus, the journal, the queue and the blobs keep, each; no more are taken. */
  readonly totalBytes: number;
}

export const PORT_LIMITS: PortLimits = {
  recordBytes: 512 * 1024,
  blobBytes: 256 * 1024 * 1024,
  messagesPerSubject: 100_000,
  journalRecords: 10_000_000,
  tasks: 100_000,
  names: 100_000,
  totalBytes: 1024 * 1024 * 1024,
};

const NAME = /^[A-Za-z0-9_\-./:]{1,128}$/;
const PREFIX = /^[A-Za-z0-9_\-./:]{0,128}$/;
/** A longer text is not shown whole in a message. */
const SHOWN_CHARACTERS = 140;

/** @throws {PortError} `BAD_NAME` */
export function checkName(what: string, name: string): void {
  if (!NAME.test(name)) throw badName(what, name, '1 to 128');
}

/** @throws {PortError} `BAD_NAME` */
export function checkPrefix(prefix: string): void {
  if (!PREFIX.test(prefix)) throw badName('prefix', prefix, 'at most 128');
}

/** @throws {PortError} `BAD_NUMBER` */
export function checkCount(what: string, count: number): void {
  if (!(Number.isSafeInteger(count) && count >= 0)) {
    throw new PortError('BAD_NUMBER', `${what} ${count} is not a whole number from 0 on`);
  }
}

/** @throws {PortError} `TOO_LARGE` */
export function checkSize(what: string, bytes: Uint8Array, limit: number): void {
  if (bytes.length > limit) {
    throw new PortError('TOO_LARGE', `${what} has ${bytes.length} bytes, more than ${limit}`);
  }
}

function badName(what: string, name: string, length: string): PortError {
  const shown = JSON.stringify(name.slice(0, SHOWN_CHARACTERS));
  return new PortError('BAD_NAME', `${what} ${shown} is not ${length} of A–Z a–z 0–9 _ - . / :`);
}
