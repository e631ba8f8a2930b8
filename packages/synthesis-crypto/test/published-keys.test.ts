import { describe, expect, test } from 'vitest';
import { capabilities } from '../src/index.ts';
import {
  agreesOnJwk,
  agreesOnPem,
  ML_DSA,
  NIST,
  RFC9964,
  signedAgain,
  wrongSeeds,
} from './published-keys.ts';

describe.each(ML_DSA)('%s', (name) => {
  const backends = capabilities().find(({ algorithm }) => algorithm === name)?.backends ?? [];

  test.each(backends)('25 seeds of NIST’s ACVP give the published public keys, %s', (backend) => {
    expect(NIST.mlDsaKeys[name]).toHaveLength(25);
    expect(wrongSeeds(name, backend)).toEqual([]);
  });

  test.each(backends)(
    'RFC 9881, appendix C: the key in PKCS#8 and its public key, %s',
    (backend) => {
      expect(agreesOnPem(name, backend)).toBe(true);
    },
  );

  test.each(backends)('RFC 9964, appendix A.1: the JWK, its id, its JWS, %s', (backend) => {
    expect(agreesOnJwk(name, backend)).toBe(true);
  });

  test('RFC 9964, appendix A.1: the same JWS is made again, bit for bit', () => {
    expect(signedAgain(name)).toBe(RFC9964[name].jws);
  });
});
