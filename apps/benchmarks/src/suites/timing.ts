import type { Suite } from '../harness.ts';
import { quantumMemoryRows } from '../timing/quantum-memory-rows.ts';

/** States that wait, and how well. */
export const timing: Suite = {
  name: 'timing',
  title: 'quantum memory, beside theory, PyMatching and Stim',
  run: (options) => quantumMemoryRows(options),
};
