import { readFileSync } from 'node:fs';

/** The kernel's unit of time in these files, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time of a process, user and system; undefined where there is no `/proc`. */
export function cpuSeconds(pid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, which may hold anything, is in brackets; `utime` and `stime` are fields 14 and 15.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
