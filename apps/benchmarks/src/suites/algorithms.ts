import { choicesRows } from '../algorithms/choices-rows.ts';
import { portfolioRows } from '../algorithms/portfolio-rows.ts';
import type { Suite } from '../harness.ts';

/** The decision algorithms beside the literature. */
export const algorithms: Suite = {
  name: 'algorithms',
  title: 'portfolios beside their authors’ toolbox, and models of choice on real choices',
  run: (options) => [...portfolioRows(options), ...choicesRows(options)],
};
