import { z } from '@hono/zod-openapi';
import { Sequence, TimeMs } from './names.ts';

export const Candle = z
  .strictObject({
    time: TimeMs.openapi({ description: 'Open time, milliseconds since the Unix epoch, UTC.' }),
    open: z.number(),
    high: z.number(),
    low: z.number(),
    close: z.number(),
    volume: z.number(),
  })
  .openapi('Candle', { description: 'One closed candle; prices in the quote currency.' });

export const CandleVerdict = z
  .object({
    kind: z.enum(['next', 'duplicate', 'revised', 'late', 'early', 'off-grid', 'invalid']),
    missing: z.int().optional().openapi({ description: 'With `next`: candles left out before.' }),
    code: z.string().optional().openapi({ description: 'With `invalid`: the rule it breaks.' }),
    message: z.string().optional(),
  })
  .openapi('CandleVerdict', { description: 'What became of a candle; only `next` is taken.' });

const MOST_CANDLES = 5000;

export const CandlesIn = z
  .strictObject({ candles: z.array(Candle).min(1).max(MOST_CANDLES) })
  .openapi('CandlesIn');

const CandleAnswer = z
  .object({
    time: z.number(),
    verdict: CandleVerdict,
    decision: z.looseObject({ sequence: Sequence }).nullable(),
  })
  .openapi('CandleAnswer', {
    description: 'The verdict on a candle, and the receipt of its decision if there is one.',
  });

export const CandlesTaken = z
  .object({ answers: z.array(CandleAnswer), sequence: Sequence.nullable() })
  .openapi('CandlesTaken', {
    description: 'One answer per candle; `sequence` is the last decision of the market.',
  });

export const CandlePage = z.object({ candles: z.array(Candle) }).openapi('CandlePage');
