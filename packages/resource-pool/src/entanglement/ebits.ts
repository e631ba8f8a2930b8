import type { DensityMatrix } from '@sema/simulator';
import {
  concurrence as concurrenceOf,
  entanglementOfFormation as formationOf,
  vonNeumannEntropy,
} from '@sema/simulator/entanglement';
import { ResourcePoolError } from '../errors.ts';
import type { ReadableSystem } from '../registers/register-system.ts';

/** The largest side of a cut whose entropy is computed: a matrix of 256 × 256. */
const MAX_CUT_QUBITS = 8;
/** Less than this is what rounding leaves of nothing. */
const LEAST_EBITS = 1e-12;

/** Who shares how much entanglement. Nothing is listed that is below 1e-12 ebits. */
export interface EntanglementMap {
  /** By qubit, the ebits it shares with everything else together: its entropy, in [0, 1]. */
  readonly qubits: readonly { readonly qubit: number; readonly ebits: number }[];
  /** By pair, a < b, the entanglement of formation of the two alone, in [0, 1] ebits. */
  readonly pairs: readonly { readonly a: number; readonly b: number; readonly ebits: number }[];
}

/**
 * The entanglement map of a system: O(k²·2^k) for each register of k qubits.
 *
 * Pairs need not add up to what a qubit shares: each qubit of a GHZ state of three shares 1 ebit
 * with the rest, and no pair of them any.
 *
 * @see Bennett et al. (1996), Phys. Rev. A 53, 2046; Wootters (1998), Phys. Rev. Lett. 80, 2245
 */
export function entanglementMap(registers: ReadableSystem): EntanglementMap {
  const qubits: { qubit: number; ebits: number }[] = [];
  const pairs: { a: number; b: number; ebits: number }[] = [];
  for (const group of registers.groups()) {
    if (group.length < 2) continue;
    for (const [index, a] of group.entries()) {
      const ebits = sharedEbits(registers, [a]);
      if (ebits > LEAST_EBITS) qubits.push({ qubit: a, ebits });
      for (const b of group.slice(index + 1)) {
        const shared = entanglementOfFormation(registers.reducedDensityMatrix([a, b]));
        if (shared > LEAST_EBITS) pairs.push({ a, b, ebits: shared });
      }
    }
  }
  qubits.sort((left, right) => left.qubit - right.qubit);
  return { qubits, pairs };
}

/**
 * The ebits that some qubits share with all others: the von Neumann entropy of their state, which
 * is the entropy of entanglement because the whole is pure.
 *
 * @throws {ResourcePoolError} `TOO_MANY_QUBITS` when a register is cut into parts that both have
 *   more than 8 qubits; `INVALID_QUBITS`
 */
export function sharedEbits(registers: ReadableSystem, qubits: readonly number[]): number {
  registers.partners(qubits);
  let ebits = 0;
  for (const group of registers.groups()) {
    const inside = group.filter((qubit) => qubits.includes(qubit));
    if (inside.length === 0 || inside.length === group.length) continue;
    const outside = group.filter((qubit) => !qubits.includes(qubit));
    const smaller = inside.length <= outside.length ? inside : outside;
    if (smaller.length > MAX_CUT_QUBITS) {
      throw new ResourcePoolError(
        'TOO_MANY_QUBITS',
        `a cut into ${inside.length} and ${outside.length} qubits has no side of ${MAX_CUT_QUBITS}`,
      );
    }
    ebits += entropyBits(registers.reducedDensityMatrix(smaller));
  }
  return ebits;
}

/**
 * −Tr ρ log₂ ρ.
 *
 * @throws {ResourcePoolError} `TOO_MANY_QUBITS` over 8 qubits
 */
export function entropyBits(rho: DensityMatrix): number {
  if (rho.qubits > MAX_CUT_QUBITS) {
    throw new ResourcePoolError(
      'TOO_MANY_QUBITS',
      `the entropy is of at most ${MAX_CUT_QUBITS} qubits, not ${rho.qubits}`,
    );
  }
  return vonNeumannEntropy(rho);
}

/**
 * The concurrence of two qubits, in [0, 1].
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS` unless ρ is of two qubits
 * @see Wootters (1998), Phys. Rev. Lett. 80, 2245
 */
export function concurrence(rho: DensityMatrix): number {
  requirePair(rho);
  return concurrenceOf(rho);
}

/**
 * The entanglement of formation of two qubits, in ebits: h((1 + √(1 − C²))/2).
 *
 * @throws {ResourcePoolError} `INVALID_QUBITS` unless ρ is of two qubits
 * @see Wootters (1998), Phys. Rev. Lett. 80, 2245
 */
export function entanglementOfFormation(rho: DensityMatrix): number {
  requirePair(rho);
  return formationOf(rho);
}

function requirePair(rho: DensityMatrix): void {
  if (rho.qubits !== 2) {
    throw new ResourcePoolError('INVALID_QUBITS', `concurrence is of 2 qubits, not ${rho.qubits}`);
  }
}
