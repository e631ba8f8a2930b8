import { LearningError } from './errors.ts';
import type { LearningErrorCode } from './errors.ts';

/** A closed range, both ends allowed. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Largest deviation of a norm or of a sum of probabilities from 1 that an argument may have. */
const UNIT_TOLERANCE = 1e-9;

/** Where a norm or a sum of probabilities may lie. */
export const NEARLY_ONE: Range = { min: 1 - UNIT_TOLERANCE, max: 1 + UNIT_TOLERANCE };

const AMPLITUDE: Range = { min: -NEARLY_ONE.max, max: NEARLY_ONE.max };

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}

/** Returns `value` if it is a number in the range; NaN is in none. */
export function requireNumber(
  value: unknown,
  name: string,
  { min, max }: Range,
  code: LearningErrorCode,
): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new LearningError(code, `${name} is ${shown(value)}, not in [${min}, ${max}]`);
}

/** As `requireNumber` for one entry of a list; its name is put together only when it is refused. */
export function requireEntry(
  list: ArrayLike<unknown>,
  index: number,
  name: string,
  range: Range,
  code: LearningErrorCode,
): number {
  const value = list[index];
  if (typeof value === 'number' && value >= range.min && value <= range.max) return value;
  return requireNumber(value, `${name}[${index}]`, range, code);
}

/** Returns `value` if it is an integer in the range. */
export function requireInteger(
  value: unknown,
  name: string,
  range: Range,
  code: LearningErrorCode,
): number {
  const number = requireNumber(value, name, range, code);
  if (Number.isInteger(number)) return number;
  throw new LearningError(code, `${name} is ${number}, not an integer`);
}

/** Returns `value` if it is true or false; anything else is a programming error. */
export function requireBoolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} is ${shown(value)}, not a boolean`);
}

/** Refuses a list whose length is not `length`. */
export function requireLength(list: ArrayLike<unknown>, name: string, length: number): void {
  if (list.length !== length) {
    throw new LearningError('LENGTH_MISMATCH', `${name} has ${list.length} entries, not ${length}`);
  }
}

/** A copy of a stored Float64Array, if it has that length and its numbers lie in the range. */
export function restoredArray(
  value: unknown,
  name: string,
  length: number,
  range: Range,
): Float64Array {
  if (!(value instanceof Float64Array) || value.length !== length) {
    throw new LearningError('INVALID_SNAPSHOT', `${name} is not a Float64Array of ${length}`);
  }
  for (let i = 0; i < length; i += 1) {
    requireEntry(value, i, name, range, 'INVALID_SNAPSHOT');
  }
  return value.slice();
}

/** The fields of a snapshot; they are checked one by one by whoever restores it. */
export function snapshotFields(snapshot: unknown): Readonly<Record<string, unknown>> {
  if (typeof snapshot === 'object' && snapshot !== null) {
    // Any object may be read as a record of unknown values.
    return snapshot as Readonly<Record<string, unknown>>;
  }
  throw new LearningError('INVALID_SNAPSHOT', `the snapshot is ${shown(snapshot)}, not an object`);
}

/** Checks a real state: `length` finite numbers with norm 1 ± 1e-9. Returns the norm. */
export function requireUnitVector(amplitudes: ArrayLike<number>, length: number): number {
  requireLength(amplitudes, 'amplitudes', length);
  let squares = 0;
  for (let i = 0; i < length; i += 1) {
    const amplitude = requireEntry(amplitudes, i, 'amplitudes', AMPLITUDE, 'INVALID_AMPLITUDES');
    squares += amplitude * amplitude;
  }
  const norm = Math.sqrt(squares);
  return requireNumber(norm, 'the norm of the amplitudes', NEARLY_ONE, 'INVALID_AMPLITUDES');
}

/** The smallest power of two that is at least `count`. */
export function registerDimension(count: number): number {
  let dimension = 1;
  while (dimension < count) dimension *= 2;
  return dimension;
}
