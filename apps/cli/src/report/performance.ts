import type { JudgedTarget, PerformanceAspect, PerformanceTarget } from '@sema/qar';
import { PERFORMANCE_TARGETS } from '@sema/qar';
import { count, microseconds, NONE, percent } from '../figures.ts';
import type { BacktestResult } from '../result.ts';
import { html, type Markup } from './markup.ts';
import { table } from './tables.ts';

const TITLES: Readonly<Record<PerformanceAspect, string>> = {
  decisionTime: 'Decision time',
  quantumToClassical: 'Quantum to classical',
  synchronisation: 'Synchronisation',
  preservation: 'Preservation',
  bufferUtilisation: 'Buffer',
  circuitFailures: 'Circuit failures',
};

/** Why a backtest leaves it out; the others are left out when no circuit ran. */
const UNMEASURED: Partial<Readonly<Record<PerformanceAspect, string>>> = {
  synchronisation: 'a backtest decides as at the close, at no time of its own',
  preservation: 'a backtest keeps no state between candles',
  bufferUtilisation: 'nobody reads the buffer before a backtest ends',
};

/** What the engine's monitor measured, each figure beside its target, and the score of all. */
export function performanceSection({ monitor }: BacktestResult): Markup {
  const judged = new Map(monitor.targets.map((target) => [target.aspect, target]));
  const rows = PERFORMANCE_TARGETS.map((target) => ({
    ours: false,
    cells: [
      `${TITLES[target.aspect]}: ${target.says}`,
      ...cells(target, judged.get(target.aspect)),
    ],
  }));
  const { score, scoredWeight, circuits } = monitor;
  const missed = monitor.targets.filter(({ met }) => !met).length;
  const reasons = Object.entries(circuits.reasons).map(([reason, times]) => ({
    ours: false,
    cells: [reason, count(times), percent(times / circuits.asked)],
  }));
  return html`<section id="performance">
    <h2>How the engine worked</h2>
    ${table(['', 'measured', 'target', 'verdict', 'weight'], rows)}
    <p class="note">
      ${count(monitor.targets.length - missed)} of ${count(monitor.targets.length)} targets met.
      Score ${score === null ? NONE : score.toFixed(3)}: the mean by weight over what was measured,
      ${percent(scoredWeight, 0)} of all weight, of 1 where the target is met and otherwise of how
      near it came. Times are of the machine that wrote this page. ${unmeasured(monitor)}
    </p>
    <h3>Circuits that failed</h3>
    ${
      reasons.length === 0
        ? html`<p class="note">None of ${count(circuits.asked)}.</p>`
        : table(['reason', 'decisions', 'share'], reasons)
    }
  </section>`;
}

/** What has no part in the score, and why. */
function unmeasured(monitor: BacktestResult['monitor']): string {
  const reasons = monitor.unmeasured.map(
    (aspect) =>
      `${TITLES[aspect].toLowerCase()}, because ${UNMEASURED[aspect] ?? 'no circuit ran'}`,
  );
  return reasons.length === 0 ? '' : `Not measured: ${reasons.join('; ')}.`;
}

function cells(target: PerformanceTarget, judged: JudgedTarget | undefined): string[] {
  const weight = percent(target.weight, 0);
  const sign = target.bound === 'at most' ? '≤' : '≥';
  const bound = `${sign} ${amount(target.target, target.unit)}`;
  if (judged === undefined) {
    return ['not measured', bound, NONE, weight];
  }
  const verdict = judged.met ? 'met' : 'MISSED';
  return [amount(judged.measured, target.unit), bound, verdict, weight];
}

function amount(value: number, unit: PerformanceTarget['unit']): string {
  if (unit === 'ns') return microseconds(value);
  return unit === 'ms'
    ? `${value.toFixed(1)} ms`
    : percent(value, Number.isInteger(100 * value) ? 0 : 2);
}
