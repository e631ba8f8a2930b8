import fc from 'fast-check';
import { generalVerify, importJWK, jwtVerify } from 'jose';
import type { GeneralJWS } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  createAdaptiveToken,
  createRekeyStatement,
  DEFAULT_POLICY,
  definePolicy,
  PrivateKey,
  PublicKey,
  ReplayGuard,
  verifyAdaptiveToken,
  verifyRekeyStatement,
} from '../src/index.ts';
import type { AdaptiveToken, GeneralJws, TokenExpectations, TokenRequest } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

const nowSeconds = 1_800_000_000;
const key = PrivateKey.generate('Ed25519');
const pairKey = PrivateKey.generate('Ed25519+ML-DSA-87');
const trusted = [key, pairKey].map(({ publicKey }) => publicKey);

const request: TokenRequest = {
  issuer: 'desk-1',
  subject: 'order-77',
  audience: 'risk',
  tokenValue: 10n,
  frequency: 3n,
  policy: DEFAULT_POLICY,
  privateKey: key,
  nowSeconds,
  lifetimeSeconds: 60,
};
const expected: TokenExpectations = {
  policies: [DEFAULT_POLICY],
  findKey: (keyId) => trusted.find((candidate) => candidate.keyId === keyId),
  audience: 'risk',
  nowSeconds,
  skewSeconds: 5,
};
const token = createAdaptiveToken(request);
const pairToken = createAdaptiveToken({ ...request, tokenValue: 10_000n, privateKey: pairKey });

/** The JWS of a token with one signature. */
function compact({ jws }: AdaptiveToken): string {
  return typeof jws === 'string' ? jws : '';
}

function refusal(jws: unknown, change: Partial<TokenExpectations> = {}): string | undefined {
  const verdict = verifyAdaptiveToken(jws, { ...expected, ...change });
  return verdict.valid ? undefined : verdict.reason;
}

