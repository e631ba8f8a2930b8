import { ecdsa } from './ecdsa.ts';

/** ECDSA on NIST P-256, `ES256`. @see SP 800-186, RFC 7518, §3.4 */
export const ecdsaP256 = ecdsa({
  name: 'ES256',
  jwkName: 'P-256',
  opensslName: 'prime256v1',
  spkiPrefix: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  pkcs8Prefix: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
});
