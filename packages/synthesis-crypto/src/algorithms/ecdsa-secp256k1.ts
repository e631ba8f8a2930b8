import { ecdsa } from './ecdsa.ts';

/** ECDSA on secp256k1, `ES256K`. Either s is accepted, as RFC 8812 has it. @see SEC 2, RFC 8812 */
export const ecdsaSecp256k1 = ecdsa({
  name: 'ES256K',
  jwkName: 'secp256k1',
  opensslName: 'secp256k1',
  spkiPrefix: '3056301006072a8648ce3d020106052b8104000a034200',
  pkcs8Prefix: '303e020100301006072a8648ce3d020106052b8104000a042730250201010420',
});
