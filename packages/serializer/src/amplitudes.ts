import { ByteReader } from './byte-reader.ts';
import type { Payload } from './envelope.ts';
import { SerializerError } from './errors.ts';
import { readFloat64sInto, writeFloat64s } from './float64-bytes.ts';
import { owned } from './owned-memory.ts';
import { EXACT, formatOfCode } from './precision.ts';
import type { NumberFormat } from './precision.ts';

/** A state of n qubits: 2^n complex amplitudes, real and imaginary parts apart. */
export interface Amplitudes {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export const MAX_STATE_QUBITS = 25;

/**
 * Amplitudes of n qubits, little-endian:
 *   0  u8   qubits    n, in [0, 25]
 *   1  u8   storage   0 dense, 1 sparse
 *   2  u8   format    0 f64, 1 f32, 2 decimal: i32 over 10^digits
 *   3  u8   digits    1 to 9 when decimal, else 0
 *   4  u32  count     C, the amplitudes stored
 * A number takes W bytes: 8 as f64, 4 otherwise. Dense, C = 2^n:
 *   8         C numbers  real parts
 *   8 + W·C   C numbers  imaginary parts
 * Sparse, C entries of 4 + 2·W bytes, one for each amplitude that is not exactly +0 +0i:
 *   0         u32     basis index, ascending and below 2^n
 *   4         number  real part
 *   4 + W     number  imaginary part
 * Sparse exactly when that is smaller, so that equal states have equal bytes.
 */
export const PREFIX_BYTES = 8;
export const DENSE = 0;
export const SPARSE = 1;
const INDEX_BYTES = 4;

/** What `amplitudePayload` writes before the numbers. */
export interface AmplitudePrefix {
  readonly qubits: number;
  readonly storage: number;
  readonly format: NumberFormat;
  readonly count: number;
}

/**
 * Measures and checks amplitudes; `write` then copies them. O(2^n).
 *
 * @throws {SerializerError} `INVALID_AMPLITUDES` when the parts differ in length or that is no
 *   power of two; `LENGTH_LIMIT` above 25 qubits; `NON_FINITE`
 */
export function amplitudePayload(state: Amplitudes, format: NumberFormat = EXACT): Payload {
  const { real, imaginary } = ownedAmplitudes(state);
  const qubits = checkedQubits(real.length, imaginary.length);
  const dimension = real.length;
  const occupied = countOccupied(real, imaginary);
  const sparse = isSparseSmaller(occupied, dimension, format);
  const storage = sparse ? SPARSE : DENSE;
  const prefix = { qubits, storage, format, count: sparse ? occupied : dimension };
  return {
    byteLength: PREFIX_BYTES + numberBytes(prefix),
    write(target) {
      writePrefix(target, prefix);
      const split = PREFIX_BYTES + format.bytes * dimension;
      if (sparse) {
        writeSparse(target.subarray(PREFIX_BYTES), { real, imaginary }, format);
      } else {
        writeNumbers(target.subarray(PREFIX_BYTES, split), real, format);
        writeNumbers(target.subarray(split), imaginary, format);
      }
    },
  };
}

/**
 * The parts, copied out of memory that another thread could change while they are read.
 *
 * @throws {TypeError} when they are no Float64Array
 */
export function ownedAmplitudes({ real, imaginary }: Amplitudes): Amplitudes {
  if (!(real instanceof Float64Array) || !(imaginary instanceof Float64Array)) {
    throw new TypeError('the real and imaginary parts are not both Float64Array');
  }
  return { real: owned(real), imaginary: owned(imaginary) };
}

/** @throws {SerializerError} `INVALID_AMPLITUDES`, `LENGTH_LIMIT` */
export function checkedQubits(dimension: number, imaginaryParts: number): number {
  const qubits = 31 - Math.clz32(dimension);
  if (imaginaryParts !== dimension || dimension !== 2 ** qubits) {
    throw new SerializerError(
      'INVALID_AMPLITUDES',
      `${dimension} real and ${imaginaryParts} imaginary parts are not one power of two`,
    );
  }
  if (qubits > MAX_STATE_QUBITS) {
    throw new SerializerError('LENGTH_LIMIT', `${qubits} qubits are above ${MAX_STATE_QUBITS}`);
  }
  return qubits;
}

/** Fills the first 8 bytes of `target`, which are zero. */
export function writePrefix(target: Uint8Array, prefix: AmplitudePrefix): void {
  target[0] = prefix.qubits;
  target[1] = prefix.storage;
  target[2] = prefix.format.code;
  target[3] = prefix.format.digits;
  new DataView(target.buffer, target.byteOffset).setUint32(4, prefix.count, true);
}

/** The bytes of all numbers and indices behind a prefix. */
export function numberBytes({ storage, format, count }: AmplitudePrefix): number {
  return count * (2 * format.bytes + (storage === SPARSE ? INDEX_BYTES : 0));
}

/**
 * Reads the first 8 bytes, and nothing is allocated before they make sense.
 *
 * @param maxAmplitudes - at most 2^25.
 * @param bytesBehind - how many bytes stand behind the prefix.
 * @throws {SerializerError} `LENGTH_LIMIT`, `MALFORMED_BODY`
 */
export function readPrefix(
  reader: ByteReader,
  maxAmplitudes: number,
  bytesBehind: number,
): AmplitudePrefix {
  const qubits = reader.u8();
  const storage = reader.u8();
  const format = formatOfCode(reader.u8(), reader.u8());
  const count = reader.u32();
  const dimension = 2 ** qubits;
  if (dimension > maxAmplitudes) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `a state of ${qubits} qubits has more than the ${maxAmplitudes} amplitudes left to decode`,
    );
  }
  if (storage !== DENSE && storage !== SPARSE) {
    throw malformed(`storage ${storage} is neither dense nor sparse`);
  }
  const fits = storage === DENSE ? count === dimension : isSparseSmaller(count, dimension, format);
  const prefix = { qubits, storage, format, count };
  if (!fits || bytesBehind !== numberBytes(prefix)) {
    throw malformed(
      `${bytesBehind} bytes and a count of ${count} are not a state of ${dimension} amplitudes`,
    );
  }
  return prefix;
}

