import { TimingBufferError } from './errors.ts';
import type { TimingBufferErrorCode } from './errors.ts';

/** The most measurements that one entry may carry. */
export const MEASUREMENT_LIMIT = 16;

/**
 * How far outside [0, 1] a probability may lie and still be taken as 0 or 1: half of float32's
 * spacing above 1. The sum of squares of a state that is normalised to within rounding overshoots
 * by far less; anything further out is a mistake of the caller.
 */
const UNIT_TOLERANCE = 2 ** -24;

/** `value` in [0, 1], or a coded error. −0 and an excess within the tolerance become 0 or 1. */
export function checkedUnit(value: number, code: TimingBufferErrorCode): number {
  // Adding 0 turns −0 into 0.
  return isUnit(value) ? value + 0 : clamped(value, code);
}

function isUnit(value: number): boolean {
  return value >= 0 && value <= 1 && typeof value === 'number';
}

function clamped(value: number, code: TimingBufferErrorCode): number {
  if (typeof value !== 'number') throw new TypeError(`expected a number, got ${typeof value}`);
  if (value > 1 && value <= 1 + UNIT_TOLERANCE) return 1;
  if (value < 0 && value >= -UNIT_TOLERANCE) return 0;
  throw new TimingBufferError(code, `${value} is not in [0, 1]`);
}

/** Whether {@link checkedTimestamp} would take it. */
export function isTimestamp(timestampNs: number, previousNs: number): boolean {
  return Number.isSafeInteger(timestampNs) && timestampNs >= previousNs;
}

/** A whole number of nanoseconds in [0, 2^53) that is not before `previousNs`. */
export function checkedTimestamp(timestampNs: number, previousNs: number): number {
  if (!(Number.isSafeInteger(timestampNs) && timestampNs >= 0)) {
    throw new TimingBufferError(
      'TIMESTAMP_OUT_OF_RANGE',
      `timestamp ${String(timestampNs)} is not a whole number of nanoseconds in [0, 2^53)`,
    );
  }
  if (timestampNs < previousNs) {
    throw new TimingBufferError(
      'TIME_RAN_BACKWARDS',
      `timestamp ${timestampNs} is before ${previousNs}, that of the entry before it`,
    );
  }
  return timestampNs + 0;
}

/**
 * Writes the checked value to `into[at]`. A number in an array is never boxed, as a result is when
 * the compiler does not inline the call.
 */
export function storeUnit(
  value: number,
  code: TimingBufferErrorCode,
  into: Float64Array,
  at: number,
): void {
  into[at] = isUnit(value) ? value + 0 : clamped(value, code);
}

/** As {@link checkedExecutionTime}, written as {@link storeUnit} writes. */
export function storeExecutionTime(executionNs: number, into: Float64Array, at: number): void {
  if (!isExecutionTime(executionNs)) checkedExecutionTime(executionNs);
  into[at] = executionNs + 0;
}

function isExecutionTime(value: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** Nanoseconds in [0, 2^53); a fraction is allowed, because modelled times have them. */
export function checkedExecutionTime(executionNs: number): number {
  if (typeof executionNs !== 'number') {
    throw new TypeError(`expected a number, got ${typeof executionNs}`);
  }
  if (!isExecutionTime(executionNs)) {
    throw new TimingBufferError(
      'EXECUTION_TIME_OUT_OF_RANGE',
      `execution time ${executionNs} is not in [0, 2^53) nanoseconds`,
    );
  }
  return executionNs + 0;
}

/** A whole number of measurements in [0, {@link MEASUREMENT_LIMIT}]. */
export function checkedMeasurementCount(count: number): number {
  if (!(Number.isInteger(count) && count >= 0 && count <= MEASUREMENT_LIMIT)) {
    throw new TimingBufferError(
      'MEASUREMENT_COUNT_OUT_OF_RANGE',
      `${String(count)} is not a whole number of measurements in [0, ${MEASUREMENT_LIMIT}]`,
    );
  }
  return count;
}

/**
 * Copies checked measurements into `into` and returns their count. Each element is read once, so
 * what was checked is what is stored; `into` is scratch and may be half written when this throws.
 */
export function copyMeasurements(measurements: ArrayLike<number>, into: Float64Array): number {
  const count = checkedMeasurementCount(measurements.length);
  for (let index = 0; index < count; index += 1) {
    into[index] = checkedUnit(measurements[index], 'MEASUREMENT_OUT_OF_RANGE');
  }
  return count;
}
