import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SigningKey } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { bytesOfHex, pemOfSeed, rfc8032 } from './key-material.ts';

const [{ seed }] = rfc8032;
const pem = pemOfSeed(seed);
const secret = Buffer.from(bytesOfHex(seed));
/** Every spelling a leak could take, and pieces of them. */
const spellings = [
  ...['hex', 'base64', 'base64url', 'latin1'].map((encoding) =>
    // Each is a BufferEncoding.
    secret.toString(encoding as BufferEncoding).slice(0, 12),
  ),
  secret.toString('hex').toUpperCase().slice(0, 12),
  secret.subarray(0, 6).join(','),
  pem.split('\n')[1].slice(30, 42),
];

/** White space is left out, because printed lists are padded into columns. */
function showsSecret(text: string): boolean {
  const packed = text.replace(/\s/g, '');
  return spellings.some((spelling) => packed.includes(spelling.replace(/\s/g, '')));
}

describe('a signing key shows no secret', () => {
  const key = SigningKey.fromPem(pem);

  test('the search would find one', () => {
    const exported = Buffer.from(key.toPem().split('\n')[1], 'base64').subarray(16);
    for (const text of [exported.toString('hex'), inspect([...exported]), key.toPem()]) {
      expect(showsSecret(text)).toBe(true);
    }
  });

  test.each([
    ['inspect', inspect(key)],
    ['inspect with everything', inspect(key, { showHidden: true, depth: null, getters: true })],
    [
      'inspect without our say',
      inspect(key, { customInspect: false, showHidden: true, depth: null }),
    ],
    ['inspect inside another object', inspect({ nested: [key] }, { depth: null })],
    ['JSON', JSON.stringify({ key })],
    ['text', Object.prototype.toString.call(key)],
    ['a template with its own keys', Object.getOwnPropertyNames(key).join()],
    ['a structured clone', inspect(structuredClone({ ...key }), { depth: null })],
    ['its entries', inspect(Object.entries(key), { depth: null })],
  ])('to %s', (_name, text) => {
    expect(showsSecret(text)).toBe(false);
  });

  test('to inspect, but does show which key it is', () => {
    expect(inspect(key)).toBe(`SigningKey { keyId: '${key.verifyingKey.keyId}' }`);
  });
});

test('no error about a PEM text shows any of it', () => {
  const damaged = [
    pem.replace('MC4C', 'MC4D'),
    pem.replace('PRIVATE KEY', 'EC PRIVATE KEY'),
    pem.replaceAll('-----', '----'),
    `${pem}${pem}`,
    ...Array.from({ length: pem.length - 1 }, (_, length) => pem.slice(0, length)),
  ];
  for (const text of damaged) {
    const error = expectCode('PEM_INVALID', () => SigningKey.fromPem(text));
    expect(error.cause).toBeUndefined();
    expect(showsSecret(inspect(error, { showHidden: true, depth: null }))).toBe(false);
    expect(showsSecret(error.stack ?? '')).toBe(false);
  }
});
