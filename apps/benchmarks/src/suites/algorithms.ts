import { choicesRows } from '../algorithms/choices-rows.ts';
import { decisionRows } from '../algorithms/decision-rows.ts';
import { estimationRows } from '../algorithms/estimation-rows.ts';
import { portfolioRows } from '../algorithms/portfolio-rows.ts';
import { regretRows } from '../algorithms/regret-rows.ts';
import type { Suite } from '../harness.ts';

/** The decision algorithms beside the literature. */
export const algorithms: Suite = {
  name: 'algorithms',
  title: 'amplitude estimation, decisions, regret, portfolios and models of choice',
  run: (options) => [
    ...estimationRows(options),
    ...decisionRows(options),
    ...regretRows(options),
    ...portfolioRows(options),
    ...choicesRows(options),
  ],
};