/**
 * Reads what `amplitudePayload` wrote, and nothing else.
 *
 * @param maxAmplitudes - at most 2^25; a state with more is refused before anything is allocated.
 *   It bounds the memory of a sparse state, which its bytes do not.
 * @throws {SerializerError} `LENGTH_LIMIT`, `MALFORMED_BODY`, `NON_FINITE`
 */
export function readAmplitudes(
  body: Uint8Array,
  maxAmplitudes: number,
  target?: Amplitudes,
): Amplitudes {
  const reader = new ByteReader(body);
  const prefix = readPrefix(reader, maxAmplitudes, body.byteLength - PREFIX_BYTES);
  const { format, count, qubits, storage } = prefix;
  const dimension = 2 ** qubits;
  const { real, imaginary } = target ?? allocated(dimension);
  if (real.length !== dimension || imaginary.length !== dimension) {
    throw new SerializerError(
      'INVALID_AMPLITUDES',
      `room for ${real.length} and ${imaginary.length} parts does not fit ${dimension} amplitudes`,
    );
  }
  if (storage === SPARSE) {
    if (target !== undefined) for (const part of [real, imaginary]) part.fill(0);
    readSparse(reader, count, { real, imaginary }, format);
    return { real, imaginary };
  }
  readNumbersInto(real, reader.take(format.bytes * count), format);
  readNumbersInto(imaginary, reader.take(format.bytes * count), format);
  checkDense(countOccupied(real, imaginary), prefix);
  return { real, imaginary };
}

/** @throws {SerializerError} `MALFORMED_BODY` for a dense state that is smaller sparse */
export function checkDense(occupied: number, { qubits, format }: AmplitudePrefix): void {
  if (isSparseSmaller(occupied, 2 ** qubits, format)) {
    throw malformed('a state is stored dense that is smaller sparse');
  }
}

function allocated(dimension: number): Amplitudes {
  return { real: new Float64Array(dimension), imaginary: new Float64Array(dimension) };
}

