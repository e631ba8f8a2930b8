import { createHash } from 'node:crypto';
import process from 'node:process';
import { ExpertLearner } from '@sema/learning';
import { EXPERTS, type EngineConfiguration } from '@sema/qar';
import { QubitPool } from '@sema/resource-pool';
import { Circuit, probabilities, run, StateVector } from '@sema/simulator';
import * as elementary from '@sema/simulator/elementary';
import { SigningKey, VerifyingKey } from '@sema/synthesis-crypto';
import { systemClock } from '../system-clock.ts';
import { checkClock } from './clock-check.ts';
import {
  checkAlgorithms,
  checkLearning,
  checkPool,
  checkRiskLimits,
  TWINS,
} from './engine-checks.ts';
import { checkMarketData } from './market-check.ts';
import { checkDataDirectory, checkKeyFile, DISK, type Places } from './places.ts';

/** What one check found. */
export interface Finding {
  readonly name: string;
  readonly passed: boolean;
  readonly found: string;
  /** What to do when it failed. */
  readonly remedy: string;
}

/** What is checked besides the machine. */
export interface Installation extends Places {
  /** As files and environment make it. */
  readonly configuration: EngineConfiguration;
  /** A candle file, when one was given. */
  readonly candles?: string;
}

/** As many as the engine owns. */
const POOL_QUBITS = 25;

/** Every check, in the order they are shown. None throws: a check that cannot run has failed. */
export function checkInstallation(installation: Installation): Finding[] {
  const { configuration, candles: path, ...places } = installation;
  const { learningRate, windowCandles, risk } = configuration;
  const report = 'do not trade on this machine, and report it';
  const checks: [name: string, check: () => Outcome, remedy: string][] = [
    ['Node version', checkNode, 'install Node 20.19 or newer'],
    ['SHA-256', checkSha256, 'reinstall Node: its OpenSSL computes wrong hashes'],
    ['Ed25519', checkEd25519, 'reinstall Node: its OpenSSL computes wrong signatures'],
    ['simulator', checkSimulator, 'reinstall @sema/simulator, and report this machine'],
    ['arithmetic', checkArithmetic, 'do not trade on this machine: it would decide otherwise'],
    ['qubit pool', () => checkPool(new QubitPool(POOL_QUBITS)), report],
    ['algorithms', () => checkAlgorithms(TWINS), report],
    [
      'learning',
      () =>
        checkLearning(new ExpertLearner({ experts: EXPERTS.length, learningRate }), learningRate),
      report,
    ],
    ['risk limits', () => checkRiskLimits(risk), 'correct the limits under risk in the settings'],
    ['clock', () => checkClock(systemClock(), Date.now), 'let a time service set the clock'],
    ['disk', () => checkDataDirectory(places, DISK), 'set SEMA_HOME to a folder with room'],
    ['signing key', () => checkKeyFile(places), `run: chmod 600 ${places.keyFile}`],
  ];
  if (path !== undefined) {
    const market = () => checkMarketData(path, windowCandles, Date.now());
    checks.push(['market data', market, 'correct the file, or give another']);
  }
  return checks.map(([name, check, remedy]) => ({ name, remedy, ...guarded(check) }));
}

export interface Outcome {
  readonly passed: boolean;
  readonly found: string;
  /** When another remedy fits than the usual one. */
  readonly remedy?: string;
}

function guarded(check: () => Outcome): Outcome {
  try {
    return check();
  } catch (error) {
    return { passed: false, found: error instanceof Error ? error.message : String(error) };
  }
}

function checkNode(): Outcome {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return { passed: major > 20 || (major === 20 && minor >= 19), found: `Node ${node}` };
}

/** @see FIPS 180-4, the worked example "abc". */
function checkSha256(): Outcome {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const passed = createHash('sha256').update('abc').digest('hex') === expected;
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

function checkEd25519(): Outcome {
  const der = Buffer.from(PKCS8_PREFIX + RFC_8032.secretKey, 'hex').toString('base64');
  using key = SigningKey.fromPem(
    `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
  );
  const message = Buffer.from(RFC_8032.message, 'hex');
  const signature = Buffer.from(key.sign(message));
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
function checkSimulator(): Outcome {
  const bell = new Circuit(2).h(0).cx(0, 1);
  using state = new StateVector(2);
  run(bell, state);
  const found = Array.from(probabilities(state));
  const passed = [0.5, 0, 0, 0.5].every((p, index) => Math.abs(p - (found[index] ?? NaN)) < 1e-15);
  return {
    passed,
    found: `Bell state with probabilities ${found.map((p) => p.toFixed(3)).join(' ')}`,
  };
}

/**
 * Values rounded correctly from 200 binary digits (mpmath 1.3); any other bit would be another
 * decision.
 */
const FINGERPRINT: readonly (readonly [value: () => number, expected: number])[] = [
  [() => elementary.exp(1), 2.718281828459045],
  [() => elementary.exp(-7.25), 0.000710174388842549],
  [() => elementary.expm1(1e-5), 0.000010000050000166668],
  [() => elementary.log(10), 2.302585092994046],
  [() => elementary.log1p(-0.3), -0.35667494393873234],
  [() => elementary.log2(3), 1.584962500721156],
  [() => elementary.pow(1.1, 252.5), 28291306415.180626],
  [() => elementary.sin(1e5), 0.03574879797201651],
  [() => elementary.cos(2.5), -0.8011436155469337],
  [() => elementary.tan(0.75), 0.9315964599440725],
  [() => elementary.asin(0.3), 0.3046926540153975],
  [() => elementary.acos(-0.6), 2.214297435588181],
  [() => elementary.atan(4), 1.3258176636680326],
  [() => elementary.atan2(-1, -3), -2.819842099193151],
  [() => elementary.tanh(0.4), 0.3799489622552249],
];

function checkArithmetic(): Outcome {
  const wrong = FINGERPRINT.filter(([value, expected]) => value() !== expected).length;
  const total = String(FINGERPRINT.length);
  return {
    passed: wrong === 0,
    found:
      wrong === 0
        ? `${total} elementary functions right to the last bit`
        : `${String(wrong)} of ${total} elementary functions off`,
  };
}
