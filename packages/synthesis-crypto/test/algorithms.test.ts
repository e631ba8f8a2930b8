import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALGORITHM_NAMES, capabilities, PrivateKey, PublicKey } from '../src/index.ts';
import type { AlgorithmName } from '../src/index.ts';
import { expectCode } from './expect-code.ts';
import { bytesOfHex, hexOf, rfc8032 } from './key-material.ts';
import { expectOnlyRefusals } from './expect-only-refusals.ts';

const message = Buffer.from('the bid is 17.25');
/** The rest have slow keys or signatures: algorithms.slow.test.ts. */
const QUICK = ALGORITHM_NAMES.filter((name) => !/Falcon|SLH|PS256/.test(name));
const WITH_FORMS = QUICK.filter((name) => !name.includes('+'));

describe.each(QUICK)('%s', (name) => {
  const key = PrivateKey.generate(name);
  const { publicKey } = key;
  const signature = key.sign(message);
  const raw = key.toRaw();

  test('verifies what it signed and nothing else', () => {
    expect(publicKey.verify(message, signature)).toBe(true);
    expect(publicKey.verify(Buffer.from('the bid is 17.26'), signature)).toBe(false);
    expect(PrivateKey.generate(name).publicKey.verify(message, signature)).toBe(false);
    const length = capabilities().find(({ algorithm }) => algorithm === name)?.signatureBytes;
    expect(signature).toHaveLength(length ?? 0);
  });

  test('refuses any flipped bit and any other length', () => {
    const bits = fc.nat(8 * signature.length - 1);
    fc.assert(
      fc.property(bits, (bit) => {
        const changed = Uint8Array.from(signature);
        changed[bit >> 3] ^= 1 << (bit & 7);
        expect(publicKey.verify(message, changed)).toBe(false);
      }),
      { numRuns: 30 },
    );
    for (const length of [0, 1, signature.length - 1, signature.length + 1]) {
      const other = new Uint8Array(length);
      other.set(signature.subarray(0, Math.min(length, signature.length)));
      expect(publicKey.verify(message, other)).toBe(false);
    }
  });

  test('has one raw form each for its keys', () => {
    using again = PrivateKey.fromRaw(name, raw);
    expect(again.publicKey.keyId).toBe(publicKey.keyId);
    expect(publicKey.verify(message, again.sign(message))).toBe(true);
    const read = PublicKey.fromRaw(name, publicKey.toRaw());
    expect(read.keyId).toBe(publicKey.keyId);
    expect(read.verify(message, signature)).toBe(true);
    expectCode('SECRET_KEY_INVALID', () => PrivateKey.fromRaw(name, raw.subarray(1)));
    expectCode('PUBLIC_KEY_INVALID', () => PublicKey.fromRaw(name, publicKey.toRaw().subarray(1)));
  });

  test('goes to another thread as a handle', () => {
    using adopted = PrivateKey.fromKeyObject(name, PrivateKey.fromRaw(name, raw).toKeyObject());
    expect(publicKey.verify(message, adopted.sign(message))).toBe(true);
    const other = generateKeyPairSync('x25519').privateKey;
    expectCode('SECRET_KEY_INVALID', () => PrivateKey.fromKeyObject(name, other));
  });

  test('shows its id and no secret, and does nothing once disposed', () => {
    const shown = inspect(key, { showHidden: true, depth: null, customInspect: false });
    expect(inspect(key)).toBe(`PrivateKey { algorithm: '${name}', keyId: '${publicKey.keyId}' }`);
    expect(JSON.stringify({ key })).not.toContain(hexOf(raw).slice(0, 12));
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(shown).not.toContain(Buffer.from(raw).toString(encoding).slice(4, 16));
    }
    const spent = PrivateKey.fromRaw(name, raw);
    const { parts } = spent;
    spent[Symbol.dispose]();
    spent[Symbol.dispose]();
    expectCode('DISPOSED', () => spent.sign(message));
    expectCode('DISPOSED', () => spent.toRaw());
    expectCode('DISPOSED', () => spent.toKeyObject());
    expectCode('DISPOSED', () => spent.parts);
    for (const part of parts) expectCode('DISPOSED', () => part.sign(message));
    expect(spent.publicKey.verify(message, signature)).toBe(true);
  });

  test('any bytes as a key or a signature are a verdict or a refusal', () => {
    const sizes = [0, 1, 32, 64, 65, raw.length, publicKey.toRaw().length, signature.length];
    const bytes = fc
      .constantFrom(...sizes)
      .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    fc.assert(
      fc.property(bytes, (any) => {
        expect(publicKey.verify(message, any)).toBe(false);
        expectOnlyRefusals(() => PublicKey.fromRaw(name, any).verify(message, signature));
        expectOnlyRefusals(() => PrivateKey.fromRaw(name, any));
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(WITH_FORMS)('%s in standard forms', (name) => {
  const key = PrivateKey.generate(name);
  const jwk = key.toJwk();
  const pem = key.toPem();

  test('JWK and PEM give the key back', () => {
    for (const read of [PrivateKey.fromJwk(name, jwk), PrivateKey.fromPem(name, pem)]) {
      expect(key.publicKey.verify(message, read.sign(message))).toBe(true);
    }
    const { publicKey } = key;
    for (const read of [
      PublicKey.fromJwk(name, publicKey.toJwk()),
      PublicKey.fromPem(name, publicKey.toPem()),
    ]) {
      expect(read.keyId).toBe(publicKey.keyId);
    }
  });

  test('a key of another algorithm, a public one, or a pair that does not fit is refused', () => {
    for (const other of WITH_FORMS.filter((candidate) => candidate !== name)) {
      expectCode('JWK_INVALID', () => PrivateKey.fromJwk(other, jwk));
      expectCode('JWK_INVALID', () => PublicKey.fromJwk(other, jwk));
      expectCode('PEM_INVALID', () => PrivateKey.fromPem(other, pem));
    }
    expectCode('JWK_INVALID', () => PrivateKey.fromJwk(name, key.publicKey.toJwk()));
    expectCode('PEM_INVALID', () => PrivateKey.fromPem(name, key.publicKey.toPem()));
    using stranger = PrivateKey.generate(name);
    const mixed = { ...jwk, ...stranger.publicKey.toJwk() };
    expectCode('KEY_MISMATCH', () => PrivateKey.fromJwk(name, mixed));
  });

  test('damaged texts are refused and show no secret', () => {
    const body = pem.split('\n')[1];
    fc.assert(
      fc.property(fc.nat(pem.length - 1), fc.string({ maxLength: 3 }), (at, noise) => {
        const damaged = pem.slice(0, at) + noise + pem.slice(at + 1);
        const error = expectOnlyRefusals(() => PrivateKey.fromPem(name, damaged));
        expect(inspect(error, { showHidden: true })).not.toContain(body.slice(24, 48));
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(fc.anything(), (any) => {
        expectOnlyRefusals(() => PrivateKey.fromJwk(name, any));
        expectOnlyRefusals(() => PublicKey.fromJwk(name, { ...jwk, ...(any as object) }));
      }),
      { numRuns: 60 },
    );
  });

  test('a text is taken only with the data that it holds', () => {
    expectCode('JWK_INVALID', () => PrivateKey.fromJwk(name, new Proxy({}, {})));
    expectCode('JWK_INVALID', () => PrivateKey.fromJwk(name, null));
    expectCode('WRONG_TYPE', () => PrivateKey.fromPem(name, 1 as unknown as string));
    expectCode('PEM_INVALID', () => PrivateKey.fromPem(name, `${pem}${pem}`));
    expectCode('JWK_INVALID', () => PrivateKey.fromJwk(name, { ...jwk, alg: 'HS256' }));
  });
});

describe('published examples', () => {
  test.each(rfc8032)('RFC 8032, §7.1, $name', ({ seed, publicKey, message: text, signature }) => {
    using key = PrivateKey.fromRaw('Ed25519', bytesOfHex(seed));
    expect(hexOf(key.publicKey.toRaw())).toBe(publicKey);
    expect(hexOf(key.sign(bytesOfHex(text)))).toBe(signature);
    expect(hexOf(key.sign(bytesOfHex(text), { deterministic: true }))).toBe(signature);
  });

  test('RFC 7515, appendix A.3: the ES256 signature verifies under the published key', () => {
    const key = PublicKey.fromJwk('ES256', {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    });
    const input =
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt' +
      'cGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
    const signature =
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';
    expect(key.verify(Buffer.from(input), Buffer.from(signature, 'base64url'))).toBe(true);
    expect(key.verify(Buffer.from(`${input}A`), Buffer.from(signature, 'base64url'))).toBe(false);
  });

  test('RFC 8037, appendix A.3: the thumbprint of the Ed25519 key is its id', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    const { keyId } = PublicKey.fromJwk('Ed25519', jwk);
    expect(keyId).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });
});

describe('options', () => {
  test('a context is signed along where the standard has one', () => {
    using key = PrivateKey.generate('ML-DSA-44');
    const context = Buffer.from('orders');
    const signature = key.sign(message, { context });
    expect(key.publicKey.verify(message, signature, { context })).toBe(true);
    expect(key.publicKey.verify(message, signature)).toBe(false);
    const other = Buffer.from('order');
    expect(key.publicKey.verify(message, signature, { context: other })).toBe(false);
    expectCode('CONTEXT_INVALID', () => key.sign(message, { context: new Uint8Array(256) }));
    using classical = PrivateKey.generate('Ed25519');
    expectCode('CONTEXT_INVALID', () => classical.sign(message, { context }));
  });

  test('a deterministic signature repeats, and is refused where it cannot be had', () => {
    using key = PrivateKey.generate('ML-DSA-44', { backend: 'noble' });
    const options = { deterministic: true };
    expect(key.sign(message, options)).toEqual(key.sign(message, options));
    expect(key.sign(message)).not.toEqual(key.sign(message));
    using ecdsa = PrivateKey.generate('ES256');
    expectCode('DETERMINISM_UNAVAILABLE', () => ecdsa.sign(message, options));
  });

  test('unknown names are refused', () => {
    for (const name of ['RS256', 'none', '', 'constructor', '__proto__']) {
      expectCode('ALGORITHM_UNKNOWN', () => PrivateKey.generate(name as AlgorithmName));
    }
    expectCode('BACKEND_UNAVAILABLE', () => PrivateKey.generate('Ed25519', { backend: 'noble' }));
  });
});

describe('a pair', () => {
  const key = PrivateKey.generate('Ed25519+ML-DSA-65');
  const signature = key.sign(message);

  test('needs both: with either part of another key or message it is refused', () => {
    using other = PrivateKey.generate('Ed25519+ML-DSA-65');
    const foreign = other.sign(message);
    for (const mixed of [
      Buffer.concat([signature.subarray(0, 64), foreign.subarray(64)]),
      Buffer.concat([foreign.subarray(0, 64), signature.subarray(64)]),
    ]) {
      expect(key.publicKey.verify(message, mixed)).toBe(false);
      expect(other.publicKey.verify(message, mixed)).toBe(false);
    }
  });

  test('cannot be stripped: a part means nothing alone, nor a lone signature in a pair', () => {
    const [classical, lattice] = key.parts;
    expect(classical.publicKey.verify(message, signature.subarray(0, 64))).toBe(false);
    expect(lattice.publicKey.verify(message, signature.subarray(64))).toBe(false);
    const lone = Buffer.concat([classical.sign(message), lattice.sign(message)]);
    expect(key.publicKey.verify(message, lone)).toBe(false);
  });

  test('has no JWK and no PEM of its own, but its parts have', () => {
    expectCode('FORMAT_UNSUPPORTED', () => key.toJwk());
    expectCode('FORMAT_UNSUPPORTED', () => key.toPem());
    expectCode('FORMAT_UNSUPPORTED', () => key.publicKey.toJwk());
    expect(key.parts.map((part) => part.toJwk()['kty'])).toEqual(['OKP', 'AKP']);
  });
});

test('signatures are those of the standards: node:crypto verifies them from our JWK', () => {
  for (const [name, digest] of [
    ['Ed25519', null],
    ['ES256K', 'sha256'],
    ['ES256', 'sha256'],
  ] as const) {
    using key = PrivateKey.generate(name);
    const imported = createPublicKey({ key: { ...key.publicKey.toJwk() }, format: 'jwk' });
    const input = { key: imported, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify(digest, message, input, key.sign(message)), name).toBe(true);
  }
});

test('capabilities name what runs, and every class of security is stated', () => {
  const all = capabilities();
  expect(all.map(({ algorithm }) => algorithm)).toEqual(ALGORITHM_NAMES);
  for (const { algorithm, backend, backends, experimental } of all) {
    expect(backends[0]).toBe(backend);
    expect(experimental).toBe(algorithm.startsWith('Falcon'));
    if (!/SLH|Falcon|PS256/.test(algorithm)) {
      expect(PrivateKey.generate(algorithm).backend).toBe(backend);
    }
  }
});
