import { z } from '@hono/zod-openapi';
import { TradingState } from './market.ts';
import { plainText, TimeMs } from './names.ts';

const RiskCommand = z.enum(['halt', 'reduce', 'resume', 'kill']);

export const RiskIn = z
  .strictObject({
    command: RiskCommand,
    reason: plainText(500),
    who: plainText(100).openapi({ description: 'The person who asks for it.' }),
  })
  .openapi('RiskIn');

export const RiskState = z
  .object({
    trading: TradingState,
    equity: z.number(),
    exposure: z.number().nullable(),
    state: z.looseObject({}).openapi({ description: 'The gate: ladder, equity marks, orders.' }),
    limits: z.looseObject({}),
    denials: z.record(z.string(), z.string()).openapi({ description: 'Each reason in words.' }),
  })
  .openapi('RiskState');

export const RiskChanged = z
  .object({ trading: TradingState, at: TimeMs, command: RiskCommand })
  .openapi('RiskChanged');

export const OutcomesIn = z
  .strictObject({
    outcomes: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[\w.:/-]{1,100}$/),
          closedAt: TimeMs,
          return: z
            .number()
            .min(-1)
            .max(1e6)
            .openapi({ description: 'Of the trade, after fees, as a fraction.' }),
          stopped: z.boolean().openapi({ description: 'Whether a stop closed it.' }),
          decisionId: z.string().min(1).max(255).optional().openapi({
            description: 'Of the signal that opened it: the market learns what became of it.',
          }),
        }),
      )
      .min(1)
      .max(1000),
  })
  .openapi('OutcomesIn');

export const PairOutcomeIn = z
  .strictObject({
    id: z.string().regex(/^[\w.:/-]{1,100}$/),
    pair: z.string().min(1).max(64),
    decisionId: z.string().max(255).nullish(),
    openedAt: TimeMs,
    closedAt: TimeMs,
    openRate: z.number(),
    closeRate: z.number(),
    return: z.number().min(-1).max(1e6),
    exitReason: z.string().max(255).nullish(),
  })
  .openapi('PairOutcomeIn', { description: 'A trade as freqtrade tells it.' });

export const PairRisk = z
  .object({ pair: z.string(), trading: TradingState, markets: z.array(z.string()) })
  .openapi('PairRisk', { description: 'The strictest state of all markets of a pair.' });

export const OutcomesTaken = z
  .object({
    outcomes: z.array(z.object({ id: z.string(), status: z.enum(['taken', 'known']) })),
  })
  .openapi('OutcomesTaken');
