import { z } from '@hono/zod-openapi';
import { Action, Sequence } from './names.ts';

export const TwinPage = z
  .object({
    points: z.array(
      z.object({
        sequence: Sequence,
        time: z.number(),
        equity: z.number().openapi({ description: 'Of an account of its own.' }),
        action: Action.nullable(),
        preferences: z
          .array(z.number())
          .nullable()
          .openapi({ description: 'Probabilities of short, flat and long.' }),
        outcome: z.enum(['order', 'hold', 'no-go', 'denied', 'no-decision']),
      }),
    ),
  })
  .openapi('TwinPage', { description: 'What the closed form decides on the same candles.' });
