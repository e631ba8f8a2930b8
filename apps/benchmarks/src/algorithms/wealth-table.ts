import {
  publishedStrategies,
  runAtCosts,
  type PublishedStrategy,
} from '@sema/algorithms/portfolio';
import { mulberry32 } from '@sema/simulator';
import { marketRows, MARKETS, referenceWealth, type Market } from './portfolio-data.ts';

/** γ, for a purchase and the sale it needs together. */
const COST_RATES = [0, 0.001, 0.0025, 0.005] as const;

/** The universal portfolio is a mean over draws: these. */
const UNIVERSAL = { samples: 1000, seed: 1991 };

const TITLES: readonly (readonly [PublishedStrategy, string])[] = [
  ['ubah', 'market: bought and held'],
  ['best', 'best stock, in hindsight'],
  ['ucrp', 'uniform constant rebalanced'],
  ['bcrp', 'best constant rebalanced, in hindsight'],
  ['up', `universal, ${UNIVERSAL.samples} samples`],
  ['eg', 'EG'],
  ['pamr', 'PAMR'],
  ['pamr_1', 'PAMR-1'],
  ['pamr_2', 'PAMR-2'],
  ['cwmr_var', 'CWMR, variance'],
  ['cwmr_stdev', 'CWMR, deviation'],
  ['olmar1', 'OLMAR-1'],
  ['olmar2', 'OLMAR-2'],
  ['rmr', 'RMR'],
];

/** A strategy in one market. */
export interface WealthRow {
  readonly strategy: PublishedStrategy;
  readonly title: string;
  /** Final wealth at each of the cost rates, the first of which is 0. */
  readonly wealth: readonly number[];
  /** Of the authors' toolbox, without costs; of what is drawn at random there is none. */
  readonly reference: number | undefined;
}

export function marketWealth(market: Market): WealthRow[] {
  const rows = marketRows(market);
  const references = referenceWealth();
  const random = mulberry32(UNIVERSAL.seed);
  const strategies = publishedStrategies(rows, { samples: UNIVERSAL.samples, random });
  return TITLES.map(([strategy, title]) => ({
    strategy,
    title,
    wealth: runAtCosts(strategies[strategy], rows, COST_RATES).map(({ wealth }) => wealth),
    reference: references.get(`${market},${strategy}`),
  }));
}

/** Between these lines of the README stands the table. */
const BEGIN = '<!-- wealth table: pnpm --filter @sema/benchmarks wealth-table -->';
const END = '<!-- end of the wealth table -->';

/** The README with the table as it is computed now. */
export function withWealthTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the README has no '${BEGIN}' … '${END}'`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${wealthTable()}\n\n${readme.slice(end)}`;
}

function wealthTable(): string {
  return MARKETS.map((market) => {
    const rows = marketRows(market);
    const header = ['strategy', 'OLPS toolbox', ...COST_RATES.map((rate) => `${rate * 100} %`)];
    const cells = marketWealth(market).map(({ title, wealth, reference }) => [
      title,
      reference === undefined ? '–' : wealthText(reference),
      ...wealth.map(wealthText),
    ]);
    const caption = `\`${market}\`, ${rows.length} days, ${rows[0].length} stocks:`;
    return `${caption}\n\n${alignedTable(header, cells)}`;
  }).join('\n\n');
}

/** As Prettier lays it out: the first column to the left, the others to the right. */
function alignedTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((cells) => cells[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/** Five significant digits. */
function wealthText(wealth: number): string {
  return wealth >= 1e5 || wealth < 1e-3 ? wealth.toExponential(4) : String(wealth.toPrecision(5));
}
