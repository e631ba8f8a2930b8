export { inProcessPorts } from './ports/in-process-ports.ts';
export type { InProcessPortsOptions } from './ports/in-process-ports.ts';
export type { QueueTimes } from './ports/in-process-queue.ts';
export { PortError } from './ports/port-error.ts';
export type { PortErrorCode } from './ports/port-error.ts';
export { checkCount, checkName, checkPrefix, checkSize, PORT_LIMITS } from './ports/port-rules.ts';
export type { PortLimits } from './ports/port-rules.ts';
export type {
  BlobStore,
  Bus,
  JournalLog,
  Kept,
  Lease,
  LeaseBook,
  OpenPorts,
  Ports,
  StoredRecord,
  Task,
  WorkQueue,
} from './ports/ports.ts';
