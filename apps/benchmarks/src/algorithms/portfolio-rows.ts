import { bestConstantPortfolio } from '@sema/algorithms/portfolio';
import { row, type Row, type SuiteOptions } from '../harness.ts';
import { hasPortfolioData, MARKETS, marketRows, PORTFOLIO_FOLDER } from './portfolio-data.ts';
import { marketWealth, type WealthRow } from './wealth-table.ts';

/** How far a deterministic strategy may be from the toolbox, in parts of its wealth. */
const TOLERANCE = 1e-6;

const TOOLBOX = 'OLPS toolbox';

/** Final wealth of the published strategies, beside the authors' own, and Cover's bound. */
export function portfolioRows({ quick, skipped }: SuiteOptions): Row[] {
  if (!hasPortfolioData()) {
    skipped(`portfolios: there is no ${PORTFOLIO_FOLDER}`);
    return [];
  }
  const markets = quick ? (['sp500'] as const) : MARKETS;
  const perMarket = markets.map((market) => ({ market, wealth: marketWealth(market) }));
  const compared = perMarket.flatMap(({ wealth }) => wealth.filter(hasReference));
  const differences = compared.map(relativeDifference);
  return [
    row({
      name: `wealth rows equal to those of ${TOOLBOX}, to ${TOLERANCE.toExponential()}`,
      value: differences.filter((difference) => difference <= TOLERANCE).length,
      unit: 'rows',
      target: { atLeast: compared.length },
      peer: { name: 'all rows', value: compared.length },
    }),
    row({
      name: `wealth, largest difference from ${TOOLBOX}`,
      value: Math.max(...differences),
      unit: 'relative',
      target: { atMost: TOLERANCE },
    }),
    ...perMarket.map(({ market, wealth }) => {
      const rows = marketRows(market);
      const universal = wealth.find(({ strategy }) => strategy === 'up')?.wealth[0] ?? NaN;
      return row({
        name: `regret of the universal portfolio, ${market}`,
        value: bestConstantPortfolio(rows).logWealth - Math.log(universal),
        unit: 'ln wealth',
        target: { atMost: coverBound(rows) },
        peer: { name: 'Cover’s bound', value: coverBound(rows) },
      });
    }),
  ];
}

function coverBound(rows: readonly Float64Array[]): number {
  return (rows[0].length - 1) * Math.log(rows.length + 1);
}

function hasReference(row: WealthRow): row is WealthRow & { readonly reference: number } {
  return row.reference !== undefined;
}

function relativeDifference({ wealth, reference }: WealthRow & { reference: number }): number {
  return Math.abs(wealth[0] / reference - 1);
}
