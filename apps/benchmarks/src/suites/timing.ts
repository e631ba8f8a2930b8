import type { Suite } from '../harness.ts';
import { timingRows } from '../timing/rows.ts';

export const timing: Suite = {
  name: 'timing',
  title: 'ring, windows, records between threads and the scheduler, beside plain forms',
  run: timingRows,
};
