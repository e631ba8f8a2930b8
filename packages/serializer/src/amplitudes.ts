import { ByteReader } from './byte-reader.ts';
import type { Payload } from './envelope.ts';
import { SerializerError } from './errors.ts';
import { readFloat64s, writeFloat64s } from './float64-bytes.ts';

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
 *   2  u16  reserved  0
 *   4  u32  count     C, the amplitudes stored
 * Dense, C = 2^n:
 *   8         f64 × C  real parts
 *   8 + 8·C   f64 × C  imaginary parts
 * Sparse, C entries of 20 bytes, one for each amplitude that is not exactly +0 +0i:
 *   8 + 20·k  u32  basis index, ascending and below 2^n
 *  12 + 20·k  f64  real part
 *  20 + 20·k  f64  imaginary part
 * Sparse exactly when that is smaller, so that equal states have equal bytes.
 */
const PREFIX_BYTES = 8;
const DENSE = 0;
const SPARSE = 1;
const DENSE_AMPLITUDE_BYTES = 16;
const SPARSE_ENTRY_BYTES = 20;

/**
 * Measures and checks amplitudes; `write` then copies them. O(2^n).
 *
 * @throws {SerializerError} `INVALID_AMPLITUDES` when the parts differ in length or that is no
 *   power of two; `LENGTH_LIMIT` above 25 qubits; `NON_FINITE`
 */
export function amplitudePayload({ real, imaginary }: Amplitudes): Payload {
  if (!(real instanceof Float64Array) || !(imaginary instanceof Float64Array)) {
    throw new TypeError('the real and imaginary parts are not both Float64Array');
  }
  const dimension = real.length;
  const qubits = 31 - Math.clz32(dimension);
  if (imaginary.length !== dimension || dimension !== 2 ** qubits) {
    throw new SerializerError(
      'INVALID_AMPLITUDES',
      `${dimension} real and ${imaginary.length} imaginary parts are not one power of two`,
    );
  }
  if (qubits > MAX_STATE_QUBITS) {
    throw new SerializerError('LENGTH_LIMIT', `${qubits} qubits are above ${MAX_STATE_QUBITS}`);
  }
  const occupied = countOccupied(real, imaginary);
  const sparse = isSparseSmaller(occupied, dimension);
  const count = sparse ? occupied : dimension;
  return {
    byteLength: PREFIX_BYTES + count * (sparse ? SPARSE_ENTRY_BYTES : DENSE_AMPLITUDE_BYTES),
    write(target) {
      target[0] = qubits;
      target[1] = sparse ? SPARSE : DENSE;
      const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
      view.setUint32(4, count, true);
      if (sparse) {
        writeSparse(view, real, imaginary);
      } else {
        const split = PREFIX_BYTES + 8 * dimension;
        writeFloat64s(target.subarray(PREFIX_BYTES, split), real);
        writeFloat64s(target.subarray(split), imaginary);
      }
    },
  };
}

/**
 * Reads what `amplitudePayload` wrote, and nothing else.
 *
 * @param maxAmplitudes - at most 2^25; a state with more is refused before anything is allocated.
 *   It bounds the memory of a sparse state, which its bytes do not.
 * @throws {SerializerError} `LENGTH_LIMIT`, `MALFORMED_BODY`, `NON_FINITE`
 */
export function readAmplitudes(body: Uint8Array, maxAmplitudes: number): Amplitudes {
  const reader = new ByteReader(body);
  const qubits = reader.u8();
  const storage = reader.u8();
  const reserved = reader.u16();
  const count = reader.u32();
  const dimension = 2 ** qubits;
  if (dimension > maxAmplitudes) {
    throw new SerializerError(
      'LENGTH_LIMIT',
      `a state of ${qubits} qubits has more than the ${maxAmplitudes} amplitudes left to decode`,
    );
  }
  if (reserved !== 0) throw malformed(`reserved bytes hold ${reserved}, not 0`);
  if (storage === DENSE) return readDense(reader, count, dimension);
  if (storage === SPARSE) return readSparse(reader, count, dimension);
  throw malformed(`storage ${storage} is neither dense nor sparse`);
}

function readDense(reader: ByteReader, count: number, dimension: number): Amplitudes {
  if (count !== dimension || reader.remaining !== DENSE_AMPLITUDE_BYTES * count) {
    throw malformed(
      `${reader.remaining} bytes and a count of ${count} are not ${dimension} dense amplitudes`,
    );
  }
  const real = readFloat64s(reader.take(8 * count));
  const imaginary = readFloat64s(reader.take(8 * count));
  if (isSparseSmaller(countOccupied(real, imaginary), dimension)) {
    throw malformed('a state is stored dense that is smaller sparse');
  }
  return { real, imaginary };
}

function readSparse(reader: ByteReader, count: number, dimension: number): Amplitudes {
  if (reader.remaining !== SPARSE_ENTRY_BYTES * count || !isSparseSmaller(count, dimension)) {
    throw malformed(
      `${reader.remaining} bytes and a count of ${count} are not ${dimension} sparse amplitudes`,
    );
  }
  const real = new Float64Array(dimension);
  const imaginary = new Float64Array(dimension);
  let previous = -1;
  for (let entry = 0; entry < count; entry += 1) {
    const index = reader.u32();
    const re = reader.f64();
    const im = reader.f64();
    if (index <= previous || index >= dimension) {
      throw malformed(`basis index ${index} does not follow ${previous} below ${dimension}`);
    }
    if (!Number.isFinite(re) || !Number.isFinite(im)) throw nonFinite(index);
    if (isPlusZero(re) && isPlusZero(im)) throw malformed(`amplitude ${index} is stored as zero`);
    real[index] = re;
    imaginary[index] = im;
    previous = index;
  }
  return { real, imaginary };
}

function writeSparse(view: DataView, real: Float64Array, imaginary: Float64Array): void {
  let offset = PREFIX_BYTES;
  for (let index = 0; index < real.length; index += 1) {
    if (isPlusZero(real[index]) && isPlusZero(imaginary[index])) continue;
    view.setUint32(offset, index, true);
    view.setFloat64(offset + 4, real[index], true);
    view.setFloat64(offset + 12, imaginary[index], true);
    offset += SPARSE_ENTRY_BYTES;
  }
}

/**
 * How many amplitudes are not exactly +0 +0i. A −0 counts, or its sign would be lost.
 *
 * @throws {SerializerError} `NON_FINITE`
 */
function countOccupied(real: Float64Array, imaginary: Float64Array): number {
  let occupied = 0;
  for (let index = 0; index < real.length; index += 1) {
    const re = real[index];
    const im = imaginary[index];
    // x − x is 0 for every finite x, and NaN for the others.
    if (re - re + (im - im) !== 0) throw nonFinite(index);
    if (!(isPlusZero(re) && isPlusZero(im))) occupied += 1;
  }
  return occupied;
}

function isPlusZero(value: number): boolean {
  return value === 0 && !Object.is(value, -0);
}

function isSparseSmaller(occupied: number, dimension: number): boolean {
  return SPARSE_ENTRY_BYTES * occupied < DENSE_AMPLITUDE_BYTES * dimension;
}

function malformed(message: string): SerializerError {
  return new SerializerError('MALFORMED_BODY', message);
}

function nonFinite(index: number): SerializerError {
  return new SerializerError('NON_FINITE', `amplitude ${index} is not finite`);
}
