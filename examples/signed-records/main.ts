// Signs a day's records with one post-quantum signature, hands one out with its proof, and shows
// what a verifier who knows only the public key can and cannot be made to believe.

import { PrivateKey, PublicKey, signBatch, verifyItem } from '@sema/synthesis-crypto';
import type { ItemProof } from '@sema/synthesis-crypto';

interface Handout {
  readonly record: Uint8Array;
  readonly proof: ItemProof;
}

const records = Array.from({ length: 100 }, (_, sequence) => ({
  sequence,
  side: sequence % 2 === 0 ? 'buy' : 'sell',
  price: 100 + sequence / 4,
}));
const bytesOf = (record: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(record));

/** What the signer does: one signature over the root of a tree of all records. */
function signDay(): { publicKey: string; handout: Handout; count: number } {
  using key = PrivateKey.generate('ML-DSA-65');
  const items = records.map(bytesOf);
  const signed = signBatch(items, key);
  return {
    publicKey: key.publicKey.toPem(),
    handout: { record: items[42], proof: signed.proof(42) },
    count: signed.batch.count,
  };
}

const { publicKey, handout, count } = signDay();
const { record, proof } = handout;
const { algorithm, signature } = proof.batch;
console.log(`${count} records, one ${algorithm} signature of ${signature.length} bytes`);
console.log(`proof of record 42: ${proof.path.length} hashes of 32 bytes`);

// What the verifier does, with the record, its proof and a key that was known before.
const trusted = PublicKey.fromPem('ML-DSA-65', publicKey);
const checks: [claim: string, isBelieved: boolean, shouldBe: boolean][] = [
  ['the record as it was signed', verifyItem(record, proof, trusted), true],
  ['a better price', verifyItem(bytesOf({ ...records[42], price: 1 }), proof, trusted), false],
  ['another place in the day', verifyItem(record, { ...proof, index: 43 }, trusted), false],
  ['another record, this proof', verifyItem(bytesOf(records[43]), proof, trusted), false],
];
for (const [claim, isBelieved] of checks) {
  console.log(`${isBelieved ? 'believed' : 'refused '}  ${claim}`);
}
if (checks.some(([, isBelieved, shouldBe]) => isBelieved !== shouldBe)) process.exitCode = 1;
