import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hasPortfolioData, PORTFOLIO_FOLDER } from '../src/algorithms/portfolio-data.ts';
import { withWealthTable } from '../src/algorithms/wealth-table.ts';

const README = resolve(import.meta.dirname, '../../../packages/algorithms/README.md');
const absent = hasPortfolioData() ? '' : ` (SKIPPED: there is no ${PORTFOLIO_FOLDER})`;

test.skipIf(absent !== '')(
  `the wealth table in the README is what the strategies make${absent}`,
  () => {
    const readme = readFileSync(README, 'utf8');
    expect(withWealthTable(readme)).toBe(readme);
  },
);
