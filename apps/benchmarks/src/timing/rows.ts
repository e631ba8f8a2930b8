import type { Row, SuiteOptions } from '../harness.ts';
import { ringRows } from './ring-rows.ts';
import { schedulerRows } from './scheduler-rows.ts';
import { threadRows } from './thread-rows.ts';
import { waitRows } from './wait-rows.ts';
import { windowRows } from './window-rows.ts';

/** Ring, windows, records between threads, scheduler. */
export async function timingRows(options: SuiteOptions): Promise<Row[]> {
  return [
    ...ringRows(options),
    ...windowRows(options),
    ...(await threadRows(options)),
    ...(await schedulerRows(options)),
    ...(await waitRows(options)),
  ];
}
