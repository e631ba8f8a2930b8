export { PortError } from './ports/port-error.ts';
export type { PortErrorCode } from './ports/port-error.ts';
export type {
  BlobStore,
  Bus,
  JournalLog,
  Kept,
  Lease,
  LeaseBook,
  Ports,
  StoredRecord,
  Task,
  WorkQueue,
} from './ports/ports.ts';
