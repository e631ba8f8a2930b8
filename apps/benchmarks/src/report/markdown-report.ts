import type { BenchDocument, SuiteResult } from '../document.ts';
import type { Row } from '../harness.ts';
import { machineText } from '../machine.ts';
import { figure, targetText } from '../result-table.ts';
import { GOALS, TARGETS, type Bound } from '../targets.ts';
import { goalResults, targetsWithoutRows, type GoalResult, type Shown } from './goal-results.ts';

/** Above this, the figures are partly somebody else's. */
const QUIET_LOAD = 0.5;

/**
 * A document as a page: how each target stands, then every row of every suite.
 *
 * @param files - names of the chart and of the document itself, beside the page.
 */
export function markdownReport(
  document: BenchDocument,
  files: { readonly chart: string; readonly source: string; readonly command: string },
): string {
  const results = goalResults(document);
  return [
    '# Benchmarks',
    '',
    `Every figure here was written by \`${files.command}\` from [${files.source}](${files.source}).`,
    '',
    ...conditions(document),
    '',
    `![How many times better than its bound each row is](${files.chart})`,
    '',
    '## Targets',
    '',
    ...verdict(results),
    '',
    ...goalTable(results),
    '',
    ...notMeasured(document),
    ...document.suites.flatMap(suiteSection),
  ].join('\n');
}

function conditions({ machine, versions, quick, runs, seconds }: BenchDocument): string[] {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const minutes = (seconds / 60).toFixed(seconds < 600 ? 1 : 0);
  const processes = runs === 1 ? '' : `, each row in ${String(runs)} processes`;
  return [
    `- Machine: ${machineText(machine)}.`,
    `- Versions: ${list.join(', ')}.`,
    `- It took ${minutes} minutes${processes}.`,
    ...(quick ? ['- **A quick run: fewer rounds of the same measurements.**'] : []),
    ...(machine.load > QUIET_LOAD
      ? [
          `- **The machine was busy: ${machine.load.toFixed(1)} runnable tasks before anything was ` +
            'measured. Times and rates are worse than on a quiet one.**',
        ]
      : []),
  ];
}

function verdict(results: readonly GoalResult[]): string[] {
  const measured = results.filter(({ met }) => met !== null);
  const met = measured.filter((result) => result.met === true);
  const absent = targetsWithoutRows(results);
  return [
    `${String(met.length)} of ${String(measured.length)} demands are met by every row that shows ` +
      'them. The row given is the one closest to its bound, or furthest beyond.',
    ...(absent.length === 0
      ? []
      : ['', `Not measured in this run: ${absent.map((name) => TARGETS[name].what).join('; ')}.`]),
  ];
}

function goalTable(results: readonly GoalResult[]): string[] {
  let last = '';
  const lines = results.map(({ goal, target, shown, met }) => {
    const { what, beside } = TARGETS[target];
    const first = target !== last;
    last = target;
    return markdownLine([
      first ? what : '',
      goal.slice(target.length + 1),
      boundText(GOALS[goal]),
      worstText(shown),
      first ? beside : '',
      met === null ? 'not measured' : met ? 'met' : `**missed** by ${missedOf(shown)}`,
    ]);
  });
  const head = ['target', 'of it', 'bound', 'row', 'beside', ''];
  return [markdownLine(head), markdownLine(head.map(() => '---')), ...lines];
}

function boundText(bound: Bound): string {
  if ('atMostOfPeer' in bound) return `≤ ${String(bound.atMostOfPeer)} × the peer`;
  return `${targetText(bound)} ${bound.unit}`.trim();
}

function worstText([worst]: readonly Shown[]): string {
  if (worst === undefined) return '–';
  const { name, value, unit, peer, ratio } = worst.row;
  const beside = peer === null || ratio === null ? '' : `, ${figure(ratio)} × ${peer}`;
  return `${name}: ${`${figure(value)} ${unit}`.trim()}${beside}`;
}

function missedOf(shown: readonly Shown[]): string {
  const missed = shown.filter(({ row }) => row.met === false).length;
  return `${String(missed)} of ${String(shown.length)} rows`;
}

function notMeasured({ suites }: BenchDocument): string[] {
  const reasons = suites.flatMap(({ name, skipped, failure }) => [
    ...(failure === null ? [] : [`- \`${name}\` failed: ${failure}`]),
    ...skipped.map((reason) => `- \`${name}\`: ${reason}`),
  ]);
  return reasons.length === 0 ? [] : ['## Skipped', '', ...reasons, ''];
}

function suiteSection({ name, title, seconds, rows }: SuiteResult): string[] {
  const head = ['', 'value', 'target', '', 'peer', 'its value', 'ratio'];
  return [
    `## ${name}`,
    '',
    `${sentence(title)} It took ${String(Math.round(seconds))} s.`,
    '',
    markdownLine(head),
    markdownLine(head.map((_, column) => (column === 0 ? '---' : '--:'))),
    ...rows.map(rowLine),
    '',
  ];
}

function sentence(title: string): string {
  return `${title.slice(0, 1).toUpperCase()}${title.slice(1)}.`;
}

function rowLine({ name, value, unit, target, met, peer, peerValue, ratio }: Row): string {
  return markdownLine([
    name,
    `${figure(value)} ${unit}`.trim(),
    target === null ? '' : targetText(target),
    met === null ? '' : met ? 'met' : '**missed**',
    peer ?? '',
    peerValue === null ? '' : figure(peerValue),
    ratio === null || !Number.isFinite(ratio) ? '' : figure(ratio),
  ]);
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
