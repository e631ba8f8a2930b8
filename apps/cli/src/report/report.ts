import { createHash } from 'node:crypto';
import type { Comparison } from '../comparison.ts';
import { count, day } from '../figures.ts';
import { readAsset, readModuleFile } from '../read-asset.ts';
import type { BacktestResult } from '../result.ts';
import { chartFigures } from './chart-figures.ts';
import { chartSet } from './charts.ts';
import { configuration, honesty } from './facts.ts';
import { jointSection } from './joint-tables.ts';
import { embeddedJson, html, Markup } from './markup.ts';
import { performanceSection } from './performance.ts';
import { selectionSection } from './selection-section.ts';
import {
  calibrationTables,
  comparisonTable,
  countTables,
  timingTables,
  type ExpertName,
} from './tables.ts';

export interface ReportContent {
  readonly result: BacktestResult;
  readonly comparison: Comparison;
  readonly experts: readonly ExpertName[];
}

/**
 * One HTML page with everything in it: it opens from disk, asks the network for nothing, and its
 * policy lets nothing run but the two scripts it carries.
 */
export function reportPage({ result, comparison, experts }: ReportContent): string {
  const styles = [readModuleFile('uplot/dist/uPlot.min.css'), readAsset('report.css')];
  const scripts = [chartLibrary(), readAsset('report.js')];
  const charts = chartSet(comparison, experts);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy(styles, scripts)}" />
        <title>${result.configuration.pair}: Sema backtest</title>
        ${styles.map((style) => new Markup(`<style>${style}</style>`))}
      </head>
      <body>
        <main>
          ${title(result)} ${verdict(result)} ${comparisonTable(result)} ${chartFigures(charts)}
          ${selectionSection(result)} ${countTables(result, experts)}
          ${calibrationTables(result, experts)} ${jointSection(result)} ${timingTables(result)}
          ${performanceSection(result)} ${configuration(result)} ${honesty(result)}
        </main>
        <script type="application/json" id="chart-data">
          ${embeddedJson(charts)}
        </script>
        ${scripts.map((script) => new Markup(`<script>${script}</script>`))}
      </body>
    </html> `.text;
}

function title({ configuration: { pair }, data, decisions, journal }: BacktestResult): Markup {
  const stopped = journal.sealed ? '' : ' The run was stopped before the end of the file.';
  return html`<h1>${pair}: what Sema decided</h1>
    <p class="subtitle">
      ${count(decisions)} decisions on ${data.name}, ${day(data.firstDecision)} to
      ${day(data.lastDecision)}.${stopped}
    </p>`;
}

function verdict({ verdict: { headline, sentences } }: BacktestResult): Markup {
  return html`<section class="verdict">
    <h2>${headline}</h2>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`;
}

/**
 * uPlot's code with its notice, less the address in its first line: the page names no other place.
 */
function chartLibrary(): string {
  const code = readModuleFile('uplot/dist/uPlot.iife.min.js').replace(/^\/\*![^]*?\*\/\s*/, '');
  return `/*! uPlot, (c) Leon Sorokin, MIT licence */\n${code}`;
}

function policy(styles: readonly string[], scripts: readonly string[]): string {
  return [
    `default-src 'none'`,
    `style-src ${styles.map(source).join(' ')}`,
    `script-src ${scripts.map(source).join(' ')}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

/** An inline element is let through by the hash of its text. */
function source(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
