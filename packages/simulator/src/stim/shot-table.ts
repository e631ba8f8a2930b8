import { SimulatorError } from '../errors.ts';

/** A table of shots takes at most this many bytes. */
const MAX_TABLE_BYTES = 2_147_483_648;

/**
 * Bits of many shots, packed as in Stim's b8 files: shot after shot, each in ⌈bits/8⌉ bytes, bit i
 * in byte i >> 3 at place i & 7, the last byte padded with zeros.
 */
export class ShotTable {
  readonly shots: number;
  /** In each shot. */
  readonly bits: number;
  readonly bytesPerShot: number;
  /** Owned by the table; `bytes` is what a b8 file holds. */
  readonly bytes: Uint8Array;

  /**
   * All zeros.
   *
   * @param shots - integer, at least 0.
   * @param bits - integer, at least 0.
   * @throws {SimulatorError} `INVALID_SHOTS`, `INVALID_BIT_COUNT`; also when the table would be
   *   beyond 2 GiB
   */
  constructor(shots: number, bits: number) {
    checkBits(bits);
    const bytesPerShot = Math.ceil(bits / 8);
    if (!Number.isInteger(shots) || shots < 0 || !(shots * bytesPerShot <= MAX_TABLE_BYTES)) {
      throw new SimulatorError(
        'INVALID_SHOTS',
        `${shots} shots of ${bits} bits do not fit ${MAX_TABLE_BYTES} bytes`,
      );
    }
    this.shots = shots;
    this.bits = bits;
    this.bytesPerShot = bytesPerShot;
    this.bytes = new Uint8Array(shots * bytesPerShot);
  }

  /**
   * A bit of a shot.
   *
   * @throws {SimulatorError} `BIT_OUT_OF_RANGE`, `INVALID_SHOTS`
   */
  get(shot: number, bit: number): 0 | 1 {
    if (!Number.isInteger(shot) || shot < 0 || shot >= this.shots) {
      throw new SimulatorError('INVALID_SHOTS', `shot ${shot} is not in [0, ${this.shots})`);
    }
    if (!Number.isInteger(bit) || bit < 0 || bit >= this.bits) {
      throw new SimulatorError('BIT_OUT_OF_RANGE', `bit ${bit} is not in [0, ${this.bits})`);
    }
    const byte = this.bytes[shot * this.bytesPerShot + (bit >>> 3)];
    return ((byte >>> (bit & 7)) & 1) === 1 ? 1 : 0;
  }

  /** The places of the ones in a shot, rising. */
  ones(shot: number): number[] {
    const found: number[] = [];
    const start = shot * this.bytesPerShot;
    for (let k = 0; k < this.bytesPerShot; k++) {
      for (let byte = this.bytes[start + k]; byte !== 0; byte &= byte - 1) {
        found.push(8 * k + 31 - Math.clz32(byte & -byte));
      }
    }
    return found;
  }

  /** How many shots have a one at each bit. */
  counts(): Uint32Array {
    const sums = new Uint32Array(this.bits);
    for (let shot = 0; shot < this.shots; shot++) {
      for (const bit of this.ones(shot)) sums[bit]++;
    }
    return sums;
  }
}

/**
 * Reads a b8 file: shots of `bits` bits each. The bytes are copied.
 *
 * @throws {SimulatorError} `WRONG_LENGTH` when the bytes are no whole number of shots or padding is
 *   not zero, `INVALID_BIT_COUNT` (at least 1: shots of no bits cannot be counted)
 */
export function decodeShots(bytes: Uint8Array, bits: number): ShotTable {
  checkBits(bits);
  if (bits === 0) {
    throw new SimulatorError('INVALID_BIT_COUNT', 'shots of 0 bits are not countable');
  }
  const bytesPerShot = Math.ceil(bits / 8);
  if (bytes.length % bytesPerShot !== 0) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${bytes.length} bytes are not shots of ${bytesPerShot} bytes`,
    );
  }
  const table = new ShotTable(bytes.length / bytesPerShot, bits);
  table.bytes.set(bytes);
  const padding = bits % 8 === 0 ? 0 : (0xff << (bits % 8)) & 0xff;
  for (let shot = 0; shot < table.shots; shot++) {
    if ((bytes[(shot + 1) * bytesPerShot - 1] & padding) !== 0) {
      throw new SimulatorError('WRONG_LENGTH', `shot ${shot} has ones after its ${bits} bits`);
    }
  }
  return table;
}

function checkBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < 0 || bits > 4_294_967_296) {
    throw new SimulatorError('INVALID_BIT_COUNT', `${bits} is not a number of bits`);
  }
}
