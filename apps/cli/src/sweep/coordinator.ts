import { setTimeout as delay } from 'node:timers/promises';
import { decodeOutcome, type SweepOutcome } from './outcome.ts';
import { patiently, type PatienceOptions } from './patience.ts';
import {
  candlesName,
  encodeTask,
  outcomeName,
  outcomePrefix,
  submissionId,
  sweepQueue,
  sweepSubject,
  type SweepTask,
  type SweepWork,
} from './sweep-task.ts';
import { isSettled, type SweepPorts } from './worker.ts';

/** What is asked of the workers. */
export interface SweepOrder {
  readonly sweep: string;
  /** The blob of candles, and SHA-256 of it. */
  readonly candles: { readonly bytes: Uint8Array; readonly hash: string };
  /** By their ids. */
  readonly tasks: ReadonlyMap<string, SweepWork>;
}

export interface CoordinatorOptions extends PatienceOptions {
  readonly ports: SweepPorts;
  readonly program: string;
  readonly attempts: number;
  /** Tasks in the queue at a time: what others may still do after this one is told to stop. */
  readonly inFlight: number;
  /** After so long without news it looks for itself. */
  readonly lookMs: number;
  /** Bytes of candles and outcomes that are kept in all. */
  readonly maximumBytes: number;
  /** For each outcome, those from before included. */
  readonly onOutcome: (id: string, outcome: SweepOutcome) => void;
  readonly onProgress: (done: number, total: number) => void;
  /** Called often; may throw to give the sweep up. */
  readonly breathe: () => Promise<void>;
}

/** More than the sweep was allowed to keep. */
export class SweepTooLarge extends Error {
  override readonly name = 'SweepTooLarge';
}

const BREATH_MS = 100;
const OUTCOME_BYTES = 512;

/**
 * Has every task done, by whoever takes them, and tells their outcomes. What is kept from before is
 * not done again, but what had failed is. It can be ended at any moment and called again.
 *
 * @throws {PortError} other than `UNAVAILABLE`, which is waited out; {SweepTooLarge}
 */
export async function coordinate(order: SweepOrder, options: CoordinatorOptions): Promise<void> {
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const coordinator = new Coordinator(order, { ...options, signal });
  try {
    await coordinator.run();
  } finally {
    end.abort();
  }
}

class Coordinator {
  readonly #order: SweepOrder;
  readonly #options: CoordinatorOptions;
  readonly #settled = new Set<string>();
  /** Of tasks that failed before, the round they are in now. */
  readonly #rounds = new Map<string, number>();
  readonly #waiting: string[] = [];
  readonly #submitted = new Set<string>();
  /** What a worker said is there, and how to wake whoever waits for it. */
  readonly #announced = new Set<string>();
  #wake: () => void = () => undefined;
  #bytes = 0;

  constructor(order: SweepOrder, options: CoordinatorOptions) {
    this.#order = order;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { tasks, sweep } = this.#order;
    const { ports, onProgress, breathe, lookMs } = this.#options;
    this.#count(this.#order.candles.bytes);
    const last = await this.#ask(() => ports.bus.last(sweepSubject(sweep)));
    await this.#recall();
    const missing = [...tasks.keys()].filter((id) => !this.#settled.has(id));
    this.#waiting.push(...missing);
    onProgress(this.#settled.size, tasks.size);
    if (missing.length === 0) return;
    await this.#keepCandles();
    const hearing = this.#hear(last?.position ?? 0);
    let quietMs = 0;
    while (this.#settled.size < tasks.size) {
      await breathe();
      await this.#submit();
      const news = await this.#settleAnnounced();
      onProgress(this.#settled.size, tasks.size);
      if (news) quietMs = 0;
      else if (quietMs >= lookMs) {
        await this.#look();
        quietMs = 0;
      } else {
        await Promise.race([this.#news(), hearing.failed]);
        quietMs += BREATH_MS;
      }
    }
  }

  /** The outcomes of an earlier run, and the rounds of what failed in it. */
  async #recall(): Promise<void> {
    const { tasks } = this.#order;
    for (const id of await this.#kept()) {
      if (!tasks.has(id)) continue;
      const outcome = await this.#read(id);
      if (outcome?.result !== undefined) this.#keep(id, outcome);
      else if (outcome !== undefined) this.#rounds.set(id, outcome.failure.round + 1);
    }
  }

  async #keepCandles(): Promise<void> {
    const { bytes, hash } = this.#order.candles;
    const { ports } = this.#options;
    const name = candlesName(hash);
    const there = await this.#ask(() => ports.blobs.list(name));
    if (!there.includes(name)) await this.#ask(() => ports.blobs.put(name, bytes));
  }

  /** Notes what workers announce. A lost announcement is made up for by looking. */
  #hear(after: number): { readonly failed: Promise<never> } {
    const { ports, signal } = this.#options;
    const subject = sweepSubject(this.#order.sweep);
    let position = after;
    const listen = async (): Promise<void> => {
      while (!signal.aborted) {
        await this.#ask(async () => {
          for await (const record of ports.bus.follow(subject, position, signal)) {
            position = record.position;
            this.#announced.add(Buffer.from(record.bytes).toString('latin1'));
            this.#wake();
          }
        });
      }
    };
    const never = () => new Promise<never>(() => undefined);
    const failed = listen().then(never, (error: unknown) => {
      if (signal.aborted) return never();
      throw error;
    });
    // Whoever waits for news hears of it.
    failed.catch(() => undefined);
    return { failed };
  }

  async #submit(): Promise<void> {
    const { inFlight, ports, program } = this.#options;
    while (this.#submitted.size < inFlight) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      const task = this.#task(id);
      const bytes = encodeTask(task);
      await this.#ask(() => ports.queue.submit(sweepQueue(program), submissionId(task), bytes));
      this.#submitted.add(id);
    }
  }

