import { generateKeyPairSync } from 'node:crypto';
import { compactVerify, generalVerify, importJWK } from 'jose';
import type { GeneralJWS } from 'jose';
import { capabilities, createAdaptiveToken, DEFAULT_POLICY } from '../src/index.ts';
import { PrivateKey, PublicKey } from '../src/index.ts';
import type { AlgorithmName } from '../src/index.ts';
import { agreesOnJwk, agreesOnPem, ML_DSA, RFC9964, wrongSeeds } from './published-keys.ts';
import { signVectors, verifyVectors } from './ml-dsa-vectors.ts';
import { hasVectors, readVectors } from './wycheproof-files.ts';

/**
 * What a Node whose OpenSSL has ML-DSA and SLH-DSA is asked in a process of its own, by the name of
 * the claim: whether it holds. Written without the test runner, which may not run there.
 */
export async function checkBackends(): Promise<Record<string, boolean>> {
  const results: Record<string, boolean> = {};
  for (const { algorithm, backends } of capabilities()) {
    if (!/^(ML|SLH)-DSA/.test(algorithm)) continue;
    results[`${algorithm} has both backends`] = backends.join() === 'native,noble';
    if (!backends.includes('native')) continue;
    results[`${algorithm}: the backends agree`] = agree(algorithm);
  }
  results['native PKCS#8 with seed and expanded key is read'] = readsBothForms();
  if (hasVectors('mldsa_65_verify_test.json')) {
    for (const backend of ['native', 'noble'] as const) {
      const verified = verifyVectors(readVectors('mldsa_65_verify_test.json'), backend);
      results[`Wycheproof verification, ${backend}`] = isClean(verified, 210);
      const signed = signVectors(readVectors('mldsa_65_sign_seed_test.json'), backend);
      results[`Wycheproof seeded signing, ${backend}`] = isClean(signed, 105);
    }
  }
  for (const name of ML_DSA) {
    for (const backend of ['native', 'noble'] as const) {
      results[`${name}: ACVP key generation, ${backend}`] = wrongSeeds(name, backend).length === 0;
      results[`${name}: RFC 9881's key, ${backend}`] = agreesOnPem(name, backend);
      results[`${name}: RFC 9964's key and JWS, ${backend}`] = agreesOnJwk(name, backend);
    }
    const { kid, pub, jws } = RFC9964[name];
    const key = await importJWK({ kid, kty: 'AKP', alg: name, pub }, name);
    const { protectedHeader } = await compactVerify(jws, key);
    results[`${name}: jose verifies RFC 9964's JWS`] = protectedHeader.kid === kid;
  }
  results['jose verifies both signatures of a pair’s token'] = await joseVerifiesBoth();
  return results;
}

function isClean(verdicts: { count: number; wrong: readonly string[] }, count: number): boolean {
  return verdicts.wrong.length === 0 && verdicts.count === count;
}

/** The same secret has the same public key and id, and each backend verifies the other's work. */
function agree(algorithm: AlgorithmName): boolean {
  const message = Buffer.from('the bid is 17.25');
  const native = PrivateKey.generate(algorithm, { backend: 'native' });
  const noble = PrivateKey.fromRaw(algorithm, native.toRaw(), { backend: 'noble' });
  const back = PrivateKey.fromPem(algorithm, noble.toPem(), { backend: 'native' });
  const raw = native.publicKey.toRaw();
  const verifiers = (['native', 'noble'] as const).map((backend) =>
    PublicKey.fromRaw(algorithm, raw, { backend }),
  );
  const options = { context: Buffer.from('orders') };
  return (
    Buffer.from(raw).equals(noble.publicKey.toRaw()) &&
    native.publicKey.toPem() === noble.publicKey.toPem() &&
    JSON.stringify(native.toJwk()) === JSON.stringify(noble.toJwk()) &&
    back.publicKey.keyId === native.publicKey.keyId &&
    [native, noble].every((signer) => {
      const signature = signer.sign(message, options);
      return verifiers.every(
        (verifier) =>
          verifier.verify(message, signature, options) && !verifier.verify(message, signature),
      );
    })
  );
}

function readsBothForms(): boolean {
  // Node 20's types do not know it.
  const { privateKey, publicKey } = generateKeyPairSync('ml-dsa-65' as 'ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const read = PrivateKey.fromPem('ML-DSA-65', pem, { backend: 'noble' });
  return read.publicKey.toPem() === publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

async function joseVerifiesBoth(): Promise<boolean> {
  const privateKey = PrivateKey.generate('Ed25519+ML-DSA-87');
  const { jws, claims } = createAdaptiveToken({
    issuer: 'desk-1',
    subject: 'order-77',
    audience: 'risk',
    tokenValue: 10_000n,
    frequency: 1n,
    policy: DEFAULT_POLICY,
    privateKey,
    nowSeconds: 1_800_000_000,
    lifetimeSeconds: 60,
  });
  for (const { publicKey } of privateKey.parts) {
    const key = await importJWK({ ...publicKey.toJwk() }, publicKey.algorithm);
    // A pair's token has two signatures and so this form.
    const { payload } = await generalVerify(jws as GeneralJWS, key);
    if (new TextDecoder().decode(payload) !== JSON.stringify(claims)) return false;
  }
  return true;
}
