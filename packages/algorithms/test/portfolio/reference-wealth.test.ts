import { mulberry32 } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import { publishedStrategies, runPortfolio } from '../../src/portfolio.ts';
import type { PublishedStrategy } from '../../src/portfolio.ts';
import { ABSENT, marketRows, MARKETS, referenceWealth } from './portfolio-data.ts';

const REFERENCES: readonly PublishedStrategy[] = [
  'ubah',
  'best',
  'ucrp',
  'bcrp',
  'eg',
  'pamr',
  'pamr_1',
  'pamr_2',
  'cwmr_var',
  'cwmr_stdev',
  'olmar1',
  'olmar2',
  'rmr',
];

describe.skipIf(ABSENT !== '')(`final wealth without costs${ABSENT}`, () => {
  test.each(MARKETS)('of the authors’ OLPS toolbox on %s, to 1e-6', (name) => {
    const market = marketRows(name);
    const reference = referenceWealth();
    const strategies = publishedStrategies(market, { samples: 1, random: mulberry32(1) });
    for (const strategy of REFERENCES) {
      const expected = reference.get(`${name},${strategy}`);
      const { wealth } = runPortfolio(strategies[strategy], market, { costRate: 0 });
      // A day's return enters a step that is divided by a small spread, again and again; what the
      // toolbox sums in another order grows to some 1e-8 by the end.
      expect([strategy, Math.abs(wealth / (expected ?? NaN) - 1) < 1e-6]).toEqual([strategy, true]);
    }
  });
});
