import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = resolve(process.env['SEMA_DATA_DIR'] ?? resolve(root, '../shared/data'), 'crypto');

/** The fields that are read of the vector files of C2SP/wycheproof, `testvectors_v1`. */
export interface VectorTest {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly msg?: string;
  readonly ctx?: string;
  readonly mu?: string;
  readonly rnd?: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid';
}

export interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    /** Ed25519 has `pk`, ECDSA `uncompressed`; ML-DSA writes the key itself. */
    readonly publicKey: string | { readonly pk: string; readonly uncompressed: string } | null;
    readonly publicKeyPem?: string;
    readonly publicKeyDer?: string;
    readonly privateSeed?: string;
    readonly privateKeyPkcs8?: string;
    readonly tests: readonly VectorTest[];
  }[];
}

export function hasVectors(name: string): boolean {
  return existsSync(resolve(folder, name));
}

/** Why a suite is skipped, for its name; empty when it is not. */
export function absence(name: string): string {
  return hasVectors(name) ? '' : ` (skipped: no crypto/${name} below SEMA_DATA_DIR)`;
}

export function readVectors(name: string): VectorFile {
  // The published schema; a wrong shape fails what reads it.
  return JSON.parse(readFileSync(resolve(folder, name), 'utf8')) as VectorFile;
}
