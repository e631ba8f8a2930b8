import { SimulatorError } from './errors.ts';

const MAX_BITS = 1 << 16;
const MAX_CONDITION_BITS = 32;

/** @throws {SimulatorError} `INVALID_BIT_COUNT` */
export function checkBitCount(bits: number): void {
  if (!Number.isInteger(bits) || bits < 0 || bits > MAX_BITS) {
    throw new SimulatorError('INVALID_BIT_COUNT', `${bits} bits are not in [0, ${MAX_BITS}]`);
  }
}

/** @throws {SimulatorError} `BIT_OUT_OF_RANGE` */
export function checkBit(bit: number, bits: number): void {
  if (!Number.isInteger(bit) || bit < 0 || bit >= bits) {
    throw new SimulatorError('BIT_OUT_OF_RANGE', `bit ${bit} is not in [0, ${bits})`);
  }
}

/**
 * Checks that `list` names 1 to 32 distinct bits that can read `value`.
 *
 * @throws {SimulatorError} `INVALID_CONDITION`, `BIT_OUT_OF_RANGE`, `DUPLICATE_BIT`
 */
export function checkCondition(list: readonly number[], value: number, bits: number): void {
  if (list.length < 1 || list.length > MAX_CONDITION_BITS) {
    throw new SimulatorError(
      'INVALID_CONDITION',
      `a condition reads 1 to ${MAX_CONDITION_BITS} bits, not ${list.length}`,
    );
  }
  list.forEach((bit, index) => {
    checkBit(bit, bits);
    if (list.indexOf(bit) !== index) {
      throw new SimulatorError('DUPLICATE_BIT', `bit ${bit} is listed twice`);
    }
  });
  const largest = 0xffffffff >>> (32 - list.length);
  if (!Number.isInteger(value) || value < 0 || value > largest) {
    throw new SimulatorError('INVALID_CONDITION', `${list.length} bits never read ${value}`);
  }
}
