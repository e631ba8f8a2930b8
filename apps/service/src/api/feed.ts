import { z } from '@hono/zod-openapi';
import { TimeMs } from './names.ts';

export const FeedIn = z
  .strictObject({
    exchange: z
      .string()
      .regex(/^[a-z0-9-]{2,32}$/)
      .openapi({ description: 'One that the service was started with, or a name of ccxt.' }),
    symbol: z.string().min(1).max(64).optional().openapi({ description: 'The pair when absent.' }),
  })
  .openapi('FeedIn');

export const Feed = z
  .object({
    exchange: z.string(),
    symbol: z.string(),
    taken: z.int(),
    refused: z.int(),
    lastTime: TimeMs.nullable(),
    failures: z.int().openapi({ description: 'In a row; 0 while all is well.' }),
    lastFailure: z.string().nullable(),
  })
  .openapi('Feed', { description: 'Closed candles of an exchange, fed as they close.' });
