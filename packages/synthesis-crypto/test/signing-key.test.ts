import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromBase64url, MAX_MESSAGE_BYTES, SigningKey, toBase64url } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { bytesOfHex, hexOf, pemOfSeed, rfc8032 } from './key-material.ts';

describe('RFC 8032, §7.1', () => {
  test.each(rfc8032)('$name: public key and signature from the seed', (vector) => {
    using key = SigningKey.fromPem(pemOfSeed(vector.seed));
    expect(hexOf(key.verifyingKey.toBytes())).toBe(vector.publicKey);
    const signature = key.sign(bytesOfHex(vector.message));
    expect(hexOf(signature)).toBe(vector.signature);
    expect(key.verifyingKey.verify(bytesOfHex(vector.message), signature)).toBe(true);
  });
});

describe('RFC 8037, appendix A', () => {
  const seed = hexOf(fromBase64url('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'));

  test('A.1 to A.3: public key and thumbprint', () => {
    using key = SigningKey.fromPem(pemOfSeed(seed));
    expect(key.verifyingKey.toText()).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
    expect(key.verifyingKey.keyId).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  test('A.4: the signature of a JWS', () => {
    using key = SigningKey.fromPem(pemOfSeed(seed));
    const input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    expect(toBase64url(key.sign(new TextEncoder().encode(input)))).toBe(
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    );
  });
});

describe('a generated key', () => {
  test('signs what its public key verifies, and nothing else verifies', () => {
    using key = SigningKey.generate();
    using other = SigningKey.generate();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (message, bit) => {
        const signature = key.sign(message);
        expect(signature).toBeInstanceOf(Uint8Array);
        expect(signature.length).toBe(64);
        expect(key.verifyingKey.verify(message, signature)).toBe(true);
        expect(other.verifyingKey.verify(message, signature)).toBe(false);
        expect(key.verifyingKey.verify(message, withBitFlipped(signature, bit))).toBe(false);
        expect(key.verifyingKey.verify(withBitFlipped(message, bit), signature)).toBe(false);
      }),
    );
  });

  test('is a new one each time', () => {
    const ids = Array.from({ length: 20 }, () => SigningKey.generate().verifyingKey.keyId);
    expect(new Set(ids).size).toBe(20);
  });

  test('survives PEM: the same key signs the same', () => {
    using key = SigningKey.generate();
    using copy = SigningKey.fromPem(key.toPem());
    const message = Uint8Array.of(1, 2, 3);
    expect(copy.toPem()).toBe(key.toPem());
    expect(copy.verifyingKey.keyId).toBe(key.verifyingKey.keyId);
    expect(copy.sign(message)).toEqual(key.sign(message));
  });
});

describe('PEM', () => {
  const [{ seed, publicKey }] = rfc8032;
  const pem = pemOfSeed(seed);

  test.each([
    ['CRLF line ends', pem.replaceAll('\n', '\r\n')],
    ['white space around it', `\n  ${pem}\n\n`],
    ['no last line end', pem.trimEnd()],
  ])('with %s is read', (_name, text) => {
    using key = SigningKey.fromPem(text);
    expect(hexOf(key.verifyingKey.toBytes())).toBe(publicKey);
  });

  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519');
  const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
  test.each([
    ['nothing', ''],
    ['words', 'a private key'],
    ['an empty block', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'],
    ['a truncated key', pem.replace(/.{8}\n-----END/, '\n-----END')],
    ['a truncated block', pem.slice(0, -10)],
    ['a seed of 31 bytes', pemOfSeed(seed.slice(2))],
    ['bytes that are no key', pem.replace('MC4C', 'AAAA')],
    ['two keys', pem + pem],
    ['text before the key', `key: ${pem}`],
    ['a public key', ed25519.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ['a key of another curve', p256.export(pkcs8).toString()],
    ['an X25519 key', generateKeyPairSync('x25519').privateKey.export(pkcs8).toString()],
    ['an Ed448 key', generateKeyPairSync('ed448').privateKey.export(pkcs8).toString()],
    [
      'an encrypted key',
      ed25519.privateKey
        .export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'secret' })
        .toString(),
    ],
    ['a very long text', pem.replace('MC4C', 'MC4C'.repeat(1_000_000))],
  ])('with %s is refused', (_name, text) => {
    expectCode('PEM_INVALID', () => SigningKey.fromPem(text));
  });

  test('of another type is refused', () => {
    // The casts stand for callers without a type checker.
    expectCode('WRONG_TYPE', () => SigningKey.fromPem(undefined as unknown as string));
    expectCode('WRONG_TYPE', () => SigningKey.fromPem(Buffer.from(pem) as unknown as string));
  });
});

describe('a message', () => {
  test('must be a Uint8Array of at most 64 MiB', () => {
    using key = SigningKey.generate();
    expectCode('WRONG_TYPE', () => key.sign('text' as unknown as Uint8Array));
    expectCode('WRONG_TYPE', () => key.sign([1, 2] as unknown as Uint8Array));
    const tooLong = new Uint8Array(MAX_MESSAGE_BYTES + 1);
    expectCode('TOO_LARGE', () => key.sign(tooLong));
    expect(key.verifyingKey.verify(tooLong, new Uint8Array(64))).toBe(false);
  });

  test('may be a view: only its own bytes are signed', () => {
    using key = SigningKey.generate();
    const whole = Uint8Array.of(9, 1, 2, 9);
    expect(key.sign(whole.subarray(1, 3))).toEqual(key.sign(Uint8Array.of(1, 2)));
  });
});

describe('a disposed key', () => {
  test('neither signs nor exports; its public key still verifies', () => {
    const message = Uint8Array.of(1);
    const key = SigningKey.generate();
    const signature = key.sign(message);
    key[Symbol.dispose]();
    key[Symbol.dispose]();
    expectCode('DISPOSED', () => key.sign(message));
    expectCode('DISPOSED', () => key.toPem());
    expect(key.verifyingKey.verify(message, signature)).toBe(true);
  });

  test('is what `using` leaves behind, also when the scope throws', () => {
    let escaped: SigningKey | undefined;
    expect(() => {
      using key = SigningKey.generate();
      escaped = key;
      throw new Error('on the way');
    }).toThrow('on the way');
    expectCode('DISPOSED', () => escaped?.toPem());
  });
});

function withBitFlipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const at = bit % (8 * bytes.length);
  changed[at >> 3] ^= 1 << (at & 7);
  return changed;
}
