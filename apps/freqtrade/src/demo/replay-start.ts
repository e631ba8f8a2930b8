import type { SignalColumns } from './sema-service.ts';

/** A place in a recording where a trade opens and closes before long. */
export interface ReplayStart {
  /** First row whose decision asks for an entry; so do all up to `lastEntry`. */
  readonly firstEntry: number;
  readonly lastEntry: number;
  /** First row after it whose decision asks for an exit. */
  readonly exit: number;
}

/** Whether freqtrade may enter after this row. */
export function asksForEntry({ action, stake }: SignalColumns, row: number): boolean {
  return action[row] === 'long' && (stake[row] ?? 0) > 0;
}

/** Whether freqtrade leaves after this row. */
export function asksForExit({ action }: SignalColumns, row: number): boolean {
  return action[row] === 'flat' || action[row] === 'short';
}

/**
 * Every run of at least `entries` rows that ask for an entry, the one that is left soonest first.
 */
export function replayStarts(signals: SignalColumns, entries: number): ReplayStart[] {
  const { action } = signals;
  const enters = (row: number): boolean => asksForEntry(signals, row);
  const leaves = (row: number): boolean => asksForExit(signals, row);
  const starts: ReplayStart[] = [];
  for (let row = 0; row < action.length; row++) {
    if (!enters(row)) continue;
    const firstEntry = row;
    while (enters(row + 1)) row++;
    let exit = row + 1;
    while (exit < action.length && !leaves(exit) && !enters(exit)) exit++;
    const isLeft = exit < action.length && leaves(exit);
    if (isLeft && row - firstEntry + 1 >= entries) {
      starts.push({ firstEntry, lastEntry: row, exit });
    }
  }
  return starts.sort((a, b) => a.exit - a.lastEntry - (b.exit - b.lastEntry));
}
