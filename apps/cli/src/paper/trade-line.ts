import type { Trade } from '@sema/qar';

/** Names of a trade's fields, ccxt's second. */
const TIME = ['time', 'timestamp'];
const QUANTITY = ['quantity', 'amount'];

/**
 * The trade on one line of JSON: `[ms, price, quantity]`, perhaps with an id at the end, or an
 * object with time, price, quantity and perhaps id, or ccxt's names timestamp and amount for two of
 * them. `undefined` when it is neither; whether its values make a trade is for the aggregator to
 * say.
 */
export function parseTradeLine(line: string): Trade | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return Array.isArray(value) ? fromRow(value) : fromObject(value);
}

function fromRow(row: readonly unknown[]): Trade | undefined {
  const [time, price, quantity, id] = row;
  return row.length === 3 || row.length === 4 ? tradeOf(time, price, quantity, id) : undefined;
}

function fromObject(value: unknown): Trade | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = new Map<string, unknown>(Object.entries(value));
  const first = (names: readonly string[]): unknown =>
    names.map((name) => entries.get(name)).find((found) => found !== undefined);
  return tradeOf(first(TIME), entries.get('price'), first(QUANTITY), entries.get('id'));
}

function tradeOf(time: unknown, price: unknown, quantity: unknown, id: unknown): Trade | undefined {
  if (typeof time !== 'number' || typeof price !== 'number' || typeof quantity !== 'number') {
    return undefined;
  }
  if (id === undefined || id === null) return { time, price, quantity };
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  return { time, price, quantity, id: String(id) };
}
