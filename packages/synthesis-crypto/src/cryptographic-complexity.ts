import type { AlgorithmName } from './algorithms/algorithm.ts';
import { SynthesisCryptoError } from './errors.ts';
import { checkedThresholds, SECURITY_CLASSES } from './policy.ts';
import type { Policy, SecurityClass, Thresholds } from './policy.ts';

/** What else there is to know. Nothing here can lower the class below the policy's own. */
export interface Situation {
  /** The class before, which is left only when the energy is clearly below it. */
  readonly previous?: SecurityClass;
  /** In percent of capacity; more than 100 is possible. */
  readonly loadPercent?: number;
  /** Adapted thresholds, between the policy's lowest and its own. */
  readonly thresholds?: Thresholds;
}

export interface CryptographicComplexity {
  readonly policyId: string;
  readonly energy: bigint;
  readonly class: SecurityClass;
  /** The class that the policy alone demands, and that verifiers check; never above `class`. */
  readonly floor: SecurityClass;
  /** What may sign, the preferred first. */
  readonly algorithms: readonly AlgorithmName[];
}

/**
 * The class that an energy demands. Total on bigints ≥ 0; monotone in energy and in load; never
 * below what the policy says about the energy alone. Three comparisons.
 *
 * @throws {SynthesisCryptoError} `ENERGY_INVALID`; `POLICY_INVALID` for thresholds out of bounds
 *   or an unknown class; `NOT_FINITE` for a load that is not a number ≥ 0.
 */
export function determineCryptographicComplexity(
  energy: bigint,
  policy: Policy,
  situation: Situation = {},
): CryptographicComplexity {
  const floor = floorLevel(energy, policy);
  const thresholds = boundedThresholds(policy, situation.thresholds);
  let level = Math.max(floor, levelOf(energy, thresholds));
  level = Math.max(level, keptLevel(energy, thresholds, policy, situation.previous));
  if (isLoaded(policy, situation.loadPercent)) level += 1;
  const name = SECURITY_CLASSES[Math.min(level, SECURITY_CLASSES.length - 1)];
  return {
    policyId: policy.id,
    energy,
    class: name,
    floor: SECURITY_CLASSES[floor],
    algorithms: policy.algorithms[name],
  };
}

/** The index of the class by the policy's own thresholds. @throws `ENERGY_INVALID` */
export function floorLevel(energy: bigint, policy: Policy): number {
  if (typeof energy !== 'bigint' || energy < 0n) {
    throw new SynthesisCryptoError('ENERGY_INVALID', 'an energy is a bigint of at least 0');
  }
  return levelOf(energy, policy.thresholds);
}

function levelOf(energy: bigint, [medium, high, maximum]: Thresholds): number {
  return Number(energy >= medium) + Number(energy >= high) + Number(energy >= maximum);
}

/** The highest level up to the previous one whose lower edge the energy has not clearly left. */
function keptLevel(
  energy: bigint,
  thresholds: Thresholds,
  policy: Policy,
  previous: SecurityClass | undefined,
): number {
  if (previous === undefined) return 0;
  const level = SECURITY_CLASSES.indexOf(previous);
  if (level === -1) throw new SynthesisCryptoError('POLICY_INVALID', 'no such class');
  const kept = BigInt(100 - policy.hysteresisPercent);
  const edges = thresholds.slice(0, level).filter((edge) => energy * 100n >= edge * kept);
  return edges.length;
}

function boundedThresholds(policy: Policy, thresholds: Thresholds | undefined): Thresholds {
  if (thresholds === undefined) return policy.thresholds;
  const checked = checkedThresholds(thresholds);
  const isWithin = checked.every(
    (value, index) => value >= policy.lowestThresholds[index] && value <= policy.thresholds[index],
  );
  if (!isWithin) {
    throw new SynthesisCryptoError('POLICY_INVALID', 'the thresholds leave the policy’s bounds');
  }
  return checked;
}

function isLoaded({ raiseAtLoadPercent }: Policy, loadPercent: number | undefined): boolean {
  if (loadPercent === undefined) return false;
  if (!Number.isFinite(loadPercent) || loadPercent < 0) {
    throw new SynthesisCryptoError('NOT_FINITE', `load ${loadPercent} is not a number ≥ 0`);
  }
  return raiseAtLoadPercent !== null && loadPercent >= raiseAtLoadPercent;
}
