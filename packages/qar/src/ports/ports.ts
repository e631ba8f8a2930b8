/**
 * What a node needs of the world beyond itself. In one process these are maps and arrays; past one
 * machine they are a broker. Who uses them cannot tell which.
 *
 * Subjects, names, holders and ids are 1 to 128 characters of `A–Z a–z 0–9 _ - . / :`. Every method
 * rejects with a `PortError`: `BAD_NAME`, `BAD_NUMBER` and `TOO_LARGE` for what it cannot take,
 * `FULL` when no more is kept, `UNAVAILABLE` when the world does not answer in time, in which case
 * the call may or may not have had its effect, and `CLOSED`. Bytes are copied on their way in and
 * out.
 */
export interface Ports {
  readonly bus: Bus;
  readonly journal: JournalLog;
  readonly queue: WorkQueue;
  readonly leases: LeaseBook;
  readonly blobs: BlobStore;
}

/**
 * Ports that can be let go of. What waits at them then rejects `CLOSED`, as does every later call.
 */
export interface OpenPorts extends Ports {
  close(): Promise<void>;
}

export interface StoredRecord {
  /** Grows with each record of a subject, from 1 on; not without gaps. */
  readonly position: number;
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface Kept {
  readonly position: number;
  /** Whether a record of this id was there already; `position` is then its. */
  readonly duplicate: boolean;
}

/**
 * Candles in, decisions out: each subject its own order. A subject keeps its newest messages, as
 * many as the port's limits say; who falls farther behind than that misses some, and must know by
 * what is in them.
 */
export interface Bus {
  /** Resolves when the message is kept. A repeated id within the port's memory is kept once. */
  publish(subject: string, id: string, bytes: Uint8Array): Promise<Kept>;
  /**
   * The messages of a subject after a position, oldest first, and then those to come; ends when
   * `signal` aborts. A message may come twice, and a consumer knows it by its position.
   */
  follow(subject: string, after: number, signal: AbortSignal): AsyncIterable<StoredRecord>;
  /** The newest message of a subject. */
  last(subject: string): Promise<StoredRecord | undefined>;
}

/** The one history of a market, which only who knows its end can continue. */
export interface JournalLog {
  /**
   * Appends a record if the newest of the subject is at `after`, 0 when there must be none. This
   * condition, not a clock, is what keeps two owners from writing two histories. Asking again, with
   * the same id and `after`, finds the record that is there, however much followed it.
   *
   * @throws {PortError} `CONFLICT` when the subject has moved on.
   */
  append(subject: string, id: string, bytes: Uint8Array, after: number): Promise<Kept>;
  /** The records of a subject after a position, oldest first, up to the newest there is now. */
  read(subject: string, after: number): AsyncIterable<StoredRecord>;
  last(subject: string): Promise<StoredRecord | undefined>;
}

/** A piece of work that one worker has taken, and nobody else until it lets go or goes silent. */
export interface Task {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** How often it has been handed out, this time included. */
  readonly attempt: number;
  /**
   * It is done and handed out no more, unless who keeps the tasks goes down before that is on its
   * disk.
   */
  done(): Promise<void>;
  /** It is still worked on: the time until it is handed out again starts anew. */
  extend(): Promise<void>;
  /** Hand it out again. */
  release(): Promise<void>;
}

/** Work that is done at least once. Results are kept by the task's id, so twice does no harm. */
export interface WorkQueue {
  /** Resolves when the task is kept. A repeated id within the port's memory is kept once. */
  submit(queue: string, id: string, bytes: Uint8Array): Promise<Kept>;
  /** The next task, waited for at most `waitMs`; `undefined` when there was none. */
  take(queue: string, waitMs: number): Promise<Task | undefined>;
  /** Tasks kept and not done. */
  pending(queue: string): Promise<number>;
}

/** The right to own a name until a time that who keeps the leases measures. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** Fencing token: above that of every earlier lease of the name. */
  readonly token: number;
  /** Starts the time anew; `false` when the lease is lost, for good. */
  renew(): Promise<boolean>;
  /** Gives the name back at once, if it is still held. */
  release(): Promise<void>;
}

export interface LeaseBook {
  /** How long a lease lasts without being renewed, ms. */
  readonly lifetimeMs: number;
  /** The lease of a name, or `undefined` while somebody else, or this holder, has it. */
  acquire(name: string, holder: string): Promise<Lease | undefined>;
  /** Who holds the name now. */
  holder(name: string): Promise<string | undefined>;
}

/** Whole values under names: snapshots, candles of a sweep, results. */
export interface BlobStore {
  /** Replaces what was there at once, or leaves it. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  delete(name: string): Promise<void>;
  /** Names that begin with `prefix`, sorted. */
  list(prefix: string): Promise<string[]>;
}
