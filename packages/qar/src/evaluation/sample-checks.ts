import { QarError } from '../errors.ts';

/** Replications a resampling test may ask for. */
const MOST_REPLICATIONS = 1_000_000;

/** @throws {QarError} `BAD_SAMPLE` unless there are `least` values and all are finite. */
export function checkSample(name: string, values: ArrayLike<number>, least: number): void {
  if (values.length < least) {
    throw new QarError('BAD_SAMPLE', `${name} has ${values.length} values; ${least} are needed`);
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new QarError('BAD_SAMPLE', `${name}[${i}] is ${values[i]}, not a finite number`);
  }
}

/** @throws {QarError} `BAD_SAMPLE` unless there is a column, and all are as long as the first. */
export function checkColumns(
  name: string,
  columns: readonly ArrayLike<number>[],
  least: number,
): void {
  if (columns.length === 0) throw new QarError('BAD_SAMPLE', `${name} has no column`);
  columns.forEach((column, index) => {
    checkSample(`${name}[${index}]`, column, least);
    if (column.length === columns[0].length) return;
    const rule = `${name}[${index}] has ${column.length} values, not ${columns[0].length}`;
    throw new QarError('BAD_SAMPLE', rule);
  });
}

/** @throws {QarError} `BAD_SAMPLE` unless `value` is a whole number in [least, most]. */
export function checkCount(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const rule = `${name} is ${value}, not a whole number from ${least} to ${most}`;
  throw new QarError('BAD_SAMPLE', rule);
}

/** Whether every value is the first; sums of such values may say otherwise in their last bits. */
export function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

export function checkReplications(value: number): void {
  checkCount('replications', value, 1, MOST_REPLICATIONS);
}

/** @throws {QarError} `BAD_SAMPLE` unless `value` lies strictly between 0 and 1. */
export function checkProbability(name: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new QarError('BAD_SAMPLE', `${name} is ${value}, not between 0 and 1`);
}