function readSparse(
  reader: ByteReader,
  count: number,
  { real, imaginary }: Amplitudes,
  format: NumberFormat,
): void {
  let previous = -1;
  for (let entry = 0; entry < count; entry += 1) {
    previous = readEntry(reader, previous, real.length, format, (index, re, im) => {
      real[index] = re;
      imaginary[index] = im;
    });
  }
}

/**
 * Reads one sparse entry.
 *
 * @returns its index, which is above `previous`.
 * @throws {SerializerError} `MALFORMED_BODY`, `NON_FINITE`
 */
export function readEntry(
  reader: ByteReader,
  previous: number,
  dimension: number,
  format: NumberFormat,
  visit: (index: number, re: number, im: number) => void,
): number {
  const index = reader.u32();
  const re = format.read(reader);
  const im = format.read(reader);
  if (index <= previous || index >= dimension) {
    throw malformed(`basis index ${index} does not follow ${previous} below ${dimension}`);
  }
  if (!Number.isFinite(re) || !Number.isFinite(im)) throw nonFinite(index);
  if (isPlusZero(re) && isPlusZero(im)) throw malformed(`amplitude ${index} is stored as zero`);
  visit(index, re, im);
  return index;
}

/** Writes entries one after another; the index of the first amplitude is `start`. */
export function writeSparse(
  target: Uint8Array,
  { real, imaginary }: Amplitudes,
  format: NumberFormat,
  start = 0,
): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  let offset = 0;
  for (let index = 0; index < real.length; index += 1) {
    if (isPlusZero(real[index]) && isPlusZero(imaginary[index])) continue;
    view.setUint32(offset, start + index, true);
    format.write(view, offset + INDEX_BYTES, real[index]);
    format.write(view, offset + INDEX_BYTES + format.bytes, imaginary[index]);
    offset += INDEX_BYTES + 2 * format.bytes;
  }
}

/** @param target - exactly `format.bytes` for each number. */
export function writeNumbers(
  target: Uint8Array,
  numbers: Float64Array,
  format: NumberFormat,
): void {
  if (format === EXACT) return writeFloat64s(target, numbers);
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  for (let index = 0; index < numbers.length; index += 1) {
    format.write(view, index * format.bytes, numbers[index]);
  }
}

/** The inverse of `writeNumbers`. The result owns its memory. */
export function readNumbers(source: Uint8Array, format: NumberFormat): Float64Array {
  const numbers = new Float64Array(source.byteLength / format.bytes);
  readNumbersInto(numbers, source, format);
  return numbers;
}

function readNumbersInto(target: Float64Array, source: Uint8Array, format: NumberFormat): void {
  if (format === EXACT) return readFloat64sInto(target, source);
  const reader = new ByteReader(source);
  for (let index = 0; index < target.length; index += 1) target[index] = format.read(reader);
}

/**
 * How many amplitudes are not exactly +0 +0i. A −0 counts, or its sign would be lost.
 *
 * @throws {SerializerError} `NON_FINITE`
 */
export function countOccupied(real: Float64Array, imaginary: Float64Array): number {
  let occupied = 0;
  // x·0 is 0 for every finite x, and NaN for the others.
  let finite = 0;
  for (let index = 0; index < real.length; index += 1) {
    const re = real[index];
    const im = imaginary[index];
    finite += re * 0 + im * 0;
    if (re !== 0 || im !== 0) occupied += 1;
    else if (!isPlusZero(re) || !isPlusZero(im)) occupied += 1;
  }
  if (finite === 0) return occupied;
  throw nonFinite(
    real.findIndex((re, index) => !Number.isFinite(re) || !Number.isFinite(imaginary[index])),
  );
}

function isPlusZero(value: number): boolean {
  return value === 0 && !Object.is(value, -0);
}

/** Whether entries with indices take less than all numbers without. */
export function isSparseSmaller(
  occupied: number,
  dimension: number,
  format: NumberFormat,
): boolean {
  return (INDEX_BYTES + 2 * format.bytes) * occupied < 2 * format.bytes * dimension;
}

function malformed(message: string): SerializerError {
  return new SerializerError('MALFORMED_BODY', message);
}

function nonFinite(index: number): SerializerError {
  return new SerializerError('NON_FINITE', `amplitude ${index} is not finite`);
}
