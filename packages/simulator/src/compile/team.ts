import type { Memory, Region } from './memory.ts';
import { CONTROL, CONTROL_BYTES, SPINS, TILE_BITS, WORKER_PROGRAM } from './worker-program.ts';

/** Starts threads. `@sema/simulator/threads` has one for Node. */
export interface WorkerHost {
  /** Whether the thread that runs programs may sleep: false on the main thread of a browser. */
  readonly mayWait: boolean;
  /**
   * Starts a thread that runs `program`, a script that defines serve(memory, control, thread), and
   * calls that with these arguments. It must not keep the process alive.
   */
  start(program: string, memory: unknown, control: number, thread: number): WorkerHandle;
}

export interface WorkerHandle {
  /** Ends the thread, whatever it does. */
  stop(): void;
}

/** One pass over tiles, and all that a thread needs to take part. */
export interface Task {
  readonly plan: number;
  readonly code: Region;
  readonly pass: number;
  /** A power of two. */
  readonly tiles: number;
  readonly real: number;
  readonly imaginary: number;
  readonly block: number;
  readonly work: number;
  readonly workBytes: number;
}

/**
 * A thread takes the part of the tiles that are left which would be its share of a quarter of them:
 * many at first, single ones in the end, so that all threads end together.
 */
const PARTS = 4;
/** More tiles than a ticket can count are handed out several at a time. */
const MAX_RUNS = 1 << (TILE_BITS - 1);

/** Threads that work on one memory. They sleep between tasks and end with the team. */
export class Team implements Disposable {
  readonly #words: Int32Array;
  readonly #workers: WorkerHandle[] = [];
  readonly #mayWait: boolean;
  #task = 0;

  /** @param threads - how many work on a task, the caller among them. */
  constructor(threads: number, host: WorkerHost, memory: Memory) {
    this.#mayWait = host.mayWait;
    const { address } = memory.take(CONTROL_BYTES);
    this.#words = new Int32Array(memory.buffer, address, CONTROL_BYTES / 4).fill(0);
    for (let thread = 1; thread < threads; thread++) {
      this.#workers.push(host.start(WORKER_PROGRAM, memory.handle, address, thread));
    }
  }

  /** Has all tiles of a task done; `run` does some of them on this thread. */
  do(task: Task, run: (first: number, end: number) => void): void {
    const words = this.#words;
    const number = ++this.#task;
    const parts = PARTS * (this.#workers.length + 1);
    const runs = Math.min(task.tiles, MAX_RUNS);
    const each = task.tiles / runs;
    // With no tile left in it, the ticket stops threads that come late from the task before.
    Atomics.store(words, CONTROL.ticket, (number << TILE_BITS) | ((1 << TILE_BITS) - 1));
    Atomics.store(words, CONTROL.done, 0);
    const settings: readonly (readonly [number, number])[] = [
      [CONTROL.plan, task.plan],
      [CONTROL.codeAddress, task.code.address],
      [CONTROL.codeBytes, task.code.bytes],
      [CONTROL.pass, task.pass],
      [CONTROL.runs, runs],
      [CONTROL.tilesPerRun, each],
      [CONTROL.parts, parts],
      [CONTROL.real, task.real],
      [CONTROL.imaginary, task.imaginary],
      [CONTROL.block, task.block],
      [CONTROL.work, task.work],
      [CONTROL.workBytes, task.workBytes],
    ];
    for (const [word, value] of settings) Atomics.store(words, word, value);
    Atomics.store(words, CONTROL.ticket, number << TILE_BITS);
    Atomics.store(words, CONTROL.task, number);
    Atomics.notify(words, CONTROL.task);
    for (;;) {
      const ticket = Atomics.load(words, CONTROL.ticket);
      const first = ticket & ((1 << TILE_BITS) - 1);
      if (first >= runs) break;
      const end = first + Math.ceil((runs - first) / parts);
      const next = ticket + end - first;
      if (Atomics.compareExchange(words, CONTROL.ticket, ticket, next) !== ticket) continue;
      run(first * each, end * each);
      Atomics.add(words, CONTROL.done, end - first);
    }
    this.#await(runs);
  }

  [Symbol.dispose](): void {
    Atomics.store(this.#words, CONTROL.stop, 1);
    Atomics.add(this.#words, CONTROL.task, 1);
    Atomics.notify(this.#words, CONTROL.task);
    for (const worker of this.#workers.splice(0)) worker.stop();
  }

  #await(runs: number): void {
    let spins = 0;
    for (;;) {
      const done = Atomics.load(this.#words, CONTROL.done);
      if (done === runs) return;
      if (++spins > SPINS && this.#mayWait) Atomics.wait(this.#words, CONTROL.done, done);
    }
  }
}
