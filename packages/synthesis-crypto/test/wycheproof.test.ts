import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VerifyingKey } from '../src/index.ts';
import { bytesOfHex } from './key-material.ts';

/** The fields that are read of C2SP/wycheproof's `eddsa_verify_schema_v1.json`. */
interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const data = process.env['SEMA_DATA_DIR'] ?? resolve(root, '../shared/data');
const file = resolve(data, 'crypto/ed25519_test.json');
const present = existsSync(file);
const reason = present ? '' : ' (skipped: no crypto/ed25519_test.json below SEMA_DATA_DIR)';

describe.skipIf(!present)(`Wycheproof's Ed25519 vectors${reason}`, () => {
  test('every verdict is the published one', () => {
    // The published schema; a wrong shape fails the expectations below.
    const vectors = JSON.parse(readFileSync(file, 'utf8')) as VectorFile;
    const wrong: string[] = [];
    let count = 0;
    for (const { publicKey, tests } of vectors.testGroups) {
      const key = VerifyingKey.fromBytes(bytesOfHex(publicKey.pk));
      for (const { tcId, comment, msg, sig, result } of tests) {
        const verdict = key.verify(bytesOfHex(msg), bytesOfHex(sig)) ? 'valid' : 'invalid';
        if (verdict !== result) wrong.push(`${tcId}: ${comment} is ${result}`);
        count += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(vectors.numberOfTests);
    expect(count).toBeGreaterThan(100);
  });
});
