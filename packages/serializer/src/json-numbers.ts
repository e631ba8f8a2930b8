import { countOccupied, isSparseSmaller } from './amplitudes.ts';
import type { Amplitudes } from './amplitudes.ts';
import type { JsonValue } from './canonical-json.ts';
import { SerializerError } from './errors.ts';
import { EXACT } from './precision.ts';
import { maxAmplitudes } from './state.ts';
import type { DecodeOptions } from './state.ts';

/**
 * Numbers as they are; NaN and infinities, which JSON lacks, as the 16 hex digits of their bits.
 */
export function jsonOfFloat64s(values: Float64Array): JsonValue[] {
  const bits = new BigUint64Array(values.slice().buffer);
  return Array.from(values, (value, index) =>
    Number.isFinite(value) ? value : bits[index].toString(16).padStart(16, '0'),
  );
}

/** @throws {SerializerError} `MALFORMED_BODY` */
export function float64sOfJson(list: unknown): Float64Array {
  if (!Array.isArray(list)) throw malformed('no list of numbers');
  const values = new Float64Array(list.length);
  const bits = new BigUint64Array(values.buffer);
  list.forEach((item: unknown, index) => {
    if (typeof item === 'number') values[index] = item;
    else if (typeof item === 'string' && /^[0-9a-f]{16}$/.test(item)) {
      bits[index] = BigInt(`0x${item}`);
    } else throw malformed(`item ${index} is neither a number nor 16 hex digits`);
  });
  return values;
}

/** `qubits` with `real` and `imaginary`, or with `entries` [index, re, im] where they take less. */
export function jsonOfState({ real, imaginary }: Amplitudes): Record<string, JsonValue> {
  const qubits = 31 - Math.clz32(real.length);
  if (!isSparseSmaller(countOccupied(real, imaginary), real.length, EXACT)) {
    return { qubits, real: [...real], imaginary: [...imaginary] };
  }
  const entries: JsonValue[] = [];
  real.forEach((re, index) => {
    const im = imaginary[index];
    if (!Object.is(re, 0) || !Object.is(im, 0)) entries.push([index, re, im]);
  });
  return { qubits, entries };
}

/** @throws {SerializerError} `MALFORMED_BODY`, `LENGTH_LIMIT`, `INVALID_OPTION` */
export function stateOfJson(
  form: Readonly<Record<string, unknown>>,
  options: Pick<DecodeOptions, 'maxQubits'>,
): Amplitudes {
  const limit = maxAmplitudes(options);
  const { qubits, entries } = form;
  if (typeof qubits !== 'number' || !Number.isInteger(qubits) || qubits < 0) {
    throw malformed(`${String(qubits)} is no number of qubits`);
  }
  const dimension = 2 ** qubits;
  if (dimension > limit) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `${qubits} qubits have more than ${limit} amplitudes`,
    );
  }
  if (entries === undefined) {
    const real = float64sOfJson(form.real);
    const imaginary = float64sOfJson(form.imaginary);
    if (real.length !== dimension || imaginary.length !== dimension) {
      throw malformed(`${real.length} and ${imaginary.length} parts are not of ${qubits} qubits`);
    }
    return { real, imaginary };
  }
  return sparseState(entries, dimension);
}

function sparseState(entries: unknown, dimension: number): Amplitudes {
  if (!Array.isArray(entries) || !isSparseSmaller(entries.length, dimension, EXACT)) {
    throw malformed('the entries of a state are no short list');
  }
  const real = new Float64Array(dimension);
  const imaginary = new Float64Array(dimension);
  let previous = -1;
  for (const entry of entries as readonly unknown[]) {
    const [index, re, im] = Array.isArray(entry) && entry.length === 3 ? (entry as unknown[]) : [];
    if (typeof index !== 'number' || typeof re !== 'number' || typeof im !== 'number') {
      throw malformed('an entry is not an index and two numbers');
    }
    if (!Number.isInteger(index) || index <= previous || index >= dimension) {
      throw malformed(`basis index ${index} does not follow ${previous} below ${dimension}`);
    }
    real[index] = re;
    imaginary[index] = im;
    previous = index;
  }
  return { real, imaginary };
}

function malformed(message: string): SerializerError {
  return new SerializerError('MALFORMED_BODY', message);
}
