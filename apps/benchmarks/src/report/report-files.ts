import { basename } from 'node:path';
import { documentText, type BenchDocument } from '../document.ts';
import { marginChart } from './margin-chart.ts';
import { markdownReport } from './markdown-report.ts';

/**
 * The texts of a report by the path of each: the page, its chart, and the document both are made
 * from.
 *
 * @param page - ends in `.md`; the other two get its name.
 * @throws {Error} when it ends otherwise.
 */
export function reportFiles(document: BenchDocument, page: string): Map<string, string> {
  if (!page.endsWith('.md')) throw new Error(`${page} does not end in .md, as a report does`);
  const chart = page.replace(/\.md$/, '.svg');
  const source = page.replace(/\.md$/, '.json');
  const command = `npm run bench -- --report ${page}`;
  const names = { chart: basename(chart), source: basename(source), command };
  return new Map([
    [source, documentText(document)],
    [page, markdownReport(document, names)],
    [chart, marginChart(document)],
  ]);
}
