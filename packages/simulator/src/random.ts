import { SimulatorError } from './errors.ts';

/** Drives simulated measurement only; it is no source of secrets. */
export interface RandomSource {
  /** Uniform in [0, 1). The same seed gives the same sequence. */
  next(): number;
}

/**
 * A small generator with 32 bits of state: period 2^32, 32-bit resolution. `state` is the seed that
 * continues the sequence from here.
 *
 * @param seed - integer in [0, 2^32).
 * @throws {SimulatorError} `INVALID_SEED`
 * @see Tommy Ettinger (2017), mulberry32
 */
export function mulberry32(seed: number): RandomSource & { readonly state: number } {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 4294967296) {
    throw new SimulatorError('INVALID_SEED', `seed ${seed} is not an integer in [0, 2^32)`);
  }
  let state = seed >>> 0;
  return {
    get state() {
      return state;
    },
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/**
 * The next number of a source, refused when it is not in [0, 1).
 *
 * @throws {SimulatorError} `RANDOM_OUT_OF_RANGE`
 */
export function draw(random: RandomSource): number {
  const value = random.next();
  if (!(value >= 0 && value < 1)) {
    throw new SimulatorError('RANDOM_OUT_OF_RANGE', `the random source gave ${value}, not [0, 1)`);
  }
  return value;
}