/** A token of the fixed key over any payload and header, as a holder of the key could make. */
function signedBy(signer: PrivateKey, payload: unknown, header: object): string {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${Buffer.from(signer.sign(Buffer.from(input))).toString('base64url')}`;
}
const goodHeader = { alg: 'Ed25519', kid: key.publicKey.keyId, typ: 'sema-token+jwt' };

describe('a token', () => {
  test('says what was decided and verifies', () => {
    const verdict = verifyAdaptiveToken(token.jws, expected);
    expect(verdict).toEqual({ valid: true, token });
    expect(token.claims).toMatchObject({
      aud: 'risk',
      energy: '30',
      class: 'low',
      policy: DEFAULT_POLICY.id,
      keyId: key.publicKey.keyId,
      seq: 0,
      prev: '',
      iat: nowSeconds,
      exp: nowSeconds + 60,
    });
    expect(verifyAdaptiveToken(pairToken.jws, expected)).toEqual({ valid: true, token: pairToken });
  });

  test('is a JWT that jose verifies', async () => {
    const imported = await importJWK({ ...key.publicKey.toJwk() }, 'Ed25519');
    const { payload, protectedHeader } = await jwtVerify(compact(token), imported, {
      audience: 'risk',
      issuer: 'desk-1',
      typ: 'sema-token+jwt',
      currentDate: new Date(1000 * nowSeconds),
    });
    expect(payload).toEqual(token.claims);
    expect(protectedHeader).toEqual(goodHeader);
    const late = { currentDate: new Date(1000 * (nowSeconds + 61)) };
    await expect(jwtVerify(compact(token), imported, late)).rejects.toThrow('"exp"');
  });

  test('of two signatures is a general JWS whose classical part jose verifies', async () => {
    const [classical] = pairKey.parts;
    const imported = await importJWK({ ...classical.publicKey.toJwk() }, 'Ed25519');
    const jws = pairToken.jws as GeneralJWS;
    expect(jws.signatures).toHaveLength(2);
    const { payload } = await generalVerify(jws, imported);
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(pairToken.claims);
    const other = PrivateKey.generate('Ed25519').publicKey.toJwk();
    const wrong = await importJWK({ ...other }, 'Ed25519');
    await expect(generalVerify(jws, wrong)).rejects.toThrow('signature verification failed');
  });

  test('made with ES256 is verified by jose too', async () => {
    using other = PrivateKey.generate('ES256');
    const made = createAdaptiveToken({ ...request, privateKey: other });
    const imported = await importJWK({ ...other.publicKey.toJwk() }, 'ES256');
    const options = { currentDate: new Date(1000 * nowSeconds) };
    const { payload } = await jwtVerify(compact(made), imported, options);
    expect(payload).toEqual(made.claims);
  });

  test('is not made with a key that its class does not list, or with claims of no sense', () => {
    expectCode('KEY_MISMATCH', () => createAdaptiveToken({ ...request, tokenValue: 10_000n }));
    for (const change of [
      { issuer: '' },
      { subject: 'a'.repeat(300) },
      { audience: '\ud800' },
      { nowSeconds: 1.5 },
      { nowSeconds: NaN },
      { lifetimeSeconds: 0 },
      { lifetimeSeconds: NaN },
    ]) {
      expectCode('CLAIMS_INVALID', () => createAdaptiveToken({ ...request, ...change }));
    }
    const spent = PrivateKey.generate('Ed25519');
    spent[Symbol.dispose]();
    expectCode('DISPOSED', () => createAdaptiveToken({ ...request, privateKey: spent }));
  });
});

describe('a token is refused', () => {
  test('under an unknown policy, and so under a newer one', () => {
    const { id: _id, ...rules } = DEFAULT_POLICY;
    const newer = definePolicy({ ...rules, version: 2 });
    const made = createAdaptiveToken({ ...request, policy: newer });
    expect(refusal(made.jws)).toBe('POLICY_UNKNOWN');
    expect(refusal(made.jws, { policies: [DEFAULT_POLICY, newer] })).toBeUndefined();
  });

  test('by another audience', () => {
    expect(refusal(token.jws, { audience: 'desk' })).toBe('AUDIENCE_MISMATCH');
  });

  test('before and after its time, give or take the skew', () => {
    const at = (seconds: number): string | undefined =>
      refusal(token.jws, { nowSeconds: nowSeconds + seconds });
    expect([-6, -5, 0, 64, 65].map(at)).toEqual([
      'NOT_YET_VALID',
      undefined,
      undefined,
      undefined,
      'EXPIRED',
    ]);
    for (const skewSeconds of [-1, 601, NaN]) {
      expectCode('CLAIMS_INVALID', () => refusal(token.jws, { skewSeconds }));
    }
  });

  test('the second time, and when the guard cannot promise that it is the first', () => {
    const replayGuard = new ReplayGuard(1);
    expect(refusal(token.jws, { replayGuard })).toBeUndefined();
    expect(refusal(token.jws, { replayGuard })).toBe('REPLAYED');
    expect(refusal(pairToken.jws, { replayGuard })).toBe('REPLAY_GUARD_FULL');
    // Once the first has expired, skew included, its id may be forgotten.
    const later = nowSeconds + 65;
    const fresh = createAdaptiveToken({ ...request, nowSeconds: later });
    expect(refusal(fresh.jws, { replayGuard, nowSeconds: later })).toBeUndefined();
    expect(refusal(token.jws, { replayGuard, nowSeconds: later })).toBe('EXPIRED');
  });

  test('a forged one does not use up a place of the guard', () => {
    const replayGuard = new ReplayGuard(1);
    const forged = `${compact(token).slice(0, -4)}AAAA`;
    expect(refusal(forged, { replayGuard })).not.toBeUndefined();
    expect(replayGuard.size).toBe(0);
  });

  test('under a key that is not trusted, or of another algorithm than it says', () => {
    expect(refusal(token.jws, { findKey: () => undefined })).toBe('KEY_UNKNOWN');
    expect(refusal(token.jws, { findKey: () => pairKey.publicKey })).toBe('KEY_UNKNOWN');
  });

  test('when its class is too low for its energy, however well it is signed', () => {
    const claims = { ...token.claims, tokenValue: '10000', energy: '30000' };
    expect(refusal(signedBy(key, claims, goodHeader))).toBe('CLASS_TOO_LOW');
    const relabelled = { ...claims, class: 'maximum' };
    expect(refusal(signedBy(key, relabelled, goodHeader))).toBe('CLASS_TOO_LOW');
    const wrongProduct = { ...token.claims, energy: '31' };
    expect(refusal(signedBy(key, wrongProduct, goodHeader))).toBe('MALFORMED');
  });

  test('with one signature of two, or both in another order', () => {
    const { payload, signatures } = pairToken.jws as GeneralJws;
    const [first, second] = signatures;
    for (const changed of [[first], [second], [second, first], [first, first], []]) {
      const reason = refusal({ payload, signatures: changed });
      expect(['SIGNATURE_INVALID', 'MALFORMED']).toContain(reason);
    }
    const compact = `${first.protected}.${payload}.${first.signature}`;
    expect(refusal(compact)).toBe('SIGNATURE_INVALID');
  });

  test('with any other header: alg none, another type, crit, a key of its own', () => {
    for (const header of [
      { ...goodHeader, alg: 'none' },
      { ...goodHeader, alg: 'HS256' },
      { ...goodHeader, alg: 'EdDSA' },
      { ...goodHeader, typ: 'JWT' },
      { ...goodHeader, crit: ['x'], x: 1 },
      { ...goodHeader, jwk: key.publicKey.toJwk() },
      { ...goodHeader, kid: 'x' },
    ]) {
      expect(refusal(signedBy(key, token.claims, header))).toBe('SIGNATURE_INVALID');
    }
  });

  test('with a claim twice, missing, beside the others or in another spelling', () => {
    const text = JSON.stringify(token.claims);
    const { jti: _jti, ...missing } = token.claims;
    for (const payload of [
      text.replace('{', '{"aud":"desk",'),
      text.replace('{', '{ '),
      JSON.stringify(missing),
      JSON.stringify({ ...token.claims, admin: true }),
      JSON.stringify({ ...token.claims, seq: -1 }),
      JSON.stringify({ ...token.claims, exp: '9' }),
      '[]',
      'null',
      '{',
    ]) {
      expect(refusal(signedBy(key, payload, goodHeader))).toBe('MALFORMED');
    }
  });

  test('whatever it is, with a reason and without an exception', () => {
    const text = compact(token);
    const damaged = fc
      .tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 4 }))
      .map(([at, noise]) => text.slice(0, at) + noise + text.slice(at + noise.length));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.anything(), fc.json(), fc.string()), (any) => {
        if (any === text) return;
        expect(refusal(any)).toEqual(expect.any(String));
      }),
      { numRuns: 500 },
    );
    const general = pairToken.jws as GeneralJws;
    fc.assert(
      fc.property(fc.anything(), (any) => {
        expect(refusal({ ...general, signatures: any })).toEqual(expect.any(String));
        expect(refusal({ ...general, payload: any })).toEqual(expect.any(String));
        expect(refusal({ ...general, signatures: [any, any] })).toEqual(expect.any(String));
      }),
    );
    expect(refusal('A'.repeat(10_000_000))).toBe('MALFORMED');
    expect(refusal(new Proxy({}, {}))).toBe('MALFORMED');
  });
});

describe('a chain of tokens', () => {
  const second = createAdaptiveToken({ ...request, previous: token, tokenValue: 20n });

  test('carries number and hash, and is broken by anything else in between', () => {
    expect(second.claims).toMatchObject({ seq: 1, prev: token.hash });
    expect(refusal(second.jws, { previous: token })).toBeUndefined();
    expect(refusal(second.jws, { previous: pairToken })).toBe('SEQUENCE_BROKEN');
    expect(refusal(token.jws, { previous: token })).toBe('SEQUENCE_BROKEN');
  });

  test('keeps its class just below an edge', () => {
    const medium = createAdaptiveToken({ ...request, tokenValue: 34n });
    expect(medium.claims.class).toBe('medium');
    const near = createAdaptiveToken({ ...request, previous: medium, tokenValue: 31n });
    expect(near.claims).toMatchObject({ energy: '93', class: 'medium' });
    expect(refusal(near.jws)).toBeUndefined();
  });

  test('the same claims signed again are the same token', () => {
    const again = verifyAdaptiveToken(signedBy(key, token.claims, goodHeader), expected);
    expect(again.valid && again.token.hash).toBe(token.hash);
  });
});

describe('re-keying', () => {
  const next = PrivateKey.generate('Ed25519');
  const rekey = { from: key, to: next, nowSeconds, sequence: 1 };
  const statement = createRekeyStatement(rekey);
  const trust = { from: key.publicKey, nowSeconds, skewSeconds: 5, sequence: 1 };

  test('the old key allows and the new one proves itself, pairs included', () => {
    expect(verifyRekeyStatement(statement, trust)?.keyId).toBe(next.publicKey.keyId);
    const toPair = createRekeyStatement({ ...rekey, to: pairKey });
    expect(toPair.signatures).toHaveLength(3);
    expect(verifyRekeyStatement(toPair, trust)?.keyId).toBe(pairKey.publicKey.keyId);
  });

  test('nobody else can state it, nobody can claim a key that is not theirs', () => {
    using stranger = PrivateKey.generate('Ed25519');
    const byStranger = createRekeyStatement({ ...rekey, from: stranger });
    expect(verifyRekeyStatement(byStranger, trust)).toBeUndefined();
    // The old key names the stranger's key, but signs for it itself.
    const { payload, signatures } = createRekeyStatement({ ...rekey, to: stranger });
    const [own] = signatures;
    expect(verifyRekeyStatement({ payload, signatures: [own, own] }, trust)).toBeUndefined();
    expect(verifyRekeyStatement({ payload, signatures: [own] }, trust)).toBeUndefined();
  });

  test('an old statement, one from the future, or a damaged one is refused', () => {
    expect(verifyRekeyStatement(statement, { ...trust, sequence: 2 })).toBeUndefined();
    const early = { ...trust, nowSeconds: nowSeconds - 6 };
    expect(verifyRekeyStatement(statement, early)).toBeUndefined();
    expect(verifyRekeyStatement(token.jws, trust)).toBeUndefined();
    fc.assert(
      fc.property(fc.anything(), fc.json(), (any, text) => {
        const payload = Buffer.from(text).toString('base64url');
        expect(verifyRekeyStatement(any, trust)).toBeUndefined();
        expect(verifyRekeyStatement({ ...statement, payload }, trust)).toBeUndefined();
      }),
    );
    expectCode('KEY_MISMATCH', () => createRekeyStatement({ ...rekey, to: key }));
    expectCode('CLAIMS_INVALID', () => createRekeyStatement({ ...rekey, sequence: 0 }));
    expect(PublicKey.fromRaw('Ed25519', next.publicKey.toRaw()).keyId).toBe(next.publicKey.keyId);
  });
});
