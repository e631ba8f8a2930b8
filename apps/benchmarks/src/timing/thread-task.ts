import type { Wait, WaitReport } from './wait-task.ts';

/** What the other thread of a timing row is to do. */
export type ThreadTask =
  /** Writes records as fast as they are taken. */
  | {
      readonly kind: 'produce';
      readonly memory: SharedArrayBuffer;
      readonly records: number;
      readonly recordWords: number;
      readonly batch: number;
    }
  /** Writes the time into a record, or posts it, now and then. */
  | {
      readonly kind: 'stamp';
      readonly memory: SharedArrayBuffer | undefined;
      readonly records: number;
      readonly gapNs: number;
    }
  /** Runs an empty event at a fixed rate and answers with a {@link ScheduleReport}. */
  | {
      readonly kind: 'schedule';
      readonly how: 'orchestrator' | 'setTimeout';
      readonly beats: number;
      readonly periodNs: number;
    }
  /** Waits in each way, the ways taking turns, and answers with {@link WaitRounds}. */
  | { readonly kind: 'wait'; readonly rounds: number; readonly beats: number };

export type WaitRounds = Record<Wait, WaitReport[]>;

/** How late the beats of a schedule were, against their intended times. */
export interface ScheduleReport {
  /** Over all beats, also those that were passed over, which would have been as late as this. */
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  /** Of the last beat that ran. */
  readonly lastNs: number;
  readonly missed: number;
  /** Of one core, by the whole process. */
  readonly cpuShare: number;
}
