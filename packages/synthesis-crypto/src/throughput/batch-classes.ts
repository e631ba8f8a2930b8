import { determineCryptographicComplexity } from '../cryptographic-complexity.ts';
import { calculateEnergyLevel } from '../energy-level.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { SECURITY_CLASSES } from '../policy.ts';
import type { Policy } from '../policy.ts';

/**
 * The classes of many energies at once, as indices into `SECURITY_CLASSES`, by the policy alone.
 * Products below 2^53 are exact in floating point and compared there; others take the exact path,
 * so every class is the one that `determineCryptographicComplexity` gives.
 *
 * @param tokenValues - n ≥ 0, safe integers.
 * @param frequencies - f ≥ 1, safe integers, as many.
 * @throws {SynthesisCryptoError} `ENERGY_INVALID`
 */
export function classesOf(
  tokenValues: Float64Array,
  frequencies: Float64Array,
  policy: Policy,
): Uint8Array {
  const { length } = tokenValues;
  if (frequencies.length !== length) {
    throw new SynthesisCryptoError(
      'ENERGY_INVALID',
      `${length} values and ${frequencies.length} frequencies`,
    );
  }
  const [medium, high, maximum] = policy.thresholds.map(Number);
  const classes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const [n, f] = [tokenValues[index], frequencies[index]];
    const energy = n * f;
    if (Number.isSafeInteger(n) && Number.isSafeInteger(f) && n >= 0 && f >= 1) {
      classes[index] =
        energy <= Number.MAX_SAFE_INTEGER
          ? Number(energy >= medium) + Number(energy >= high) + Number(energy >= maximum)
          : exactClass(n, f, policy);
    } else {
      throw new SynthesisCryptoError('ENERGY_INVALID', `${n} and ${f} are not n ≥ 0 and f ≥ 1`);
    }
  }
  return classes;
}

function exactClass(n: number, f: number, policy: Policy): number {
  const energy = calculateEnergyLevel(BigInt(n), BigInt(f));
  return SECURITY_CLASSES.indexOf(determineCryptographicComplexity(energy, policy).class);
}
