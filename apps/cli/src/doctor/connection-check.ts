import type { Clock } from '@sema/timing-buffer';
import type { Outcome } from './checks.ts';

/** The Binance-shaped exchange that candles come from. */
export interface MarketConnection {
  /** Such as `https://api.binance.com`. */
  readonly url: string;
  /** Its market, such as `BTC/USDT`, where the settings name one. */
  readonly pair?: string;
}

export interface ConnectionClocks {
  readonly clock: Clock;
  /** Reads the wall clock, ms since the Unix epoch. */
  readonly wallMs: () => number;
}

/** An answer later than this is none. */
const TIMEOUT_MS = 5000;
/** As far as a candle's close may lie ahead of the receiver's clock. */
const MOST_APART_MS = 5000;
const NO_WAY = 'check the network, the address, and whether the exchange is up';
const WRONG_TIME = 'let a time service set the clock';
const NO_MARKET = 'correct the pair, or choose another exchange';

/** The exchange answers, its clock is ours, and the market has a price. */
export async function checkConnection(
  { url, pair }: MarketConnection,
  { clock, wallMs }: ConnectionClocks,
): Promise<Outcome> {
  const startedNs = clock.nowNs();
  const startedMs = wallMs();
  const { serverTime } = await ask(url, '/api/v3/time');
  const roundTripMs = (clock.nowNs() - startedNs) / 1e6;
  if (typeof serverTime !== 'number' || !Number.isFinite(serverTime)) {
    return failed(`${url} says no time`, NO_WAY);
  }
  const apartMs = serverTime - (startedMs + roundTripMs / 2);
  // Where in between it was read is not known.
  if (!(Math.abs(apartMs) <= MOST_APART_MS + roundTripMs / 2)) {
    return failed(`its clock is ${apartMs.toFixed(0)} ms from ours`, WRONG_TIME);
  }
  const answered = `answered in ${roundTripMs.toFixed(0)} ms, clocks ${apartMs.toFixed(0)} ms apart`;
  if (pair === undefined) return { passed: true, found: answered };
  const symbol = pair.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
  const { price } = await ask(url, `/api/v3/ticker/price?symbol=${symbol}`);
  if (!(Number(price) > 0)) return failed(`${pair} has no price there`, NO_MARKET);
  return { passed: true, found: `${answered}; ${pair} at ${String(price)}` };
}

async function ask(url: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Error(`${url}${path} answers ${String(response.status)}`);
  if (typeof body !== 'object' || body === null) throw new Error(`${url}${path} answers no JSON`);
  return body as Readonly<Record<string, unknown>>;
}

function failed(found: string, remedy: string): Outcome {
  return { passed: false, found, remedy };
}
