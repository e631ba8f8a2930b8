import {
  CompressionType,
  compressionRegistry,
  DataType,
  tableFromIPC,
  type Vector,
} from 'apache-arrow';
import { decompressZstd } from 'hyparquet-compressors';
import { decompress, decompressBound } from 'lz4js';
import type { MarketColumn } from '@sema/qar';
import { candleColumns, checkRows } from './candle-columns.ts';

/** Decompressed bytes of one buffer of a column; the longest column of doubles has 42 MB. */
const MAXIMUM_BUFFER = 256 * 1024 * 1024;
/** In the order of Arrow's own numbers for them. */
const UNITS = ['s', 'ms', 'us', 'ns'] as const;

/**
 * The columns of an Arrow IPC or Feather file that candles need. Throws whatever the decoder
 * throws on a damaged file, and may then take long or much memory: see `decodeColumns`.
 */
export function arrowColumns(bytes: Uint8Array, maximumRows: number): MarketColumn[] {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4 });
  // A copy begins where eight-byte values may; what zstd returns need not.
  const decode = (data: Uint8Array): Uint8Array => decompressZstd(data).slice();
  compressionRegistry.set(CompressionType.ZSTD, { decode });
  const table = tableFromIPC(bytes);
  checkRows(table.numRows, maximumRows);
  const names = table.schema.fields.map(({ name }) => name);
  const wanted = new Set(candleColumns(names));
  return names.flatMap((name, index) => {
    const vector = wanted.has(name) ? table.getChildAt(index) : null;
    return vector === null ? [] : [columnOf(name, vector)];
  });
}

function columnOf(name: string, vector: Vector): MarketColumn {
  // A vector of unknown values has a type that is not known here either.
  const type = vector.type as DataType;
  const count = vector.length;
  const valid = (row: number): boolean => vector.nullCount === 0 || vector.isValid(row);
  const column = (value: (row: number) => unknown): MarketColumn => ({
    name,
    values: Array.from({ length: count }, (_, row) => (valid(row) ? value(row) : null)),
  });
  if (DataType.isTimestamp(type)) {
    // The raw counts: a Date would drop what is below a millisecond.
    // Of a vector of unknown type, its counts are of none.
    const raw = vector.toArray() as ArrayLike<unknown>;
    if (vector.nullCount === 0) return { name, values: raw, timeUnit: UNITS[type.unit] };
    return { ...column((row) => raw[row]), timeUnit: UNITS[type.unit] };
  }
  if (DataType.isDate(type)) return column((row) => new Date(Number(vector.get(row))));
  return column((row) => vector.get(row));
}

function decodeLz4(data: Uint8Array): Uint8Array {
  const bound = decompressBound(data);
  if (!(bound >= 0 && bound <= MAXIMUM_BUFFER)) {
    throw new RangeError(`a buffer of ${String(bound)} bytes is over ${String(MAXIMUM_BUFFER)}`);
  }
  return decompress(data, bound);
}
