import type { KeyObject } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { AlgorithmName, SignOptions } from '../algorithms/algorithm.ts';
import { SynthesisCryptoError } from '../errors.ts';
import type { SynthesisCryptoErrorCode } from '../errors.ts';
import { PrivateKey } from '../private-key.ts';
import type { PublicKey } from '../public-key.ts';
import type { Job, JobMessage, JobReply } from '../job.ts';

export interface WorkerPoolOptions {
  /** Worker threads, 1 to 64. */
  readonly size: number;
  /** The most jobs that wait; one more is refused with `QUEUE_FULL`. */
  readonly maximumQueue: number;
  /** How often a job is tried again after the worker that had it died. */
  readonly maximumRetries: number;
  /** Starts a thread that runs `@sema/synthesis-crypto/worker-main`. */
  readonly spawn: () => Worker;
}

export interface JobOptions {
  /** Takes a waiting job out of the queue; the result of a running one is dropped. */
  readonly signal?: AbortSignal;
}

export interface WorkerPoolMetrics {
  readonly queued: number;
  readonly running: number;
  readonly completed: number;
  readonly rejected: number;
  readonly crashes: number;
}

type Result = KeyObject | Uint8Array | boolean;

interface Pending {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
  settled: boolean;
}

interface Seat {
  readonly worker: Worker;
  busyWith: Pending | undefined;
  /** What it died of, where it said so. */
  error: unknown;
}

const MAX_SIZE = 64;
/** A worker that dies this often without finishing a job is not started again. */
const MAX_BARREN_CRASHES = 3;

