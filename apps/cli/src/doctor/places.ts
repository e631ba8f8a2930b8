import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { SigningKey } from '@sema/synthesis-crypto';
import { errorCode } from '../cli-error.ts';
import { openMode } from '../key-file.ts';
import type { Outcome } from './checks.ts';

/** What of this machine belongs to Sema. */
export interface Places {
  readonly dataDirectory: string;
  readonly keyFile: string;
}

/** What a disk must be able to do. */
export interface Disk {
  /** Returns when the bytes are on the medium. */
  writeThrough(path: string, text: string): void;
  read(path: string): string;
  freeBytes(folder: string): number;
}

/** The disk of this machine. */
export const DISK: Disk = {
  writeThrough(path, text) {
    const descriptor = openSync(path, 'w');
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
  read: (path) => readFileSync(path, 'utf8'),
  freeBytes(folder) {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
};

const LEAST_FREE_BYTES = 100 * 2 ** 20;

/** Makes the folder if need be, writes a file to the medium, and asks how much room is left. */
export function checkDataDirectory({ dataDirectory }: Places, disk: Disk): Outcome {
  const probe = join(dataDirectory, `.doctor-${String(pid)}`);
  try {
    mkdirSync(dataDirectory, { recursive: true });
    disk.writeThrough(probe, 'sema');
    const intact = disk.read(probe) === 'sema';
    if (!intact) return { passed: false, found: `${dataDirectory} gives back other bytes` };
  } catch (error) {
    const why = errorCode(error) ?? 'unknown reason';
    return { passed: false, found: `${dataDirectory} cannot be written (${why})` };
  } finally {
    if (existsSync(probe)) rmSync(probe);
  }
  const free = disk.freeBytes(dataDirectory);
  const room = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  return {
    passed: free >= LEAST_FREE_BYTES,
    found: `${dataDirectory} keeps what is written, ${room}`,
  };
}

/** Only the owner may touch the key, and it must be one. */
export function checkKeyFile({ keyFile }: Places): Outcome {
  if (!existsSync(keyFile)) {
    return { passed: true, found: `none yet; the first backtest makes ${keyFile}` };
  }
  const mode = openMode(keyFile);
  if (mode !== undefined) {
    return { passed: false, found: `${keyFile} has mode ${mode}, it must be 0600` };
  }
  try {
    using key = SigningKey.fromPem(readFileSync(keyFile, 'utf8'));
    return { passed: true, found: `${keyFile}, public key ${key.verifyingKey.toText()}` };
  } catch {
    const remedy = `move ${keyFile} away; the next backtest makes a new key`;
    return { passed: false, found: `${keyFile} holds no Ed25519 key in PKCS#8 PEM`, remedy };
  }
}
