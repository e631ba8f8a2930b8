import { z } from '@hono/zod-openapi';

export const JournalVerification = z
  .object({
    valid: z.boolean(),
    receipts: z.int().optional(),
    lastHash: z.string().optional(),
    line: z.int().optional().openapi({ description: 'The first line that fails, from 1.' }),
    reason: z.string().optional(),
    publicKey: z.string(),
  })
  .openapi('JournalVerification', {
    description: 'Every line: its hash, its place in the chain and its signature.',
  });

export const Performance = z
  .looseObject({
    decisions: z.int(),
    score: z.number().nullable().optional(),
  })
  .openapi('Performance', { description: 'How the engine works, beside its targets.' });
