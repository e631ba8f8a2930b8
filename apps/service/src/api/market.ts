import { z } from '@hono/zod-openapi';
import { MarketId, Regime, Sequence, TimeMs } from './names.ts';

export const TradingState = z.enum(['ACTIVE', 'REDUCING', 'HALTED', 'KILLED']);

const DecideAt = z.enum(['receipt', 'close']).openapi({
  description:
    'What time a decision is dated with: that of its receipt, or the close of its candle, for ' +
    'recorded candles.',
});

export const MarketIn = z
  .strictObject({
    id: MarketId,
    pair: z.string().openapi({ example: 'BTC/USDT' }),
    intervalMs: z.number().openapi({ example: 60_000 }),
    path: z.enum(['quantum', 'twin']).optional(),
    periodsPerYear: z.number().optional(),
    decideAt: DecideAt.optional(),
    settings: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'Any other settings of the engine, as in a configuration file.' }),
  })
  .openapi('MarketIn');

export const Market = z
  .object({
    id: MarketId,
    pair: z.string(),
    intervalMs: z.number(),
    decideAt: DecideAt,
    configuration: z.looseObject({}),
    createdAt: TimeMs,
    candles: z.int(),
    decisions: z.int(),
    sequence: Sequence.nullable().openapi({ description: 'The last decision; null before it.' }),
    lastTime: TimeMs.nullable().openapi({ description: 'Open time of the newest candle.' }),
    trading: TradingState,
    equity: z.number(),
    regime: Regime.nullable(),
    weights: z.array(z.object({ expert: z.string(), weight: z.number() })),
  })
  .openapi('Market');

export const MarketList = z.object({ markets: z.array(Market) }).openapi('MarketList');

export const EquityPage = z
  .object({
    points: z.array(
      z.object({
        sequence: Sequence,
        time: z.number(),
        equity: z.number(),
        exposure: z.number(),
        trading: TradingState,
        regime: Regime.nullable(),
      }),
    ),
  })
  .openapi('EquityPage');

export const WeightsPage = z
  .object({
    experts: z.array(z.string()),
    points: z.array(
      z.object({ sequence: Sequence, time: z.number(), weights: z.array(z.number()) }),
    ),
  })
  .openapi('WeightsPage', { description: 'Weights in the order of `experts`, sum 1.' });
