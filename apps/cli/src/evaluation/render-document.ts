import { createHash } from 'node:crypto';
import { heading, type Output } from '../output.ts';
import { readAsset } from '../read-asset.ts';
import { html, Markup } from '../report/markup.ts';
import { table } from '../report/tables.ts';
import { alignFacts, alignTable } from '../table.ts';
import { growthChart } from './growth-curves.ts';
import type { ReportDocument, ReportSection } from './evaluation-document.ts';

const LISTS = [
  ['helped', 'What helped'],
  ['didNot', 'What did not'],
  ['cannotBeTold', 'What cannot be told from this much data'],
] as const;

export function printDocument({ title, subtitle, verdict, sections }: ReportDocument, out: Output) {
  out.say(heading(title));
  for (const line of alignFacts([['', subtitle]])) out.say(line);
  out.say();
  for (const line of alignFacts([['', verdict.headline]])) out.say(line);
  for (const [name, text] of LISTS) {
    out.say();
    out.say(heading(text));
    const items = verdict[name].length === 0 ? ['nothing'] : verdict[name];
    for (const line of alignFacts(items.map((item) => [' -', item]))) out.say(line);
  }
  for (const { title: name, header, rows } of sections) {
    out.say();
    out.say(heading(name));
    for (const line of alignTable([header, ...rows])) out.say(line);
  }
}

export function markdownDocument({ title, subtitle, verdict, sections }: ReportDocument): string {
  const lists = LISTS.flatMap(([name, text]) => [
    `## ${text}`,
    (verdict[name].length === 0 ? ['Nothing.'] : verdict[name])
      .map((item) => `- ${plain(item)}`)
      .join('\n'),
  ]);
  const tables = sections.flatMap(({ title: name, header, rows, note }) => [
    `## ${name}`,
    [
      line(header),
      line(header.map((_, column) => (column === 0 ? '---' : '--:'))),
      ...rows.map(line),
    ].join('\n'),
    note,
  ]);
  const head = [`# ${plain(title)}`, `**${plain(verdict.headline)}**`, plain(subtitle)];
  return `${[...head, ...lists, ...tables].join('\n\n')}\n`;
}

/** One page that opens from disk, asks the network for nothing and runs no script. */
export function htmlDocument(document: ReportDocument): string {
  const { title, subtitle, verdict, curves, sections } = document;
  const style = readAsset('report.css');
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = [
    `default-src 'none'`,
    `style-src 'sha256-${hash}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="subtitle">${subtitle}</p>
          <section class="verdict">
            <h2>${verdict.headline}</h2>
            ${LISTS.map(([name, text]) => list(text, verdict[name]))}
          </section>
          ${growthChart(curves)} ${sections.map(section)}
        </main>
      </body>
    </html> `.text;
}

function list(title: string, items: readonly string[]): Markup {
  const shown = items.length === 0 ? ['Nothing.'] : items;
  return html`<h3>${title}</h3>
    <ul>
      ${shown.map((item) => html`<li>${item}</li>`)}
    </ul>`;
}

function section({ title, header, rows, note }: ReportSection): Markup {
  const marked = rows.map((cells) => ({ ours: cells[0] === 'Sema', cells }));
  return html`<section>
    <h2>${title}</h2>
    ${table(header, marked)}
    <p class="note">${note}</p>
  </section>`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(' | ')} |`;
}

/** Text without what Markdown would take for its own. */
function plain(text: string): string {
  return text.replaceAll(/[\\|*_`<>[\]]/g, (character) => `\\${character}`);
}
