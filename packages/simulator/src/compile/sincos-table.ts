import { cos, sin } from '../elementary.ts';
import {
  HALF_PI_HIGH,
  HALF_PI_LAST,
  HALF_PI_LOW,
  HALF_PI_MIDDLE,
} from '../elementary/tables.generated.ts';

/** A turn has this many steps, and the table an entry for each. */
export const TURN_STEPS = 512;
const QUARTER = TURN_STEPS / 4;

/** |r| stays below half a step; this is its largest square. */
const LARGEST_SQUARE = ((Math.PI / TURN_STEPS) * Math.PI) / TURN_STEPS;

/**
 * What generated code reads to compute sines and cosines: `CONSTANTS`, each twice, so that a vector
 * load brings both lanes, then cosine and sine of each step of a turn.
 *
 * An angle is n steps and a rest r, and with z = r² sin r = r + r·z·(s3 + z·s5) and cos r = 1 +
 * z·(c2 + z·c4). These are the Taylor series with the first term left out replaced by the multiple
 * of z and z² nearest to it: what remains of z³ is the Chebyshev polynomial of degree 3 moved so
 * that it vanishes at 0, times 0.0385: a relative error of the sine below 5e-19, and of the cosine
 * below 3e-18.
 */
const ROOT_3 = 1.7320508075688772;
/** z³ is near square · z² − linear · z. */
const CUBE = {
  square: (3 * ROOT_3 * LARGEST_SQUARE) / (2 + ROOT_3),
  linear: (6 * LARGEST_SQUARE * LARGEST_SQUARE) / ((2 + ROOT_3) * (2 + ROOT_3)),
} as const;
const CONSTANTS = {
  stepsPerRadian: TURN_STEPS / (2 * Math.PI),
  /** 1.5 · 2^52: adding it leaves the nearest integer in the low bits. */
  toInteger: 6755399441055744,
  /** Parts of a step, the first two of 33 bits: their products with n ≤ 2^20 are exact. */
  stepHigh: HALF_PI_HIGH / QUARTER,
  stepMiddle: HALF_PI_MIDDLE / QUARTER,
  stepLow: (HALF_PI_LOW + HALF_PI_LAST) / QUARTER,
  s3: -1 / 6 + CUBE.linear / 5040,
  s5: 1 / 120 - CUBE.square / 5040,
  c2: -1 / 2 + CUBE.linear / 720,
  c4: 1 / 24 - CUBE.square / 720,
} as const;

export type SincosConstant = keyof typeof CONSTANTS;

const NAMES = Object.keys(CONSTANTS) as readonly SincosConstant[]; // the keys of the record above

/** Bytes from the beginning of the table to a constant. */
export function constantOffset(name: SincosConstant): number {
  return 16 * NAMES.indexOf(name);
}

/** Bytes from the beginning of the table to its entries of 16 bytes. */
export const ENTRIES_OFFSET = 16 * NAMES.length;

export const TABLE_BYTES = ENTRIES_OFFSET + 16 * TURN_STEPS;

/** Writes the table: `TABLE_BYTES` bytes as doubles. */
export function fillSincosTable(table: Float64Array): void {
  NAMES.forEach((name, k) => table.fill(CONSTANTS[name], 2 * k, 2 * k + 2));
  const entries = table.subarray(2 * NAMES.length);
  for (let step = 0; step < QUARTER; step++) {
    let [c, s] = firstQuarter(step);
    for (let entry = step; entry < TURN_STEPS; entry += QUARTER) {
      entries[2 * entry] = c;
      entries[2 * entry + 1] = s;
      [c, s] = [0 - s, c];
    }
  }
}

/** Cosine and sine of a step below a quarter of a turn. */
function firstQuarter(step: number): readonly [number, number] {
  if (2 * step > QUARTER) {
    const [c, s] = firstQuarter(QUARTER - step);
    return [s, c];
  }
  // The rounded angle is off by `rest`, and so are its cosine and sine by the first order of it.
  const quarters = step / QUARTER;
  const angle = (Math.PI / 2) * quarters;
  const rest = HALF_PI_HIGH * quarters - angle + HALF_PI_MIDDLE * quarters;
  return [cos(angle) - rest * sin(angle), sin(angle) + rest * cos(angle)];
}