  async #settleAnnounced(): Promise<boolean> {
    let news = false;
    for (const id of this.#announced) {
      this.#announced.delete(id);
      if (await this.#settle(id)) news = true;
    }
    return news;
  }

  /** Finds what nobody announced, and asks anew for what the queue has lost. */
  async #look(): Promise<void> {
    const { ports, program } = this.#options;
    const pending = await this.#ask(() => ports.queue.pending(sweepQueue(program)));
    for (const id of await this.#kept()) await this.#settle(id);
    // With an empty queue nobody is at work on what has no outcome.
    if (pending > 0) return;
    for (const id of this.#submitted) {
      this.#submitted.delete(id);
      this.#rounds.set(id, (this.#rounds.get(id) ?? 0) + 1);
      this.#waiting.push(id);
    }
    await this.#keepCandles();
  }

  async #settle(id: string): Promise<boolean> {
    if (!this.#order.tasks.has(id) || this.#settled.has(id)) return false;
    const outcome = await this.#read(id);
    if (outcome === undefined || !isSettled(outcome, this.#task(id))) return false;
    this.#keep(id, outcome);
    this.#submitted.delete(id);
    return true;
  }

  #keep(id: string, outcome: SweepOutcome): void {
    this.#settled.add(id);
    this.#options.onOutcome(id, outcome);
    // Figures and the frame around them.
    this.#count({ length: OUTCOME_BYTES + (outcome.result?.tested.byteLength ?? 0) });
  }

  /** An announcement, or a moment without one. */
  async #news(): Promise<void> {
    if (this.#announced.size > 0) return;
    const moment = new AbortController();
    this.#wake = () => {
      moment.abort();
    };
    await delay(BREATH_MS, undefined, { signal: moment.signal }).catch(() => undefined);
  }

  async #kept(): Promise<string[]> {
    const prefix = outcomePrefix(this.#order.sweep);
    const names = await this.#ask(() => this.#options.ports.blobs.list(prefix));
    return names.map((name) => name.slice(prefix.length));
  }

  async #read(id: string): Promise<SweepOutcome | undefined> {
    const { ports } = this.#options;
    const { sweep } = this.#order;
    const bytes = await this.#ask(() => ports.blobs.get(outcomeName({ sweep, id })));
    return bytes === undefined ? undefined : decodeOutcome(bytes);
  }

  #count({ length }: { readonly length: number }): void {
    this.#bytes += length;
    const { maximumBytes } = this.#options;
    if (this.#bytes <= maximumBytes) return;
    const what = `candles and outcomes take over ${String(maximumBytes)} bytes`;
    throw new SweepTooLarge(what);
  }

  #task(id: string): SweepTask {
    const { sweep, tasks } = this.#order;
    const work = tasks.get(id);
    if (work === undefined) throw new Error(`${id} is no task of this sweep`);
    return { sweep, id, round: this.#rounds.get(id) ?? 0, attempts: this.#options.attempts, work };
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return patiently(ask, this.#options);
  }
}
