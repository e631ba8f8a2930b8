import type { Suite } from '../harness.ts';
import { quantumMemoryRows } from '../timing/quantum-memory-rows.ts';
import { timingRows } from '../timing/rows.ts';

/** The bridge between circuits, markets and strategies, and states that wait in between. */
export const timing: Suite = {
  name: 'timing',
  title: 'ring, windows, threads, scheduler and quantum memory, beside plain forms and peers',
  run: async (options) => [...(await timingRows(options)), ...quantumMemoryRows(options)],
};
