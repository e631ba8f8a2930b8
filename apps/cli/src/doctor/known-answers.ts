import { createHash } from 'node:crypto';
import { Circuit, probabilities, StateVector, type run } from '@sema/simulator';
import type * as elementary from '@sema/simulator/elementary';
import { SigningKey, VerifyingKey } from '@sema/synthesis-crypto';
import type { Outcome } from './checks.ts';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @param node - the version, such as 20.19.0. */
export function checkNode(node: string): Outcome {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return { passed: major > 20 || (major === 20 && minor >= 19), found: `Node ${node}` };
}

/** @see FIPS 180-4, the worked example "abc". */
export function checkSha256(hash: (text: string) => string): Outcome {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const passed = hash('abc') === expected;
  return { passed, found: passed ? 'the known answer of FIPS 180-4' : 'a wrong answer for "abc"' };
}

/** @see RFC 8032, section 7.1, test 2. */
const RFC_8032 = {
  secretKey: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
  publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
};

/** A PKCS#8 Ed25519 key is this, then its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = '302e020100300506032b657004220420';

type Sign = (key: SigningKey, message: Uint8Array) => Uint8Array;

export const sign: Sign = (key, message) => key.sign(message);

export function checkEd25519(signWith: Sign): Outcome {
  const der = Buffer.from(PKCS8_PREFIX + RFC_8032.secretKey, 'hex').toString('base64');
  using key = SigningKey.fromPem(
    `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
  );
  const message = Buffer.from(RFC_8032.message, 'hex');
  const signature = Buffer.from(signWith(key, message));
  const verifying = VerifyingKey.fromBytes(Buffer.from(RFC_8032.publicKey, 'hex'));
  const forged = Uint8Array.from(signature);
  forged[0] ^= 1;
  const passed =
    signature.toString('hex') === RFC_8032.signature &&
    verifying.verify(message, signature) &&
    !verifying.verify(message, forged);
  return { passed, found: passed ? 'the signature of RFC 8032, test 2' : 'a wrong signature' };
}

/** H and CNOT on |00⟩ leave 00 and 11 equally likely and nothing else. */
export function checkSimulator(runCircuit: typeof run): Outcome {
  const bell = new Circuit(2).h(0).cx(0, 1);
  using state = new StateVector(2);
  runCircuit(bell, state);
  const found = Array.from(probabilities(state));
  const passed = [0.5, 0, 0, 0.5].every((p, index) => Math.abs(p - (found[index] ?? NaN)) < 1e-15);
  return {
    passed,
    found: `Bell state with probabilities ${found.map((p) => p.toFixed(3)).join(' ')}`,
  };
}

type Functions = typeof elementary;

/**
 * Values rounded correctly from 200 binary digits (mpmath 1.3); any other bit would be another
 * decision.
 */
const FINGERPRINT: readonly (readonly [
  value: (functions: Functions) => number,
  expected: number,
])[] = [
  [(f) => f.exp(1), 2.718281828459045],
  [(f) => f.exp(-7.25), 0.000710174388842549],
  [(f) => f.expm1(1e-5), 0.000010000050000166668],
  [(f) => f.log(10), 2.302585092994046],
  [(f) => f.log1p(-0.3), -0.35667494393873234],
  [(f) => f.log2(3), 1.584962500721156],
  [(f) => f.pow(1.1, 252.5), 28291306415.180626],
  [(f) => f.sin(1e5), 0.03574879797201651],
  [(f) => f.cos(2.5), -0.8011436155469337],
  [(f) => f.tan(0.75), 0.9315964599440725],
  [(f) => f.asin(0.3), 0.3046926540153975],
  [(f) => f.acos(-0.6), 2.214297435588181],
  [(f) => f.atan(4), 1.3258176636680326],
  [(f) => f.atan2(-1, -3), -2.819842099193151],
  [(f) => f.tanh(0.4), 0.3799489622552249],
];

export function checkArithmetic(functions: Functions): Outcome {
  const wrong = FINGERPRINT.filter(([value, expected]) => value(functions) !== expected).length;
  const total = String(FINGERPRINT.length);
  return {
    passed: wrong === 0,
    found:
      wrong === 0
        ? `${total} elementary functions right to the last bit`
        : `${String(wrong)} of ${total} elementary functions off`,
  };
}
