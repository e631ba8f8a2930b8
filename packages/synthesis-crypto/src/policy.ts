import type { AlgorithmName } from './algorithms/algorithm.ts';
import { algorithmOf } from './algorithms/registry.ts';
import { SynthesisCryptoError } from './errors.ts';
import { monadHash } from './monad-hash.ts';

export const SECURITY_CLASSES = ['low', 'medium', 'high', 'maximum'] as const;
export type SecurityClass = (typeof SECURITY_CLASSES)[number];

/** Where medium, high and maximum begin: an energy at a threshold is already above it. */
export type Thresholds = readonly [bigint, bigint, bigint];

export interface PolicyRules {
  /** 1 to 64 letters, digits, dots and hyphens. */
  readonly name: string;
  /** A positive integer; rules that change get the next one. */
  readonly version: number;
  readonly thresholds: Thresholds;
  /** How far down thresholds may adapt; the same as `thresholds` for not at all. */
  readonly lowestThresholds: Thresholds;
  /** What may sign in each class, the preferred first. */
  readonly algorithms: Readonly<Record<SecurityClass, readonly AlgorithmName[]>>;
  /** How far below a threshold, in whole percent of it, an energy must fall to leave the class. */
  readonly hysteresisPercent: number;
  /** The load in percent from which on the class is one higher; null: load does not count. */
  readonly raiseAtLoadPercent: number | null;
}

/** Rules that were checked, frozen, and named by the hash of all they say. */
export interface Policy extends PolicyRules {
  /** What tokens and signatures carry: `monadHash('sema.crypto-policy.v1', rules)`. */
  readonly id: string;
}

const MINIMUM_SECURITY_BITS = 128;
const NAME = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Checks rules and gives them their id.
 *
 * Refused are classes that would weaken as energy grows (in bits, or from quantum-safe to not),
 * algorithms of fewer than 128 bits, experimental ones, and RSA, which is offered by name only.
 *
 * @throws {SynthesisCryptoError} `POLICY_INVALID`, `ALGORITHM_UNKNOWN`
 */
export function definePolicy(rules: PolicyRules): Policy {
  const refuse = (rule: string): never => {
    throw new SynthesisCryptoError('POLICY_INVALID', rule);
  };
  if (!NAME.test(rules.name)) refuse('the name must match [A-Za-z0-9.-]{1,64}');
  if (!Number.isSafeInteger(rules.version) || rules.version < 1) {
    refuse(`version ${rules.version} is not a positive integer`);
  }
  const thresholds = checkedThresholds(rules.thresholds);
  const lowest = checkedThresholds(rules.lowestThresholds);
  if (lowest.some((value, index) => value > thresholds[index])) {
    refuse('a lowest threshold is above its threshold');
  }
  if (!isPercent(rules.hysteresisPercent, 50)) refuse('the hysteresis is not in [0, 50] percent');
  if (rules.raiseAtLoadPercent !== null && !isPercent(rules.raiseAtLoadPercent, 100)) {
    refuse('the load is not in [0, 100] percent');
  }
  const checked: PolicyRules = {
    name: rules.name,
    version: rules.version,
    thresholds,
    lowestThresholds: lowest,
    algorithms: checkedAlgorithms(rules.algorithms),
    hysteresisPercent: rules.hysteresisPercent,
    raiseAtLoadPercent: rules.raiseAtLoadPercent,
  };
  return Object.freeze({ ...checked, id: monadHash('sema.crypto-policy.v1', { ...checked }) });
}

/** @throws {SynthesisCryptoError} `POLICY_INVALID` unless three bigints, 0 < a < b < c < 2^1024. */
export function checkedThresholds(thresholds: Thresholds): Thresholds {
  const [medium, high, maximum] = thresholds;
  const areBigints = thresholds.length === 3 && thresholds.every((t) => typeof t === 'bigint');
  if (!areBigints || !(0n < medium && medium < high && high < maximum && maximum < 1n << 1024n)) {
    throw new SynthesisCryptoError('POLICY_INVALID', 'thresholds are not 0 < a < b < c < 2^1024');
  }
  return Object.freeze([medium, high, maximum] as const);
}

function checkedAlgorithms(algorithms: PolicyRules['algorithms']): PolicyRules['algorithms'] {
  let [floorBits, floorIsQuantumSafe] = [MINIMUM_SECURITY_BITS, false];
  const entries = SECURITY_CLASSES.map((name) => {
    const chosen = algorithms[name].map(algorithmOf);
    const isWeak = chosen.some(
      (algorithm) =>
        algorithm.securityBits < floorBits ||
        (floorIsQuantumSafe && !algorithm.quantumSafe) ||
        algorithm.experimental ||
        algorithm.joseName === 'PS256',
    );
    if (chosen.length === 0 || isWeak) {
      throw new SynthesisCryptoError(
        'POLICY_INVALID',
        `class ${name} lists nothing, or something weak, weaker than below, experimental or RSA`,
      );
    }
    floorBits = Math.min(...chosen.map((algorithm) => algorithm.securityBits));
    floorIsQuantumSafe = chosen.every((algorithm) => algorithm.quantumSafe);
    return [name, Object.freeze(chosen.map((algorithm) => algorithm.name))] as const;
  });
  // One entry for each class.
  return Object.freeze(Object.fromEntries(entries)) as PolicyRules['algorithms'];
}

function isPercent(value: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maximum;
}

/** The rules of Sema itself. Load does not count: it costs time where time is short. */
export const DEFAULT_POLICY: Policy = definePolicy({
  name: 'sema',
  version: 1,
  thresholds: [100n, 1000n, 10_000n],
  lowestThresholds: [50n, 500n, 5000n],
  algorithms: {
    low: ['Ed25519', 'ES256'],
    medium: ['Ed25519', 'ES256'],
    high: ['ML-DSA-65', 'Ed25519+ML-DSA-65'],
    maximum: ['Ed25519+ML-DSA-87'],
  },
  hysteresisPercent: 10,
  raiseAtLoadPercent: null,
});
