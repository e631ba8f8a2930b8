import type { Candle } from '@sema/qar';

const FIELDS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * The candle on one line of JSON: `[ms, open, high, low, close, volume]`, the row that ccxt's
 * fetchOHLCV gives, or an object with those fields. `undefined` when it is neither; whether its
 * values make a candle is for the engine to say.
 */
export function parseCandleLine(line: string): Candle | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const numbers = Array.isArray(value) ? fromRow(value) : fromObject(value);
  if (numbers === undefined) return undefined;
  const [time, open, high, low, close, volume] = numbers;
  return { time, open, high, low, close, volume };
}

function fromRow(row: readonly unknown[]): number[] | undefined {
  return row.length === FIELDS.length && row.every(isNumber) ? [...row] : undefined;
}

function fromObject(value: unknown): number[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = new Map(Object.entries(value));
  const numbers = FIELDS.map((field): unknown => entries.get(field));
  return numbers.every(isNumber) ? numbers : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
