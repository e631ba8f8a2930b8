import type { Candle, InterventionReceipt } from '@sema/qar';
import type { WebSocket } from 'ws';
import { StreamIn } from '../api/stream.ts';
import { RateLimiter } from '../limits/rate-limiter.ts';
import type { Market, MarketListener } from '../markets/market.ts';
import { ServiceError } from '../service-error.ts';
import type { DecisionEvent } from '../storage/history.ts';

export interface StreamOptions {
  /** The last decision that the client has; decisions after it are sent. */
  readonly after: number;
  /** Decisions sent ahead of the client's acknowledgement; `undefined` when it sends none. */
  readonly window: number | undefined;
  readonly mayFeed: boolean;
  readonly candlesPerSecond: number;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Bytes waiting in the socket from which on nothing more is sent. */
const HIGH_WATER = 1_048_576;
/** Decisions read from storage at a time, for a client that is behind. */
const PAGE = 64;
/** Messages being answered from which on no more are read. */
const MOST_OPEN = 64;

/**
 * One client on one market's stream.
 *
 * It holds no queue: a client that does not keep up is behind in the journal, and gets what it
 * missed from there when its socket, or its acknowledgement, lets it.
 */
export class StreamConnection implements Disposable {
  readonly #socket: WebSocket;
  readonly #market: Market;
  readonly #options: StreamOptions;
  readonly #limiter: RateLimiter;
  readonly #listening: Disposable;
  #sent: number;
  #acknowledged: number;
  #open = 0;
  #pumping = false;

  constructor(socket: WebSocket, market: Market, options: StreamOptions) {
    this.#socket = socket;
    this.#market = market;
    this.#options = options;
    const perSecond = options.candlesPerSecond;
    this.#limiter = new RateLimiter({ perSecond, burst: perSecond }, options.now);
    this.#sent = options.after;
    this.#acknowledged = options.after;
    const listener: MarketListener = {
      decision: (event) => {
        this.#decided(event);
      },
      candle: (candle) => {
        this.#tell({ type: 'candle', candle });
      },
      intervention: (receipt) => {
        this.#intervened(receipt);
      },
    };
    this.#listening = market.listen(listener);
    socket.on('message', (data, isBinary) => {
      // Text comes as one buffer unless the socket is told otherwise.
      this.#receive(isBinary || !Buffer.isBuffer(data) ? '' : data.toString());
    });
    this.#hello();
    this.#pump();
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  #hello(): void {
    const { session } = this.#market;
    this.#send({
      type: 'hello',
      market: this.#market.id,
      sequence: session.decisions === 0 ? null : session.decisions - 1,
      trading: session.risk.trading,
      unacknowledged: this.#options.window ?? -1,
    });
  }

  #decided(event: DecisionEvent): void {
    if (event.sequence === this.#sent + 1 && this.#mayDecide()) this.#sendDecision(event);
  }

  #intervened({ trading, at, intervention }: InterventionReceipt): void {
    if (intervention.kind === 'trade') return;
    this.#tell({ type: 'risk', trading, at, intervention });
  }

  /** Sends what only says how things stand, which a client far behind can do without. */
  #tell(message: object): void {
    if (this.#socket.bufferedAmount < HIGH_WATER) this.#send(message);
  }

  #mayDecide(): boolean {
    const { window } = this.#options;
    return (
      this.#socket.readyState === this.#socket.OPEN &&
      this.#socket.bufferedAmount < HIGH_WATER &&
      (window === undefined || this.#sent - this.#acknowledged < window)
    );
  }

  #sendDecision({ sequence, line, candle, exposure, weights }: DecisionEvent): void {
    this.#sent = sequence;
    const head = JSON.stringify({ type: 'decision', sequence, candle, exposure });
    // The journal's line is sent as it is kept, not read and written anew.
    const text = `${head.slice(0, -1)},"weights":[${weights.join(',')}],"entry":${line}}`;
    this.#socket.send(text, () => {
      this.#pump();
    });
  }

  /** Sends from the journal while the client is behind and may be sent to. */
  #pump(): void {
    if (this.#pumping || this.#sent >= this.#market.session.decisions - 1) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      if (!this.#mayDecide()) return;
      for (const event of this.#market.history.eventsAfter(this.#sent, PAGE)) {
        if (!this.#mayDecide()) return;
        this.#sendDecision(event);
      }
    });
  }

  #receive(text: string): void {
    const message = parsed(text);
    if (message === undefined) {
      this.#refuse(null, 'BAD_REQUEST', 'the message is none of StreamIn');
      return;
    }
    if (message.type === 'ack') {
      this.#acknowledged = Math.max(this.#acknowledged, Math.min(message.sequence, this.#sent));
      this.#pump();
      return;
    }
    const candles = message.type === 'candle' ? [message.candle] : message.candles;
    if (!this.#options.mayFeed) {
      this.#refuse(message.id, 'SCOPE_MISSING', "the token lacks the scope 'candles:write'");
      return;
    }
    const waitMs = this.#limiter.take('', candles.length);
    if (waitMs > 0) {
      this.#refuse(message.id, 'RATE_LIMITED', 'too many candles in a second', waitMs);
      return;
    }
    void this.#feed(message.id, candles);
  }

  async #feed(id: string | number, candles: readonly Candle[]): Promise<void> {
    this.#open++;
    if (this.#open >= MOST_OPEN) this.#socket.pause();
    try {
      const taken = await this.#market.take(candles);
      const answers = taken.map(({ candle, verdict, step }) => {
        return { time: candle.time, verdict, sequence: step?.receipt.sequence ?? null };
      });
      this.#send({ type: 'answer', id, answers });
    } catch (error) {
      this.#options.onFailure(error);
      const code = error instanceof ServiceError ? error.code : 'MARKET_FAILED';
      this.#refuse(id, code, 'the candles were not taken; send them again');
    } finally {
      this.#open--;
      if (this.#open < MOST_OPEN && this.#socket.isPaused) this.#socket.resume();
    }
  }

  #refuse(id: string | number | null, code: string, detail: string, retryAfterMs?: number): void {
    this.#send({ type: 'error', id, code, detail, retryAfterMs });
  }

  #send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function parsed(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return StreamIn.safeParse(value).data;
}
