import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
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

const LEAST_FREE_BYTES = 100 * 2 ** 20;

/** Makes the folder if need be, writes a file in it, and asks how much room is left. */
export function checkDataDirectory({ dataDirectory }: Places): Outcome {
  const probe = join(dataDirectory, `.doctor-${String(pid)}`);
  try {
    mkdirSync(dataDirectory, { recursive: true });
    writeFileSync(probe, 'sema');
    const intact = readFileSync(probe, 'utf8') === 'sema';
    rmSync(probe);
    if (!intact) return { passed: false, found: `${dataDirectory} gives back other bytes` };
  } catch (error) {
    const why = errorCode(error) ?? 'unknown reason';
    return { passed: false, found: `${dataDirectory} cannot be written (${why})` };
  }
  const { bavail, bsize } = statfsSync(dataDirectory);
  const free = bavail * bsize;
  const room = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  return { passed: free >= LEAST_FREE_BYTES, found: `${dataDirectory} is writable, ${room}` };
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
