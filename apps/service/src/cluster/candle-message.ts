import type { Candle } from '@sema/qar';

/** A candle, and which one came before it, by which a reader knows whether it has them all. */
export interface CandleMessage {
  readonly kind: 'candle';
  readonly candle: Candle;
  /** Time of the candle before, as its source knows it; null for the first. */
  readonly after: number | null;
}

/** Another configuration or model, announced among the candles that it is to decide on. */
export interface ChangeMessage {
  readonly kind: 'change';
  /** Takes effect at the first candle of this time or later that nobody has decided on yet. */
  readonly from: number;
  /** Where it is kept, and the SHA-256 of what is kept there, hex. */
  readonly blob: string;
  readonly sha256: string;
}

export type MarketMessage = CandleMessage | ChangeMessage;

/** Time, open, high, low, close, volume. */
type CandleValues = readonly [number, number, number, number, number, number];

export function candleValues({ time, open, high, low, close, volume }: Candle): CandleValues {
  return [time, open, high, low, close, volume];
}

/** The candle of six numbers of which the first can be a time; `undefined` of anything else. */
export function candleOfValues(values: unknown): Candle | undefined {
  if (!Array.isArray(values) || values.length !== 6 || !values.every(Number.isFinite)) return;
  // Each was just seen to be a number.
  const [time, open, high, low, close, volume] = values as unknown as CandleValues;
  return Number.isSafeInteger(time) ? { time, open, high, low, close, volume } : undefined;
}

export function encodeMessage(message: MarketMessage): Uint8Array {
  const value =
    message.kind === 'candle'
      ? { candle: candleValues(message.candle), after: message.after }
      : { change: { from: message.from, blob: message.blob, sha256: message.sha256 } };
  return new TextEncoder().encode(JSON.stringify(value));
}

/** `undefined` for bytes that no source of ours sends, which every node leaves out alike. */
export function decodeMessage(bytes: Uint8Array): MarketMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('change' in value) return changeOf(value.change);
  if (!('candle' in value) || !('after' in value)) return undefined;
  const candle = candleOfValues(value.candle);
  const { after } = value;
  if (candle === undefined) return undefined;
  if (after !== null && !(typeof after === 'number' && after < candle.time)) return undefined;
  return { kind: 'candle', candle, after };
}

function changeOf(value: unknown): ChangeMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('from' in value && 'blob' in value && 'sha256' in value)) return undefined;
  const { from, blob, sha256 } = value;
  if (typeof from !== 'number' || typeof blob !== 'string' || typeof sha256 !== 'string') return;
  return /^[0-9a-f]{64}$/.test(sha256) ? { kind: 'change', from, blob, sha256 } : undefined;
}
