import { setTimeout as wait } from 'node:timers/promises';
import { checkCount, checkName, checkSize, PortError } from '@sema/qar/ports';
import type { Kept, Task, WorkQueue } from '@sema/qar/ports';
import { AckPolicy, JSONCodec, nanos } from 'nats';
import type { Msg } from 'nats';
import type { NatsLink } from './nats-link.ts';
import { consumerName, encodeName } from './nats-names.ts';
import { idHeaders, idOf } from './nats-records.ts';
import { streamNames } from './nats-streams.ts';

/** The longest that one request for a task waits at the broker; then it is asked anew. */
const SLICE_MS = 2000;
const RETRY_MS = 50;
const NO_MESSAGES = 404;
const WAITED_IN_VAIN = 408;
/** `$JS.ACK.<stream>.<consumer>.<delivered>.…`; longer where there are domains and accounts. */
const SHORT_ACK_TOKENS = 9;
const DELIVERED_TOKEN = 4;

export class NatsQueue implements WorkQueue {
  readonly #link: NatsLink;
  readonly #stream: string;
  readonly #subject: string;
  readonly #json = JSONCodec();
  /** Queues whose consumer was seen. */
  readonly #consumers = new Set<string>();

  constructor(link: NatsLink) {
    const { stream, subject } = streamNames(link.settings.prefix).queue;
    this.#link = link;
    this.#stream = stream;
    this.#subject = subject;
  }

  async submit(queue: string, id: string, bytes: Uint8Array): Promise<Kept> {
    checkName('queue', queue);
    checkName('id', id);
    checkSize('a task', bytes, this.#link.settings.limits.recordBytes);
    const wire = this.#wire(queue);
    const { seq, duplicate } = await this.#link.insist(queue, () =>
      this.#link.js.publish(wire, bytes, { headers: idHeaders(id), msgID: `${wire} ${id}` }),
    );
    return { position: seq, duplicate };
  }

  async take(queue: string, waitMs: number): Promise<Task | undefined> {
    checkName('queue', queue);
    checkCount('wait', waitMs);
    const until = performance.now() + waitMs;
    const patient = performance.now() + Math.max(waitMs, this.#link.settings.requestTimeoutMs);
    for (;;) {
      await this.#ensureConsumer(queue);
      const leftMs = Math.max(0, Math.ceil(until - performance.now()));
      const answer = await this.#next(queue, Math.min(SLICE_MS, leftMs));
      const code = answer?.headers?.code ?? 0;
      if (answer !== undefined && code === 0) return this.#task(answer);
      const isEmpty = code === NO_MESSAGES || code === WAITED_IN_VAIN;
      if (isEmpty && performance.now() >= until) return undefined;
      if (isEmpty) continue;
      // Its consumer moved to another server, or is gone.
      this.#consumers.delete(queue);
      if (performance.now() > patient) {
        throw new PortError('UNAVAILABLE', `nobody hands out the tasks of ${queue}`);
      }
      await wait(RETRY_MS);
    }
  }

  async pending(queue: string): Promise<number> {
    checkName('queue', queue);
    const wire = this.#wire(queue);
    const { state } = await this.#link.insist(queue, () =>
      this.#link.manager.streams.info(this.#stream, { subjects_filter: wire }),
    );
    return state.subjects?.[wire] ?? 0;
  }

  #wire(queue: string): string {
    return this.#subject + encodeName(queue);
  }

  async #ensureConsumer(queue: string): Promise<void> {
    if (this.#consumers.has(queue)) return;
    const { silenceMs, limits } = this.#link.settings;
    await this.#link.insist(queue, () =>
      this.#link.manager.consumers.add(this.#stream, {
        durable_name: consumerName(queue),
        filter_subject: this.#wire(queue),
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(silenceMs),
        max_ack_pending: limits.tasks,
      }),
    );
    this.#consumers.add(queue);
  }

  /** The broker's answer; `undefined` when there was none. */
  async #next(queue: string, waitMs: number): Promise<Msg | undefined> {
    const { connection, settings } = this.#link;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.#stream}.${consumerName(queue)}`;
    const asked = waitMs > 0 ? { batch: 1, expires: nanos(waitMs) } : { batch: 1, no_wait: true };
    try {
      return await this.#link.ask(queue, () =>
        connection.request(subject, this.#json.encode(asked), {
          timeout: waitMs + settings.requestTimeoutMs,
          // A task comes under its own subject, which the shared inbox would not know.
          noMux: true,
        }),
      );
    } catch (error) {
      if (error instanceof PortError && error.code === 'UNAVAILABLE') return undefined;
      throw error;
    }
  }

  #task(message: Msg): Task {
    const { headers, reply = '', data } = message;
    const tell = async (word: string): Promise<void> => {
      await this.#link.insist('a task', () =>
        this.#link.connection.request(reply, word, {
          timeout: this.#link.settings.requestTimeoutMs,
        }),
      );
    };
    return {
      id: idOf(headers),
      bytes: new Uint8Array(data),
      attempt: attemptOf(reply),
      done: () => tell('+ACK'),
      extend: () => tell('+WPI'),
      release: () => tell('-NAK'),
    };
  }
}

function attemptOf(reply: string): number {
  const tokens = reply.split('.');
  return Number(tokens[tokens.length === SHORT_ACK_TOKENS ? DELIVERED_TOKEN : DELIVERED_TOKEN + 2]);
}
