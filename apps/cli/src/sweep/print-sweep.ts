import { count, change, day, percent, ratio } from '../figures.ts';
import { heading, type Output } from '../output.ts';
import { alignFacts, alignTable } from '../table.ts';
import type { Axis } from '../evaluation/search-space.ts';
import type { JoinedRow, SweepTable } from './sweep-table.ts';

/** A sweep's result, as `--json` prints it: the same whoever did the work. */
export interface SweepReport extends SweepTable {
  readonly format: 'sema-sweep';
  readonly version: 1;
  /** Follows from the inputs. */
  readonly sweep: string;
  readonly pair: string;
  /** SHA-256 of the candle file. */
  readonly data: string;
  readonly judged: string;
  readonly axes: readonly Axis[];
  readonly tasks: number;
  /** Everything the ledger has on this data. */
  readonly ledgerTrials: number;
  /** Of the best of a grid, against all of them; null where there is none. */
  readonly deflatedSharpe: number | null;
}

const SHOWN = 20;

export function printSweep(report: SweepReport, out: Output): void {
  const { joined, rows, failed } = report;
  printTable(joined === null ? gridCells(report) : windowCells(report), out);
  if (rows.length > SHOWN) out.say(`and ${count(rows.length - SHOWN)} more; --csv prints all`);
  out.say();
  const { deflatedSharpe: deflated } = report;
  const facts: [string, string][] = [
    ['sweep', report.sweep],
    ['judged', `${report.judged}, ${count(report.tasks)} tasks, ${count(failed.length)} failed`],
    ['ledger', `${count(report.ledgerTrials)} trials on this file`],
  ];
  if (joined === null) facts.push(['deflated', deflatedText(deflated)]);
  else {
    facts.push(['chosen', joinedText(joined.chosen)], ['unchanged', joinedText(joined.unchanged)]);
  }
  for (const line of alignFacts(facts)) out.say(line);
  for (const { title, window, code, message } of failed.slice(0, SHOWN)) {
    const where = window === null ? '' : `, window ${String(window)}`;
    out.say(`FAILED  ${title}${where}: ${code}, ${message}`);
  }
  if (failed.length > SHOWN) out.say(`and ${count(failed.length - SHOWN)} more that failed`);
}

function printTable(cells: readonly (readonly string[])[], out: Output): void {
  const [header = '', ...lines] = alignTable(cells);
  out.say(heading(header));
  for (const line of lines) out.say(line);
}

function gridCells({ rows }: SweepReport): string[][] {
  return [
    ['', 'Sharpe a year', 'return', 'drawdown', 'trades'],
    ...rows.slice(0, SHOWN).map(({ title, sharpe, growth, drawdown, trades }) => {
      const figures = [ratio(sharpe ?? undefined), change(growth), percent(drawdown)];
      return [title, ...figures, count(trades)];
    }),
  ];
}

function windowCells({ windows }: SweepReport): string[][] {
  return [
    ['test', 'chosen', 'Sharpe before', 'in the test', 'unchanged'],
    ...windows.map(({ from, to, chosen, trained, tested, unchanged }) => [
      `${day(from)} to ${day(to)}`,
      chosen,
      ...[trained, tested, unchanged].map((sharpe) => ratio(sharpe ?? undefined)),
    ]),
  ];
}

function joinedText({ sharpe, growth, drawdown }: JoinedRow): string {
  const figures = `${change(growth)}, drawdown ${percent(drawdown)}`;
  return `Sharpe ratio ${ratio(sharpe ?? undefined)} a year over all tests, ${figures}`;
}

function deflatedText(deflated: number | null): string {
  if (deflated === null) return 'none took a position';
  const odds = `${percent(deflated)} sure to be better than luck among all trials of the ledger`;
  return `the best is ${odds}`;
}

/** Every row as comma-separated text, numbers with all their digits. */
export function sweepCsv(report: SweepReport): string[] {
  const { axes, rows, windows, failed, joined } = report;
  const paths = axes.map(({ path }) => path);
  if (joined !== null) {
    return [
      csvLine(['from', 'to', 'chosen', 'sharpe_before', 'sharpe_test', 'sharpe_unchanged']),
      ...windows.map((row) =>
        csvLine([
          new Date(row.from).toISOString(),
          new Date(row.to).toISOString(),
          row.chosen,
          row.trained,
          row.tested,
          row.unchanged,
        ]),
      ),
    ];
  }
  return [
    csvLine([...paths, 'sharpe', 'return', 'drawdown', 'trades', 'failure']),
    ...rows.map(({ values, sharpe, growth, drawdown, trades }) =>
      csvLine([...values, sharpe, growth, drawdown, trades, '']),
    ),
    ...failed.map(({ values, code }) => csvLine([...values, '', '', '', '', code])),
  ];
}

function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return cells
    .map((cell) => {
      const text = cell === null ? '' : String(cell);
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}
