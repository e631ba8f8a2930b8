import {
  Float64,
  makeVector,
  Table,
  tableToIPC,
  TimestampNanosecond,
  vectorFromArray,
  type CompressionType,
  type Vector,
} from 'apache-arrow';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { candleRows } from './candle-fixture.ts';

/** The candles of `candleRows` as columns: time in milliseconds, then prices and volume. */
export function walkColumns(candles = 300): Record<string, number[]> {
  const [header = '', ...rows] = candleRows(candles);
  const cells = rows.map((row) => row.split(','));
  return Object.fromEntries(
    header
      .split(',')
      .map((name, index) => [
        name,
        cells.map((row) => (index === 0 ? Date.parse(row[0] ?? '') : Number(row[index]))),
      ]),
  );
}

/** A Parquet file with a TIMESTAMP column, as pandas and Polars write it. */
export function parquetFile(columns: Record<string, number[]>, more: ColumnSource[] = []): Buffer {
  const columnData = Object.entries(columns).map(([name, values]): ColumnSource =>
    name === 'date'
      ? { name, data: values.map((time) => new Date(time)), type: 'TIMESTAMP' }
      : { name, data: values, type: 'DOUBLE' },
  );
  return Buffer.from(parquetWriteBuffer({ columnData: [...more, ...columnData] }));
}

/** A Feather file with nanosecond times, as freqtrade writes it but for the compression. */
export function featherFile(
  columns: Record<string, number[]>,
  compression: CompressionType | null = null,
): Buffer {
  const vectors = Object.entries(columns).map(([name, values]): [string, Vector] => {
    if (name !== 'date') return [name, vectorFromArray(values, new Float64())];
    const data = BigInt64Array.from(values, (time) => BigInt(time) * 1_000_000n);
    const type = new TimestampNanosecond();
    return [name, makeVector({ type, data, length: values.length })];
  });
  return Buffer.from(tableToIPC(new Table(Object.fromEntries(vectors)), 'file', compression));
}

/** freqtrade's JSON. */
export function jsonFile(columns: Record<string, number[]>): string {
  const values = Object.values(columns);
  return JSON.stringify(values[0]?.map((_, row) => values.map((column) => column[row])));
}
