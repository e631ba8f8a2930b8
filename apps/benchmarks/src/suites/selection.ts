import type { Suite } from '../harness.ts';
import { labelledRows } from '../selection/labelled-rows.ts';
import { reliabilityRows } from '../selection/reliability-rows.ts';

/** Whether what goes should have gone, and whether confidence can be taken at its word. */
export const selection: Suite = {
  name: 'selection',
  title: 'go and no-go on labelled markets, and the reliability of confidence',
  run: (options) => [...labelledRows(options), ...reliabilityRows(options)],
};
