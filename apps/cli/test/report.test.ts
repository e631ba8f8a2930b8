import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSet } from '../src/report/charts.ts';
import type { BacktestResult } from '../src/result.ts';
import { embeddedJson, html } from '../src/report/markup.ts';
import { writeCandles } from './candle-fixture.ts';
import { Sandbox } from './sema-process.ts';

const sandbox = new Sandbox();
/** As hostile a name as a file can have. */
const NAME = `<img src=x onerror=alert(1)>&"'.csv`;
let page: string;
let result: BacktestResult;

beforeAll(async () => {
  const candles = writeCandles(sandbox.file(NAME));
  const out = sandbox.file('run');
  const run = await sandbox.sema('backtest', candles, '--out', out, '--json');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  result = JSON.parse(run.stdout);
  page = readFileSync(`${out}/report.html`, 'utf8');
});
afterAll(() => sandbox[Symbol.dispose]());

describe('the report', () => {
  test('names no other place than itself', () => {
    expect(page).not.toMatch(/https?:/);
    expect(page).not.toMatch(/\b(?:src|href|action|data|poster)\s*=\s*["']?(?:\w+:|\/\/)/i);
    expect(page).not.toMatch(/@import|url\(/);
  });

  test('forbids the network and lets run exactly the scripts and styles it carries', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).not.toContain('unsafe');
    const inline = page.matchAll(/<(script|style)>([^]*?)<\/\1>/g);
    const hashes = [...inline].map(([, , text]) =>
      createHash('sha256').update(text).digest('base64'),
    );
    expect(hashes).toHaveLength(4);
    expect(policy.match(/sha256-[^&]+/g)?.sort()).toEqual(hashes.map((h) => `sha256-${h}`).sort());
  });

  test('shows the figures without any script', () => {
    const body = page.slice(page.indexOf('<main>'), page.indexOf('</main>'));
    for (const { title, finalEquity } of result.comparison) {
      expect(body).toContain(`>${title}</th>`);
      expect(body).toContain(`<td>${Math.round(finalEquity).toLocaleString('en-US')}</td>`);
    }
    for (const reason of Object.keys(result.denials)) expect(body).toContain(reason);
    for (const { brierScore } of Object.values(result.calibration)) {
      expect(body).toContain(`<td>${brierScore.toFixed(4)}</td>`);
    }
  });

  test('lays what was measured beside its targets, met or missed, and names the rest', () => {
    const start = page.indexOf('<section id="performance">');
    const section = page.slice(start, page.indexOf('</section>', start));
    const { targets, unmeasured, score } = result.monitor;
    expect(targets.length + unmeasured.length).toBe(6);
    const verdicts = [...section.matchAll(/<td>(met|MISSED)<\/td>/g)].map(([, verdict]) => verdict);
    expect(verdicts).toEqual(targets.map(({ met }) => (met ? 'met' : 'MISSED')));
    expect(section.match(/<td>not measured<\/td>/g)).toHaveLength(unmeasured.length);
    expect(section).toContain('Not measured: synchronisation, because');
    for (const { says } of targets) expect(section).toContain(`: ${says.replace("'", '&#39;')}`);
    expect(section).toContain(`Score ${String(score?.toFixed(3))}`);
  });

  test('gives every expert a row of its own record', () => {
    const start = page.indexOf('<h3>Experts</h3>');
    const section = page.slice(start, page.indexOf('</table>', start));
    expect(result.experts).toHaveLength(14);
    expect(section.match(/<tr/g)).toHaveLength(15);
    for (const { votes } of result.experts) {
      expect(section).toContain(`<td>${votes.toLocaleString('en-US')}</td>`);
    }
  });

  test('names every setting by its path, and how orders fill under these', () => {
    const { execution, risk, qubits } = result.configuration;
    const setting = (name: string, value: unknown): RegExp =>
      new RegExp(`<dt>${name}</dt>\\s*<dd>${String(value)}</dd>`);
    expect(page).toMatch(setting('qubits.core', qubits.core));
    expect(page).toMatch(setting('venue.quantityStep', risk.venue.quantityStep));
    expect(page).toMatch(setting('execution.stopLossFraction', execution.stopLossFraction));
    expect(page).not.toContain('[object');
    const words = page.replaceAll(/\s+/g, ' ');
    expect(words).toContain(`by at most ${100 * execution.fillShare}% of each candle’s volume`);
  });

  test('says nothing of a collective and of emergence, which are off', () => {
    expect(result).toMatchObject({ collective: null, emergence: null });
    expect(page).not.toContain('The board as one');
  });

  test('says that no confidence is known where the run was too short to know any', () => {
    expect(result.selection.confidence).toBeNull();
    expect(page).toContain('No confidence was stated whose outcome is known.');
    expect(result.denials).not.toHaveProperty('CONFIDENCE_BELOW_MINIMUM');
  });

  test('carries every line of every chart, as long as its times', () => {
    const json = /id="chart-data">([^<]*)</.exec(page)?.[1] ?? '';
    const { times, charts }: ChartSet = JSON.parse(json);
    expect(times).toHaveLength(45);
    const lines = Object.fromEntries(charts.map(({ id, values }) => [id, values.length]));
    expect(lines).toEqual({
      equity: 5,
      'equity-near': 4,
      drawdown: 5,
      exposure: 1,
      regimes: 4,
      experts: 14,
    });
    for (const { values } of charts) {
      for (const line of values) expect(line.every(Number.isFinite) && line.length).toBe(45);
    }
  });

  test('shows a hostile file name as text', () => {
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;.csv');
  });
});

test('a template escapes what is put into it, except other markup', () => {
  const inner = html`<b>${'<i>'}</b>`;
  expect(html`<p title="${`"'&`}">${inner}${[inner, inner]}${7}</p>`.text).toBe(
    '<p title="&quot;&#39;&amp;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b>\n<b>&lt;i&gt;</b>7</p>',
  );
});

test('embedded JSON cannot end its script element, and means the same', () => {
  const value = { pair: '</script><script>alert(1)</script><!--' };
  const { text } = embeddedJson(value);
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toEqual(value);
});
