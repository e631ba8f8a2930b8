import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AlgorithmName, Backend, KeyForms } from './algorithm.ts';
import { decodePkcs8, decodeSpki, encodePkcs8, encodeSpki } from './der.ts';
import { nativeBackend, publicKeyOf } from './native-backend.ts';
import { jwkBytes, toBase64url } from '../base64url.ts';

/** What the post-quantum standards say about one parameter set. */
export interface AkpParameters {
  readonly name: AlgorithmName;
  /** The last arc of 2.16.840.1.101.3.4.3. */
  readonly arc: number;
  readonly publicKeyBytes: number;
  readonly secretBytes: number;
  readonly signatureBytes: number;
  /** What PKCS#8 puts before the raw secret. */
  readonly secretHeader: Uint8Array;
  /** A view of the raw secret in what PKCS#8 holds. */
  secretIn(privateKey: Uint8Array): Uint8Array | undefined;
}

/** Forms of a key whose JWK has the type `AKP` (RFC 9964). */
export function akpForms(parameters: AkpParameters): KeyForms {
  const { name, publicKeyBytes, secretBytes } = parameters;
  const identifier = Buffer.from([0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, parameters.arc]);
  const isOurs = ({ kty, alg }: { kty?: string; alg?: string }): boolean =>
    kty === 'AKP' && alg === name;
  return {
    publicJwk: (publicKey) => ({ alg: name, kty: 'AKP', pub: toBase64url(publicKey) }),
    publicFromJwk: (jwk) => (isOurs(jwk) ? jwkBytes(jwk['pub'], publicKeyBytes) : undefined),
    secretJwk: (secret) => ({ priv: toBase64url(secret) }),
    secretFromJwk: (jwk) => (isOurs(jwk) ? jwkBytes(jwk['priv'], secretBytes) : undefined),
    spki: (publicKey) => encodeSpki(identifier, publicKey),
    publicFromSpki(der) {
      const publicKey = decodeSpki(der, identifier);
      return publicKey?.length === publicKeyBytes ? publicKey : undefined;
    },
    pkcs8: (secret) => encodePkcs8(identifier, parameters.secretHeader, secret),
    secretFromPkcs8(der) {
      const privateKey = decodePkcs8(der, identifier);
      const secret = privateKey && parameters.secretIn(privateKey);
      return secret?.length === secretBytes ? Uint8Array.from(secret) : undefined;
    },
  };
}

/**
 * The native backend, in a list, or an empty list where this OpenSSL lacks the algorithm.
 *
 * @param fits - whether the parts of a secret belong together.
 */
export function akpNative(
  parameters: AkpParameters,
  forms: KeyForms,
  fits = (_secret: Uint8Array): boolean => true,
): Backend[] {
  const type = parameters.name.toLowerCase();
  // Any bytes of the right length are a public key, so this asks without making one.
  const probe = publicKeyOf(forms.spki(new Uint8Array(parameters.publicKeyBytes)));
  const accepts = (key: KeyObject): boolean => String(key.asymmetricKeyType) === type;
  if (probe === undefined || !accepts(probe)) return [];
  return [
    nativeBackend({
      name: parameters.name,
      forms,
      // The types of Node 20 do not know the algorithm; the probe has shown that this Node does.
      generate: () => generateKeyPairSync(type as 'ed25519').privateKey,
      accepts,
      fits,
      digest: null,
      deterministic: false,
    }),
  ];
}
