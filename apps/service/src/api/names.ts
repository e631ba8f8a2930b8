import { z } from '@hono/zod-openapi';

/** Latest time that a Date can hold. */
const LATEST_TIME = 8.64e15;

export const MarketId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .openapi({ description: 'Name of a market in URLs.', example: 'btc-usdt-1m' });

export const Sequence = z
  .int()
  .min(0)
  .openapi({ description: 'Number of a decision of its market, from 0 without a gap.' });

export const TimeMs = z
  .int()
  .min(-LATEST_TIME)
  .max(LATEST_TIME)
  .openapi({ description: 'Milliseconds since the Unix epoch, UTC.' });

/** A number in a query, which is text until it is read. */
export function queryInteger(least: number, most: number) {
  return z.coerce.number().int().min(least).max(most);
}

/** Text that people write and read: no control characters, no half of a pair of surrogates. */
export function plainText(most: number) {
  return (
    z
      .string()
      .min(1)
      .max(most)
      .refine((text) => /^[^\p{Cc}\p{Cs}]+$/u.test(text), 'has a control character')
      // JSON Schema knows no classes of characters in all its readers.
      .openapi({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' })
  );
}

export const MarketPath = z.object({
  id: MarketId.openapi({ param: { name: 'id', in: 'path' } }),
});

export const Regime = z.enum(['stable', 'trending', 'volatile', 'crisis']);
export const Action = z.enum(['short', 'flat', 'long']);
