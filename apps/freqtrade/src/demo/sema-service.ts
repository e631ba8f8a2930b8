import type { Candles } from '@sema/qar';

export interface SignalColumns {
  readonly action: readonly (string | null)[];
  readonly stake: readonly (number | null)[];
  readonly id: readonly (string | null)[];
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
const CANDLES_A_CALL = 5000;
const TOKEN_SECONDS = 86_400;

/** A running `sema serve`, asked as the bearer of a token. */
export class SemaService {
  readonly url: string;
  readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** @throws {Error} with the service's own words when it refuses. */
  async ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  /** A token that allows what the strategy asks for, and nothing else. */
  async strategyToken(): Promise<string> {
    const made = await this.ask('POST', '/v1/tokens', {
      name: 'freqtrade',
      scopes: ['signals', 'markets:read', 'candles:write'],
      expiresInSeconds: TOKEN_SECONDS,
    });
    // As the API describes its answer.
    return (made as { token: string }).token;
  }

  /** Makes a market, lets it learn from candles, and keeps what it has learned; gives its id. */
  async trainedSnapshot(market: { readonly id: string }, candles: Candles): Promise<string> {
    await this.ask('POST', '/v1/markets', market);
    for (let from = 0; from < candles.length; from += CANDLES_A_CALL) {
      const rows = Math.min(CANDLES_A_CALL, candles.length - from);
      const body = {
        candles: Array.from({ length: rows }, (_, row) => rowOf(candles, from + row)),
      };
      await this.ask('POST', `/v1/markets/${market.id}/candles`, body);
    }
    const made = await this.ask('POST', `/v1/markets/${market.id}/snapshots`);
    // As the API describes its answer.
    return (made as { snapshot: { id: string } }).snapshot.id;
  }

  /** The bytes of a snapshot. */
  async snapshotBytes(market: { readonly id: string }, snapshot: string): Promise<Uint8Array> {
    const path = `/v1/markets/${market.id}/snapshots/${snapshot}/bytes`;
    const response = await fetch(`${this.url}${path}`, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (!response.ok) throw new Error(`GET ${path}: ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** @param offsetMs - added to every time, as the exchange does. */
  async signals(
    question: { readonly pair: string; readonly interval: string; readonly model: string },
    candles: Candles,
    offsetMs = 0,
  ): Promise<SignalColumns> {
    const columns = Object.fromEntries(COLUMNS.map((name) => [name, Array.from(candles[name])]));
    columns['time'] = Array.from(candles.time, (time) => time + offsetMs);
    const answer = await this.ask('POST', '/v1/signals', { ...question, columns });
    // As the API describes its answer.
    return (answer as { columns: SignalColumns }).columns;
  }
}

function rowOf(candles: Candles, row: number): Record<string, number> {
  return Object.fromEntries(COLUMNS.map((name) => [name, candles[name][row]]));
}

/** Candles [from, to), sharing memory with all of them. */
export function partOf(candles: Candles, from: number, to: number): Candles {
  const part = (name: (typeof COLUMNS)[number]): Float64Array => candles[name].subarray(from, to);
  return {
    time: part('time'),
    open: part('open'),
    high: part('high'),
    low: part('low'),
    close: part('close'),
    volume: part('volume'),
    length: to - from,
  };
}
