import { createHash } from 'node:crypto';
import {
  checkDense,
  checkedQubits,
  countOccupied,
  DENSE,
  isSparseSmaller,
  numberBytes,
  PREFIX_BYTES,
  readEntry,
  readNumbers,
  readPrefix,
  SPARSE,
  writeNumbers,
  writePrefix,
  writeSparse,
} from './amplitudes.ts';
import type { AmplitudePrefix, Amplitudes } from './amplitudes.ts';
import { ByteReader } from './byte-reader.ts';
import { CHECKSUM_BYTES, checkDigest, HEADER_BYTES, headerBytes, readHeader } from './envelope.ts';
import { SerializerError } from './errors.ts';
import { owned } from './owned-memory.ts';
import { EXACT } from './precision.ts';
import { maxAmplitudes } from './state.ts';
import type { DecodeOptions } from './state.ts';

/** A state that is not in memory as a whole, read piece by piece. */
export interface AmplitudeSource {
  /** Amplitudes in all: a power of two, at most 2^25. */
  readonly dimension: number;
  /**
   * The amplitudes from `start` on, `count` of them. Asked for up to three times, always the
   * same.
   */
  read(start: number, count: number): Amplitudes;
}

/** Where a state goes piece by piece. What it got is void when decoding throws. */
export interface AmplitudeSink {
  /** Called once, first. Amplitudes that are not written later are 0. */
  begin(dimension: number): void;
  real(start: number, values: Float64Array): void;
  imaginary(start: number, values: Float64Array): void;
}

/**
 * The bytes that `encodeState` would give, in pieces, with memory for one piece only. The source is
 * read twice when the state is sparse, three times when it is dense.
 *
 * @param chunkAmplitudes - amplitudes a piece, an integer ≥ 1.
 * @throws {SerializerError} what `encodeState` throws, and `INVALID_OPTION`, while it is iterated
 */
export function* encodeStateChunks(
  source: AmplitudeSource,
  chunkAmplitudes: number,
): Generator<Uint8Array, void, void> {
  if (!Number.isInteger(chunkAmplitudes) || chunkAmplitudes < 1) {
    throw new SerializerError('INVALID_OPTION', `${chunkAmplitudes} amplitudes are no piece`);
  }
  const prefix = prefixOf(source, chunkAmplitudes);
  const hash = createHash('sha256');
  const hashed = (bytes: Uint8Array) => {
    hash.update(bytes);
    return bytes;
  };
  const length = PREFIX_BYTES + numberBytes(prefix);
  const start = new Uint8Array(HEADER_BYTES + PREFIX_BYTES);
  start.set(headerBytes({ kind: 'state', codec: 0, length }));
  writePrefix(start.subarray(HEADER_BYTES), prefix);
  yield hashed(start);
  if (prefix.storage === SPARSE) {
    for (const [at, piece] of pieces(source, chunkAmplitudes)) {
      const bytes = new Uint8Array(20 * countOccupied(piece.real, piece.imaginary));
      writeSparse(bytes, piece, EXACT, at);
      if (bytes.byteLength > 0) yield hashed(bytes);
    }
  } else {
    for (const part of ['real', 'imaginary'] as const) {
      for (const [, piece] of pieces(source, chunkAmplitudes)) {
        const bytes = new Uint8Array(8 * piece[part].length);
        writeNumbers(bytes, piece[part], EXACT);
        yield hashed(bytes);
      }
    }
  }
  yield hash.digest();
}

function prefixOf(source: AmplitudeSource, chunkAmplitudes: number): AmplitudePrefix {
  const { dimension } = source;
  const qubits = checkedQubits(dimension, dimension);
  let occupied = 0;
  for (const [, { real, imaginary }] of pieces(source, chunkAmplitudes)) {
    occupied += countOccupied(real, imaginary);
  }
  const sparse = isSparseSmaller(occupied, dimension, EXACT);
  const storage = sparse ? SPARSE : DENSE;
  return { qubits, storage, format: EXACT, count: sparse ? occupied : dimension };
}

function* pieces(source: AmplitudeSource, size: number): Generator<[number, Amplitudes]> {
  for (let start = 0; start < source.dimension; start += size) {
    const count = Math.min(size, source.dimension - start);
    const piece = source.read(start, count);
    if (piece.real.length !== count || piece.imaginary.length !== count) {
      throw new SerializerError(
        'INVALID_AMPLITUDES',
        `the source gave ${piece.real.length} amplitudes from ${start} on, not ${count}`,
      );
    }
    yield [start, piece];
  }
}