/**
 * Signs, verifies and makes keys in other threads. Jobs are done in the order in which they came,
 * one at a time in each thread. Keys travel as handles, not as bytes.
 */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #seats = new Set<Seat>();
  readonly #queue: Pending[] = [];
  #completed = 0;
  #rejected = 0;
  #crashes = 0;
  #barrenCrashes = 0;
  #nextId = 0;
  #closed = false;

  /** @throws {SynthesisCryptoError} `LIMIT_INVALID` */
  constructor(options: WorkerPoolOptions) {
    const { size, maximumQueue, maximumRetries } = options;
    const areCounts = [size, maximumQueue, maximumRetries].every(Number.isInteger);
    if (!areCounts || size < 1 || size > MAX_SIZE || maximumQueue < 0 || maximumRetries < 0) {
      throw new SynthesisCryptoError('LIMIT_INVALID', 'a size or limit of the pool makes no sense');
    }
    this.#options = options;
    for (let seats = 0; seats < size; seats += 1) this.#seat();
  }

  get metrics(): WorkerPoolMetrics {
    return Object.freeze({
      queued: this.#queue.length,
      running: [...this.#seats].filter(({ busyWith }) => busyWith !== undefined).length,
      completed: this.#completed,
      rejected: this.#rejected,
      crashes: this.#crashes,
    });
  }

  /** A fresh key, the caller's to dispose. */
  async generate(algorithm: AlgorithmName, options: JobOptions = {}): Promise<PrivateKey> {
    // A job of this kind is answered with a handle.
    const key = (await this.#submit({ kind: 'generate', algorithm }, options)) as KeyObject;
    return PrivateKey.fromKeyObject(algorithm, key);
  }

  async sign(
    privateKey: PrivateKey,
    message: Uint8Array,
    options: SignOptions & JobOptions = {},
  ): Promise<Uint8Array> {
    const { signal, ...signOptions } = options;
    const { algorithm } = privateKey;
    const key = privateKey.toKeyObject();
    const job: Job = { kind: 'sign', algorithm, key, message, options: signOptions };
    // A job of this kind is answered with bytes.
    return (await this.#submit(job, signal === undefined ? {} : { signal })) as Uint8Array;
  }

  async verify(
    publicKey: PublicKey,
    message: Uint8Array,
    signature: Uint8Array,
    options: JobOptions = {},
  ): Promise<boolean> {
    const { algorithm } = publicKey;
    const raw = publicKey.toRaw();
    const job: Job = { kind: 'verify', algorithm, publicKey: raw, message, signature };
    return (await this.#submit(job, options)) === true;
  }

  /** Stops every thread and rejects what is not done with `DISPOSED`. Safe to call again. */
  async close(): Promise<void> {
    this.#closed = true;
    const seats = [...this.#seats];
    this.#seats.clear();
    const gone = new SynthesisCryptoError('DISPOSED', 'the worker pool is closed');
    for (const pending of this.#queue.splice(0)) this.#fail(pending, gone);
    for (const { busyWith } of seats) if (busyWith !== undefined) this.#fail(busyWith, gone);
    await Promise.all(seats.map(({ worker }) => worker.terminate()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #submit(job: Job, { signal }: JobOptions): Promise<Result> {
    if (this.#closed) throw new SynthesisCryptoError('DISPOSED', 'the worker pool is closed');
    if (signal?.aborted === true) throw aborted();
    if (this.#seats.size === 0) throw dead();
    const isIdle = [...this.#seats].some(({ busyWith }) => busyWith === undefined);
    if (!isIdle && this.#queue.length >= this.#options.maximumQueue) {
      this.#rejected += 1;
      throw new SynthesisCryptoError('QUEUE_FULL', `${this.#queue.length} jobs wait already`);
    }
    let pending: Pending | undefined;
    const abort = (): void => {
      if (pending !== undefined) this.#abort(pending);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<Result>((resolve, reject) => {
        pending = { job, resolve, reject, attempts: 0, settled: false };
        this.#queue.push(pending);
        this.#dispatch();
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #dispatch(): void {
    for (const seat of this.#seats) {
      if (seat.busyWith !== undefined) continue;
      const pending = this.#queue.shift();
      if (pending === undefined) return;
      seat.busyWith = pending;
      pending.attempts += 1;
      this.#nextId += 1;
      const message: JobMessage = { id: this.#nextId, job: pending.job };
      try {
        seat.worker.postMessage(message);
      } catch (error) {
        // What cannot be cloned never left.
        seat.busyWith = undefined;
        this.#fail(pending, error);
      }
    }
  }

  #seat(): void {
    const seat: Seat = { worker: this.#options.spawn(), busyWith: undefined, error: undefined };
    this.#seats.add(seat);
    seat.worker.on('message', (reply: JobReply) => {
      this.#finish(seat, reply);
    });
    // An uncaught exception is told here first; the exit follows.
    seat.worker.on('error', (error: unknown) => {
      seat.error = error;
    });
    seat.worker.once('exit', () => {
      this.#replace(seat);
    });
  }

  #finish(seat: Seat, reply: JobReply): void {
    const pending = seat.busyWith;
    seat.busyWith = undefined;
    this.#barrenCrashes = 0;
    if (pending !== undefined && !pending.settled) {
      if (reply.ok) {
        pending.settled = true;
        this.#completed += 1;
        pending.resolve(reply.result);
      } else {
        // Only refusals of this package are sent back as such.
        const code = reply.code as SynthesisCryptoErrorCode;
        this.#fail(pending, new SynthesisCryptoError(code, reply.message));
      }
    }
    this.#dispatch();
  }

  /** A worker is gone: its job is tried elsewhere or given up, and its seat is filled again. */
  #replace(seat: Seat): void {
    if (!this.#seats.delete(seat)) return;
    this.#crashes += 1;
    this.#barrenCrashes += 1;
    const pending = seat.busyWith;
    if (pending !== undefined && !pending.settled) {
      if (pending.attempts > this.#options.maximumRetries) this.#fail(pending, dead(seat.error));
      else this.#queue.unshift(pending);
    }
    if (this.#barrenCrashes <= MAX_BARREN_CRASHES * this.#options.size) this.#seat();
    if (this.#seats.size === 0) {
      for (const waiting of this.#queue.splice(0)) this.#fail(waiting, dead(seat.error));
    }
    this.#dispatch();
  }

  #abort(pending: Pending): void {
    const at = this.#queue.indexOf(pending);
    if (at !== -1) this.#queue.splice(at, 1);
    this.#fail(pending, aborted());
  }

  #fail(pending: Pending, error: unknown): void {
    if (pending.settled) return;
    pending.settled = true;
    this.#rejected += 1;
    pending.reject(error);
  }
}

function aborted(): SynthesisCryptoError {
  return new SynthesisCryptoError('ABORTED', 'the caller gave the job up');
}

function dead(cause?: unknown): SynthesisCryptoError {
  const rule = 'the worker died, as often as it was replaced';
  return new SynthesisCryptoError('WORKER_FAILED', rule, cause === undefined ? {} : { cause });
}
