import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PrivateKey } from '../src/index.ts';
import { damagedBytes, tryPem } from './damaged-keys.ts';
import { expectCode } from './expect-code.ts';
import { expectOnlyRefusals } from './expect-only-refusals.ts';

const message = Buffer.from('the bid is 17.25');

describe.each([
  ['PS256-2048', 400],
  ['SLH-DSA-SHA2-128f', 25],
] as const)('%s', (name, numRuns) => {
  const key = PrivateKey.generate(name);

  test('a damaged key in PEM is refused or signs as a key of its own', () => {
    fc.assert(
      fc.property(damagedBytes(key), (damaged) => tryPem(name, damaged, message)),
      { numRuns },
    );
  });
});

describe.each([
  ['Falcon-512', 60],
  ['Falcon-1024', 15],
  ['SLH-DSA-SHA2-128f', 15],
  ['SLH-DSA-SHA2-128s', 3],
] as const)('%s', (name, numRuns) => {
  const key = PrivateKey.generate(name);
  const raw = key.toRaw();

  test('a raw secret with any bit changed is refused, or signs as a key of its own', () => {
    fc.assert(
      fc.property(fc.nat(8 * raw.length - 1), (bit) => {
        const changed = Uint8Array.from(raw);
        changed[bit >> 3] ^= 1 << (bit & 7);
        expectOnlyRefusals(() => {
          using other = PrivateKey.fromRaw(name, changed);
          expect(other.publicKey.verify(message, other.sign(message))).toBe(true);
        });
      }),
      { numRuns },
    );
  });
});

test('SLH-DSA with the root of another key is refused, for it would sign in vain', () => {
  const [one, two] = [1, 2].map(() => PrivateKey.generate('SLH-DSA-SHA2-128f').toRaw());
  const mixed = Buffer.concat([one.subarray(0, 48), two.subarray(48)]);
  expectCode('SECRET_KEY_INVALID', () => PrivateKey.fromRaw('SLH-DSA-SHA2-128f', mixed));
});
