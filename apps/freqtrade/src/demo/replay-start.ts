import type { SignalColumns } from './sema-service.ts';

/** A place in a recording where a trade opens and closes before long. */
export interface ReplayStart {
  /** First row whose decision asks for an entry; so do all up to `lastEntry`. */
  readonly firstEntry: number;
  readonly lastEntry: number;
  /** First row after it whose decision asks for an exit. */
  readonly exit: number;
}

/**
 * Every run of at least `entries` rows that ask for an entry, the one that is left soonest first.
 */
export function replayStarts({ action, stake }: SignalColumns, entries: number): ReplayStart[] {
  const enters = (row: number): boolean => action[row] === 'long' && (stake[row] ?? 0) > 0;
  const leaves = (row: number): boolean => action[row] === 'flat' || action[row] === 'short';
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
