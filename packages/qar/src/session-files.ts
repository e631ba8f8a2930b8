export { SessionFiles } from './session-files/session-files.ts';
export type { SessionFilesOptions } from './session-files/session-files.ts';
export { journalSegments } from './session-files/segments.ts';
