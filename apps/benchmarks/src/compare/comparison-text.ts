import { aligned, figure } from '../result-table.ts';
import { CONFIDENCE, type ComparedRow, type Comparison } from './compare-documents.ts';

/** Lines that say what has changed, how surely, and what could not have been seen. */
export function comparisonText(
  { rows, unmatched, sampleIs }: Comparison,
  { tolerance, inTurns }: { readonly tolerance: number; readonly inTurns: boolean },
): string[] {
  const judged = rows.filter(({ cost }) => cost !== undefined);
  const count = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length;
  const regressed = rows.filter((row) => row.regressed).length;
  const percent = `${String(100 * CONFIDENCE)} %`;
  return [
    ...tableOf(rows),
    '',
    `${String(judged.length)} rows judged: ${String(count('slower'))} slower, ` +
      `${String(count('faster'))} faster; of as many without any change about ` +
      `${(judged.length * (1 - CONFIDENCE)).toFixed(1)} would be called one of them.`,
    `Cost is after over before, above 1 worse, with its ${percent} interval by bootstrap; ` +
      `a sample is ${sampleIs}.`,
    ...(unmatched > 0 ? [`${String(unmatched)} rows are in one of the two only.`] : []),
    ...(inTurns ? [] : DRIFT),
    ...(sampleIs === 'a process' ? [] : ONE_PROCESS),
    regressed === 0
      ? `No regression beyond ${String(100 * tolerance)} % is proven.`
      : `${String(regressed)} regressed by more than ${String(100 * tolerance)} %.`,
  ];
}

const DRIFT = [
  'The two were measured at different times, so what the machine did in between is in these',
  'figures. --compare-with <folder> and --against <commit> measure both in turns.',
];
const ONE_PROCESS = [
  'Each side is one process, and what differs from one process to the next is not in its rounds.',
  'Measure both with --repeat 7 before believing a small difference.',
];

/** All that were judged, and those that lost their target. */
function tableOf(rows: readonly ComparedRow[]): string[] {
  const shown = rows.filter(
    ({ cost, lostTarget, regressed }) => cost !== undefined || lostTarget || regressed,
  );
  return aligned([
    ['', 'before', 'after', 'cost', 'interval', 'over', ''],
    ...shown.map(({ suite, name, unit, before, after, cost, overPeer, verdict, lostTarget }) => [
      `${suite}: ${name}`,
      figure(before),
      `${figure(after)} ${unit}`,
      cost === undefined ? '–' : cost.ratio.toFixed(3),
      cost === undefined ? '–' : `${cost.low.toFixed(3)} … ${cost.high.toFixed(3)}`,
      overPeer ?? '',
      lostTarget ? `${verdict}, TARGET LOST` : verdict,
    ]),
  ]);
}
