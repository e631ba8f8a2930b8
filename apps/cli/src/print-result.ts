import { count, day, microseconds, percent, tiny } from './figures.ts';
import { heading, type Output } from './output.ts';
import type { BacktestResult } from './result.ts';
import {
  CALIBRATION_COLUMNS,
  calibrationCells,
  CIRCUIT_COLUMNS,
  circuitCells,
  comparisonCells,
} from './result-cells.ts';
import { alignFacts, alignTable } from './table.ts';

/** A result as the terminal shows it: the comparison, what it amounts to, and how it came about. */
export function printResult(result: BacktestResult, out: Output): void {
  const { data, configuration, verdict } = result;
  const costs = (configuration.feeRate + configuration.slippageRate) * 10_000;
  out.say(
    `${heading(configuration.pair)}  ${day(data.firstDecision)} to ${day(data.lastDecision)}, ` +
      `${count(result.decisions)} decisions, costs ${count(costs)} bps a fill`,
  );
  out.say();
  for (const line of comparisonLines(result)) out.say(line);
  out.say();
  out.say(heading(verdict.headline));
  const sentences = verdict.sentences.map((sentence) => ['', sentence] as const);
  for (const line of alignFacts(sentences)) out.say(line);
  out.say();
  for (const line of alignFacts(facts(result))) out.say(line);
  out.say();
  for (const line of circuitLines(result)) out.say(line);
  out.say();
  for (const line of calibrationLines(result)) out.say(line);
  out.say();
  for (const line of alignFacts(files(result))) out.say(line);
}

function comparisonLines(result: BacktestResult): string[] {
  const [header = '', ...rows] = alignTable([
    ['', 'return', 'annual', 'Sharpe', 'Sortino', 'max DD', 'turnover', 'trades', 'exposure'],
    ...result.comparison.map((row) => [row.title, ...comparisonCells(row)]),
  ]);
  return [heading(header), ...rows];
}

function facts(result: BacktestResult): [string, string][] {
  const { abstentions, latency, go, noGo, decisions, paths } = result;
  return [
    [
      'decisions',
      `${count(go)} go, ${count(noGo)} no-go, ${count(decisions - go - noGo)} with nothing to ` +
        `say; ${count(paths.quantum)} by the circuits, ${count(paths.twin)} by the twin`,
    ],
    ['denials', tally(result.denials)],
    ['selection', selectionText(result.selection)],
    ['confidence', confidenceText(result.selection)],
    [
      'abstentions',
      `${abstentions.meanPerDecision.toFixed(1)} of 14 experts a decision: ` +
        tally(abstentions.byReason),
    ],
    [
      'regimes',
      Object.entries(result.regimes)
        .filter(([name, share]) => name !== 'none' || share > 0)
        .map(([name, share]) => `${name} ${percent(share)}`)
        .join(', '),
    ],
    ['learning', learningText(result)],
    ['latency', `${latencyText(latency.sema)}; the twin ${latencyText(latency.twin)}`],
    [
      'twin',
      `largest difference of a preference ${tiny(result.twin.largestPreferenceDifference)}, ` +
        `equity ${result.twin.sameEquity ? 'the same throughout' : 'DIFFERENT'}`,
    ],
  ];
}

function selectionText({ mode, falseGoTarget, counts }: BacktestResult['selection']): string {
  const share = (part: number, whole: number): string =>
    whole === 0 ? 'none' : `${percent(part / whole)} of ${count(whole)}`;
  return (
    `${mode}; of positions without profit ${share(counts.falseGo, counts.wrong)} went ` +
    `(target ${percent(falseGoTarget, 0)}), of those in profit ${share(counts.hit, counts.right)}`
  );
}

function confidenceText(selection: BacktestResult['selection']): string {
  const { confidence, preference, positionCandles } = selection;
  if (confidence === null || preference === null) return 'no outcome of a stated one is known';
  return (
    `of a profit after ${count(positionCandles)} candles: mean distance from the frequency ` +
    `${confidence.calibrationError.toFixed(4)}, Brier score ${confidence.brierScore.toFixed(4)}; ` +
    `the preference ${preference.calibrationError.toFixed(4)}, ` +
    preference.brierScore.toFixed(4)
  );
}

function circuitLines(result: BacktestResult): string[] {
  const [header = '', ...rows] = alignTable([
    ['circuit', ...CIRCUIT_COLUMNS],
    ...Object.entries(result.circuits).map(([name, figures]) => [name, ...circuitCells(figures)]),
  ]);
  return [heading(header), ...rows];
}

function calibrationLines(result: BacktestResult): string[] {
  const [header = '', ...rows] = alignTable([
    ['calibration', ...CALIBRATION_COLUMNS],
    ...Object.entries(result.calibration).map(([name, one]) => [name, ...calibrationCells(one)]),
  ]);
  return [heading(header), ...rows];
}

function learningText({ frozenModel, learning }: BacktestResult): string {
  if (frozenModel !== null) return `nothing: model ${frozenModel.slice(0, 16)} is frozen`;
  const { learned, refused, coupled, heldBack } = learning;
  const { difference, error, count: held } = heldBack;
  const measured =
    error === null
      ? 'not measured yet'
      : `${coupled ? 'on' : 'off'}: they change the held-back loss by ${tiny(difference)} ± ` +
        `${tiny(error)} (${count(held)} outcomes)`;
  const refusals = Object.values(refused).reduce((sum, times) => sum + times, 0);
  return `${count(learned)} outcomes, ${count(refusals)} refused; couplings ${measured}`;
}

function files({ journal, report }: BacktestResult): [string, string][] {
  return [
    ['journal', `${journal.path}${journal.sealed ? '' : ' (not sealed: stopped before the end)'}`],
    ['last hash', journal.lastHash],
    ['public key', journal.publicKey],
    ['report', report],
  ];
}

function latencyText({ p50Ns, p99Ns }: BacktestResult['latency']['sema']): string {
  return `p50 ${microseconds(p50Ns)}, p99 ${microseconds(p99Ns)}`;
}

function tally(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([, left], [, right]) => right - left);
  return sorted.map(([reason, times]) => `${reason} ${count(times)}`).join(', ') || 'none';
}