/**
 * Reads what `encodeState`, `encodeRounded` or `encodeStateChunks` wrote, from pieces of any
 * size, with memory for one piece and one number. The checksum is at the end: until this returns,
 * what the sink got is not known to be good.
 *
 * @throws {SerializerError} what `decodeState` throws; `CODEC_MISSING` for compressed bytes
 */
export function decodeStateChunks(
  chunks: Iterable<Uint8Array>,
  sink: AmplitudeSink,
  options: Pick<DecodeOptions, 'maxQubits'> = {},
): void {
  const limit = maxAmplitudes(options);
  const input = new ChunkReader(chunks);
  const header = readHeader(input.take(HEADER_BYTES, 'partial'), 'state');
  if (header.codec !== 0) {
    throw new SerializerError('CODEC_MISSING', 'compressed bytes are not read piece by piece');
  }
  const start = new ByteReader(input.take(Math.min(PREFIX_BYTES, header.length)));
  const prefix = readPrefix(start, limit, header.length - PREFIX_BYTES);
  sink.begin(2 ** prefix.qubits);
  if (prefix.storage === SPARSE) readSparse(input, prefix, sink);
  else readDense(input, prefix, sink);
  const digest = input.digest();
  checkDigest(digest, input.take(CHECKSUM_BYTES));
  input.checkEnd();
}

function readSparse(input: ChunkReader, prefix: AmplitudePrefix, sink: AmplitudeSink): void {
  const { format, count, qubits } = prefix;
  let previous = -1;
  for (let entry = 0; entry < count; entry += 1) {
    const reader = new ByteReader(input.take(4 + 2 * format.bytes));
    previous = readEntry(reader, previous, 2 ** qubits, format, (index, re, im) => {
      sink.real(index, Float64Array.of(re));
      sink.imaginary(index, Float64Array.of(im));
    });
  }
}

function readDense(input: ChunkReader, prefix: AmplitudePrefix, sink: AmplitudeSink): void {
  const { format, count } = prefix;
  // Which amplitudes have a real part, a bit each, to find out whether dense was right.
  const hasReal = new Uint8Array(Math.ceil(count / 8));
  let occupied = 0;
  for (const part of ['real', 'imaginary'] as const) {
    for (let at = 0; at < count;) {
      const values = readNumbers(input.takeSome(format.bytes, count - at), format);
      for (let k = 0; k < values.length; k += 1) {
        const index = at + k;
        if (!Number.isFinite(values[k])) {
          throw new SerializerError('NON_FINITE', `amplitude ${index} is not finite`);
        }
        const isSet = !Object.is(values[k], 0);
        const bit = 1 << (index & 7);
        if (part === 'real' && isSet) hasReal[index >> 3] |= bit;
        if (isSet && (part === 'real' || (hasReal[index >> 3] & bit) === 0)) occupied += 1;
      }
      sink[part](at, values);
      at += values.length;
    }
  }
  checkDense(occupied, prefix);
}

/** Pieces of any size as one run of bytes, hashed as they are taken. */
class ChunkReader {
  readonly #chunks: Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  readonly #hash = createHash('sha256');

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** Exactly `count` bytes, or as many as there are when `partial` will do. */
  take(count: number, mode: 'whole' | 'partial' = 'whole'): Uint8Array {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count && this.#fill()) {
      const piece = this.#chunk.subarray(0, count - filled);
      bytes.set(piece, filled);
      filled += piece.byteLength;
      this.#chunk = this.#chunk.subarray(piece.byteLength);
    }
    if (filled < count && mode === 'whole') {
      throw new SerializerError('TRUNCATED', `${filled} bytes stand where ${count} should`);
    }
    const taken = bytes.subarray(0, filled);
    this.#hash.update(taken);
    return taken;
  }

  /** One or more numbers of `size` bytes: what the current piece holds whole, at most `most`. */
  takeSome(size: number, most: number): Uint8Array {
    this.#fill();
    const whole = Math.floor(this.#chunk.byteLength / size);
    return this.take(size * Math.max(1, Math.min(whole, most)));
  }

  /** The SHA-256 of all that was taken so far. */
  digest(): Uint8Array {
    return this.#hash.copy().digest();
  }

  checkEnd(): void {
    if (this.#fill()) {
      throw new SerializerError('TRAILING_BYTES', 'bytes follow the envelope');
    }
  }

  /** Whether there are more bytes. */
  #fill(): boolean {
    while (this.#chunk.byteLength === 0) {
      const next = this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = owned(next.value);
    }
    return true;
  }
}
