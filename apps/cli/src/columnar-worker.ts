import process from 'node:process';
import { arrowColumns } from './columnar/arrow-columns.ts';
import { compactColumn } from './columnar/candle-columns.ts';
import type { ColumnarAnswer, ColumnarTask } from './columnar/decode-columns.ts';
import { parquetColumns } from './columnar/parquet-columns.ts';

async function decode({ format, bytes, maximumRows }: ColumnarTask): Promise<ColumnarAnswer> {
  try {
    const columns =
      format === 'parquet'
        ? await parquetColumns(bytes, maximumRows)
        : arrowColumns(bytes, maximumRows);
    return { columns: columns.map(compactColumn) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

process.once('message', (task) => {
  // Whoever starts this process gives it a task of this form.
  void decode(task as ColumnarTask).then((answer) => process.send?.(answer));
});
