import { test, expect } from 'vitest';
import { PrivateKey } from '../src/private-key.ts';
import { PublicKey } from '../src/public-key.ts';
import { capabilities } from '../src/algorithms/registry.ts';
test('all', () => {
  for (const c of capabilities()) {
    if (c.algorithm.startsWith('Falcon-1024') || c.algorithm.includes('128s')) continue;
    const t = performance.now();
    const k = PrivateKey.generate(c.algorithm);
    const m = Buffer.from('hello');
    const s = k.sign(m);
    expect(s.length).toBe(c.signatureBytes);
    expect(k.publicKey.verify(m, s)).toBe(true);
    s[70 % s.length] ^= 1;
    expect(k.publicKey.verify(m, s)).toBe(false);
    const k2 = PrivateKey.fromRaw(c.algorithm, k.toRaw());
    expect(k2.publicKey.keyId).toBe(k.publicKey.keyId);
    const k3 = PrivateKey.fromKeyObject(c.algorithm, k.toKeyObject());
    expect(k3.publicKey.keyId).toBe(k.publicKey.keyId);
    expect(k.parts.map((p) => p.publicKey.keyId)).toEqual(k.publicKey.parts.map((p) => p.keyId));
    try {
      expect(PrivateKey.fromJwk(c.algorithm, k.toJwk()).publicKey.keyId).toBe(k.publicKey.keyId);
      expect(PrivateKey.fromPem(c.algorithm, k.toPem()).publicKey.keyId).toBe(k.publicKey.keyId);
      expect(PublicKey.fromPem(c.algorithm, k.publicKey.toPem()).keyId).toBe(k.publicKey.keyId);
    } catch (e) {
      if (e.code !== 'FORMAT_UNSUPPORTED') throw e;
    }
    console.log(c.algorithm, c.backend, c.backends, performance.now() - t);
  }
}, 60000);
