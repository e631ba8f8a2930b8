import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { MarketColumn } from '@sema/qar';
import { candleColumns, checkRows } from './candle-columns.ts';

/**
 * The columns of a Parquet file that candles need. Throws whatever the decoder throws on a damaged
 * file, and may then take long or much memory: see `decodeColumns`.
 */
export async function parquetColumns(
  bytes: Uint8Array<ArrayBuffer>,
  maximumRows: number,
): Promise<MarketColumn[]> {
  const file = { byteLength: bytes.byteLength, slice: sliceOf(bytes) };
  const metadata = await parquetMetadataAsync(file);
  const rows = checkRows(Number(metadata.num_rows), maximumRows);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const columns = candleColumns(names).map((name) => ({
    name,
    values: new Array<unknown>(rows).fill(undefined),
  }));
  if (rows === 0) return columns;
  await parquetRead({
    file,
    metadata,
    columns: columns.map(({ name }) => name),
    compressors,
    parsers: {
      timestampFromMilliseconds: (count) => exactDate(count, 1n),
      timestampFromMicroseconds: (count) => exactDate(count, 1000n),
      timestampFromNanoseconds: (count) => exactDate(count, 1_000_000n),
    },
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = columns.find(({ name }) => name === columnName);
      const length = Math.min(columnData.length, rows - rowStart);
      for (let row = 0; row < length; row++) {
        if (column !== undefined) column.values[rowStart + row] = columnData[row];
      }
    },
  });
  return columns;
}

/** The count itself, which no column of Dates takes, when it is not whole milliseconds. */
function exactDate(count: bigint, perMs: bigint): Date | bigint {
  return count % perMs === 0n ? new Date(Number(count / perMs)) : count;
}

function sliceOf(bytes: Uint8Array<ArrayBuffer>): (start: number, end?: number) => ArrayBuffer {
  return (start, end) => bytes.slice(start, end).buffer;
}
