import type { Clock } from '@sema/timing-buffer';
import { PortError } from './port-error.ts';
import { checkCount, checkName, checkSize } from './port-rules.ts';
import type { PortState } from './port-state.ts';
import type { Kept, Task, WorkQueue } from './ports.ts';
import type { Wakeups } from './wakeups.ts';

const NS_PER_MS = 1e6;
/** Ids of tasks that are done, remembered for each queue so that they are not taken again. */
const REMEMBERED_IDS = 10_000;

export interface QueueTimes {
  readonly clock: Clock;
  /** Resolves after so long, or as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long a worker may be silent before its task is handed out again, ms. */
  readonly silenceMs: number;
}

interface KeptTask {
  readonly id: string;
  readonly bytes: Uint8Array;
  attempt: number;
  /** Until when it is somebody's; 0 when it is nobody's. */
  takenUntilNs: number;
}

interface Queue {
  /** In the order in which they came. */
  readonly tasks: Map<string, KeptTask>;
  /** Positions of tasks kept or done, the newest last. */
  readonly positions: Map<string, number>;
}

export class InProcessQueue implements WorkQueue {
  readonly #state: PortState;
  readonly #wakeups: Wakeups;
  readonly #times: QueueTimes;
  readonly #queues = new Map<string, Queue>();
  #position = 0;
  #tasks = 0;
  #bytes = 0;

  constructor(state: PortState, wakeups: Wakeups, times: QueueTimes) {
    this.#state = state;
    this.#wakeups = wakeups;
    this.#times = times;
  }

  submit(queue: string, id: string, bytes: Uint8Array): Promise<Kept> {
    return this.#state.answer(() => {
      checkName('queue', queue);
      checkName('id', id);
      checkSize('a task', bytes, this.#state.limits.recordBytes);
      const known = this.#queues.get(queue)?.positions.get(id);
      if (known !== undefined) return { position: known, duplicate: true };
      this.#checkRoom(queue, bytes);
      const kept = this.#queues.get(queue) ?? { tasks: new Map(), positions: new Map() };
      this.#queues.set(queue, kept);
      const position = ++this.#position;
      kept.tasks.set(id, { id, bytes: new Uint8Array(bytes), attempt: 0, takenUntilNs: 0 });
      kept.positions.set(id, position);
      this.#tasks++;
      this.#bytes += bytes.length;
      this.#wakeups.wake(queue);
      return { position, duplicate: false };
    });
  }

  async take(queue: string, waitMs: number): Promise<Task | undefined> {
    checkName('queue', queue);
    checkCount('wait', waitMs);
    const { clock } = this.#times;
    const untilNs = clock.nowNs() + waitMs * NS_PER_MS;
    for (;;) {
      this.#state.checkOpen();
      const nowNs = clock.nowNs();
      const { free, nextNs } = this.#search(queue, nowNs);
      if (free !== undefined) return this.#handOut(queue, free, nowNs);
      if (nowNs >= untilNs) return undefined;
      await this.#wait(queue, Math.min(untilNs, nextNs) - nowNs);
    }
  }

  pending(queue: string): Promise<number> {
    return this.#state.answer(() => {
      checkName('queue', queue);
      return this.#queues.get(queue)?.tasks.size ?? 0;
    });
  }

  #checkRoom(queue: string, bytes: Uint8Array): void {
    const { tasks, names, totalBytes } = this.#state.limits;
    if (this.#tasks >= tasks) throw new PortError('FULL', `${tasks} tasks are kept, and no more`);
    if (this.#bytes + bytes.length > totalBytes) {
      throw new PortError('FULL', `${totalBytes} bytes of tasks are kept, and no more`);
    }
    if (!this.#queues.has(queue) && this.#queues.size >= names) {
      throw new PortError('FULL', `${names} queues are kept, and no more`);
    }
  }

  /** The first task that is nobody's, or when the first of the others will be. */
  #search(queue: string, nowNs: number): { free?: KeptTask; nextNs: number } {
    let nextNs = Infinity;
    for (const task of this.#queues.get(queue)?.tasks.values() ?? []) {
      if (task.takenUntilNs <= nowNs) return { free: task, nextNs };
      nextNs = Math.min(nextNs, task.takenUntilNs);
    }
    return { nextNs };
  }

  async #wait(queue: string, durationNs: number): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    const durationMs = Math.ceil(durationNs / NS_PER_MS);
    await Promise.race([
      this.#wakeups.wait(queue, signal),
      this.#times.sleep(durationMs, signal),
    ]).finally(() => {
      stop.abort();
    });
  }

  #handOut(queue: string, task: KeptTask, nowNs: number): Task {
    const { clock, silenceMs } = this.#times;
    const silenceNs = silenceMs * NS_PER_MS;
    task.attempt++;
    task.takenUntilNs = nowNs + silenceNs;
    return {
      id: task.id,
      bytes: new Uint8Array(task.bytes),
      attempt: task.attempt,
      done: () => this.#state.answer(() => this.#remove(queue, task)),
      extend: () =>
        this.#state.answer(() => {
          task.takenUntilNs = clock.nowNs() + silenceNs;
        }),
      release: () =>
        this.#state.answer(() => {
          task.takenUntilNs = 0;
          this.#wakeups.wake(queue);
        }),
    };
  }

  #remove(queue: string, task: KeptTask): void {
    const kept = this.#queues.get(queue);
    if (kept?.tasks.get(task.id) !== task) return;
    kept.tasks.delete(task.id);
    this.#tasks--;
    this.#bytes -= task.bytes.length;
    if (kept.positions.size - kept.tasks.size <= REMEMBERED_IDS) return;
    for (const id of kept.positions.keys()) {
      if (kept.tasks.has(id)) continue;
      kept.positions.delete(id);
      return;
    }
  }
}
