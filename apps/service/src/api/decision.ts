import { z } from '@hono/zod-openapi';
import { TradingState } from './market.ts';
import { Action, Regime, Sequence, TimeMs } from './names.ts';

const Seat = z.looseObject({
  expert: z.string(),
  direction: z.union([z.literal(1), z.literal(-1)]).optional(),
  probabilityUp: z.number().optional(),
  abstained: z.string().optional().openapi({ description: 'Why there is no vote.' }),
});

const Verdict = z.looseObject({
  action: Action,
  confidence: z.number().nullable().openapi({
    description: 'Probability that the position ends in profit; null while too little is known.',
  }),
  go: z.boolean(),
  preferences: z.array(z.number()),
  prices: z.array(z.number()),
  prospects: z.array(z.number()),
  mixture: z.number(),
});

/** Loose, because a receipt may say more than this: it is what the journal holds, unchanged. */
const Receipt = z
  .looseObject({
    kind: z.literal('decision'),
    sequence: Sequence,
    time: z.number(),
    decidedAt: TimeMs,
    window: z.string(),
    model: z.string(),
    path: z.enum(['quantum', 'twin']),
    fallback: z.string().nullable(),
    regime: Regime.nullable(),
    seats: z.array(Seat),
    verdict: Verdict.nullable(),
    outcome: z.looseObject({
      kind: z.enum(['order', 'hold', 'no-go', 'denied', 'no-decision']),
      reason: z.string().optional(),
    }),
    trading: TradingState,
    fills: z.array(z.looseObject({ cause: z.enum(['order', 'stop']) })),
    equity: z.number(),
  })
  .openapi('Receipt', { description: 'What was decided and why, as signed in the journal.' });

const signed = {
  body: Receipt,
  hash: z.string().openapi({ description: 'SHA-256 over the hash of the line before and `body`.' }),
  signature: z.string().openapi({ description: 'Ed25519 over `hash`, base64url.' }),
};

export const JournalEntry = z
  .object(signed)
  .openapi('JournalEntry', { description: 'A line of the journal, as it is kept.' });

export const DecisionPage = z
  .object({
    decisions: z.array(JournalEntry),
    next: Sequence.nullable().openapi({ description: 'To give as `after`; null at the end.' }),
  })
  .openapi('DecisionPage');

const Vote = z.object({
  expert: z.string(),
  direction: z.int(),
  probabilityUp: z.number(),
  weight: z.number().nullable(),
});

export const ExplainedDecision = z
  .object({
    ...signed,
    explanation: z.object({
      summary: z.string(),
      denial: z.string().nullable().openapi({ description: 'The rule that refused it, in words.' }),
      votes: z.array(Vote).openapi({ description: 'The heaviest first.' }),
      abstentions: z.array(z.object({ expert: z.string(), reason: z.string() })),
    }),
  })
  .openapi('ExplainedDecision');
