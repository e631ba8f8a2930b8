export { SessionFiles } from './session-files/session-files.ts';
export type { SessionFilesOptions } from './session-files/session-files.ts';
export { journalSegments } from './session-files/segments.ts';
export type { SyncPolicy } from './session-files/appender.ts';
