import { reconnectDelayMs } from './reconnect-delay.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `retryAt`: when the next attempt is made, ms since the Unix epoch. */
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt: number }
  /** The service refused, and asking again would not help. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface StreamOptions {
  /** Where the market's stream is, without what to resume after. */
  readonly url: string;
  readonly protocols: readonly string[];
  /** Sequence number of the last decision that is known; −1 before the first. */
  readonly after: () => number;
  readonly onMessage: (message: unknown) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** By which the service ends a stream whose token has ended. */
const TOKEN_ENDED = 4401;

/**
 * A market's stream that comes back after a loss, and then asks for what it missed: everything
 * after the last decision known.
 */
export class MarketStream implements Disposable {
  readonly #options: StreamOptions;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #lostSince: number | undefined;
  #ended = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Tries at once instead of at the next attempt. */
  retry(): void {
    if (this.#ended || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    this.#timer = undefined;
    const { url, protocols, after, onState } = this.#options;
    if (this.#lostSince === undefined) onState({ kind: 'connecting' });
    const socket = new WebSocket(`${url}?after=${after()}`, [...protocols]);
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      this.#receive(socket, event.data);
    });
    socket.addEventListener('close', (event) => {
      this.#closed(socket, event);
    });
  }

  #receive(socket: WebSocket, text: unknown): void {
    if (this.#ended || socket !== this.#socket || typeof text !== 'string') return;
    // A connection counts from its first message: a proxy may accept and then drop it.
    if (this.#lostSince !== undefined || this.#attempt > 0) {
      this.#attempt = 0;
      this.#lostSince = undefined;
    }
    this.#options.onState({ kind: 'live' });
    this.#options.onMessage(JSON.parse(text));
  }

  #closed(socket: WebSocket, { code, reason }: CloseEvent): void {
    if (this.#ended || socket !== this.#socket) return;
    if (code === TOKEN_ENDED) {
      this.#ended = true;
      this.#options.onState({ kind: 'refused', reason });
      return;
    }
    this.#lostSince ??= Date.now();
    const delay = reconnectDelayMs(this.#attempt++, Math.random());
    this.#options.onState({
      kind: 'lost',
      since: this.#lostSince,
      retryAt: Date.now() + delay,
    });
    this.#timer = setTimeout(() => {
      this.#connect();
    }, delay);
  }
}
