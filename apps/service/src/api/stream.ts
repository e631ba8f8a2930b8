import { z } from '@hono/zod-openapi';
import { Candle, CandleVerdict } from './candle.ts';
import { JournalEntry } from './decision.ts';
import { TradingState } from './market.ts';
import { Sequence, TimeMs } from './names.ts';

const MOST_CANDLES_A_MESSAGE = 500;
const ClientId = z.union([z.string().max(64), z.int()]);

/** What a client may send on a stream. */
export const StreamIn = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('candle'), id: ClientId, candle: Candle }),
    z.strictObject({
      type: z.literal('candles'),
      id: ClientId,
      candles: z.array(Candle).min(1).max(MOST_CANDLES_A_MESSAGE),
    }),
    z.strictObject({ type: z.literal('ack'), sequence: Sequence }),
  ])
  .openapi('StreamIn');

/** What the service sends on a stream. */
export const StreamOut = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('hello'),
        market: z.string(),
        sequence: Sequence.nullable(),
        trading: TradingState,
        unacknowledged: z.int(),
      })
      .openapi({ description: 'First; `sequence` is the last decision made so far.' }),
    z
      .object({
        type: z.literal('decision'),
        sequence: Sequence,
        candle: Candle,
        exposure: z.number(),
        weights: z.array(z.number()),
        entry: JournalEntry,
      })
      .openapi({ description: 'Every decision after `after`, in order, none left out.' }),
    z
      .object({ type: z.literal('candle'), candle: Candle })
      .openapi({ description: 'A candle taken before there is a whole window to decide on.' }),
    z.object({
      type: z.literal('risk'),
      trading: TradingState,
      at: TimeMs,
      intervention: z.looseObject({ kind: z.string() }),
    }),
    z
      .object({
        type: z.literal('answer'),
        id: ClientId,
        answers: z.array(
          z.object({ time: z.number(), verdict: CandleVerdict, sequence: Sequence.nullable() }),
        ),
      })
      .openapi({ description: 'To `candle` and `candles`: all of it is kept.' }),
    z
      .object({
        type: z.literal('error'),
        id: ClientId.nullable(),
        code: z.string(),
        detail: z.string(),
        retryAfterMs: z.number().optional(),
      })
      .openapi({ description: 'To a message that was refused; the stream goes on.' }),
  ])
  .openapi('StreamOut');
