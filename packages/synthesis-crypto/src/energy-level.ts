import { SynthesisCryptoError } from './errors.ts';

/** Operands and so energies stay writable as canonical bytes and as claims. */
const BOUND = 1n << 1024n;

/**
 * E = n·f, exactly.
 *
 * @param tokenValue - n ≥ 0, in quanta.
 * @param frequency - f ≥ 1, how often it is used. Both below 2^1024.
 * @throws {SynthesisCryptoError} `ENERGY_INVALID`
 */
export function calculateEnergyLevel(tokenValue: bigint, frequency: bigint): bigint {
  if (typeof tokenValue !== 'bigint' || tokenValue < 0n || tokenValue >= BOUND) {
    throw new SynthesisCryptoError('ENERGY_INVALID', 'n must be a bigint in [0, 2^1024)');
  }
  if (typeof frequency !== 'bigint' || frequency < 1n || frequency >= BOUND) {
    throw new SynthesisCryptoError('ENERGY_INVALID', 'f must be a bigint in [1, 2^1024)');
  }
  return tokenValue * frequency;
}
