import { engineConfiguration, whatIf } from '@sema/qar';
import type { Candles, EngineConfiguration, WhatIfResult } from '@sema/qar';
import { merged, readSettings } from './configuration-file.ts';
import { change, count, day } from './figures.ts';
import { journalLines } from './journal-lines.ts';
import type { Output } from './output.ts';
import { systemClock } from './system-clock.ts';
import { alignFacts } from './table.ts';

/** Differences that are listed; the counts are always whole. */
const SHOWN = 10;

interface Question {
  readonly journal: string;
  readonly candles: Candles;
  /** Path of the file with the changed settings. */
  readonly settings: string;
  readonly out: Output;
}

/** Decides a journal anew under the settings of a file, and says what would have been otherwise. */
export function printWhatIf({ journal, candles, settings: path, out }: Question): void {
  // The file alone: what a variable of the environment changes would not be seen in it.
  const settings = readSettings(path);
  const underSettings = (recorded: EngineConfiguration): EngineConfiguration =>
    engineConfiguration({ ...recorded, ...settings }, merged({ ...recorded }, settings));
  const result = whatIf(journalLines(journal), candles, {
    clock: systemClock(),
    most: SHOWN,
    change: underSettings,
  });
  out.json(result);
  for (const line of resultLines(result)) out.say(line);
}

function resultLines(result: WhatIfResult): string[] {
  const { decisions, skipped, different, counts, differences, equity } = result;
  const facts: [string, string][] = [
    ['decisions', `${count(decisions)} made under the changed settings`],
    ...(skipped > 0
      ? [['not compared', `${count(skipped)} without a whole window`] satisfies [string, string]]
      : []),
    ['different', count(different)],
    ...Object.entries(counts).map(([field, n]): [string, string] => [`  ${field}`, count(n)]),
    ['equity', `${equity.recorded.toFixed(2)} recorded, ${equity.changed.toFixed(2)} changed`],
    [
      'difference',
      `${(equity.changed - equity.recorded).toFixed(2)}, ` +
        `${change(equity.changed / equity.recorded - 1)} of the recorded`,
    ],
  ];
  const listed = differences.map(
    ({ sequence, time, field, recorded, changed }) =>
      `receipt ${String(sequence)}, ${day(time)}, ${field}: ${recorded} → ${changed}`,
  );
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const rest = total - differences.length;
  return [
    different === 0 ? 'SAME  no decision would differ' : 'WHAT IF',
    ...alignFacts(facts),
    ...listed,
    ...(rest > 0 ? [`and ${count(rest)} more`] : []),
  ];
}
