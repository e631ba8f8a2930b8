import { z } from '@hono/zod-openapi';

export const Capabilities = z
  .object({
    name: z.literal('sema'),
    api: z.int(),
    windowCandles: z.int().openapi({ description: 'Candles a decision sees, unless set.' }),
    experts: z.array(z.string()),
    regimes: z.array(z.string()),
    actions: z.array(z.string()),
    scopes: z.record(z.string(), z.string()),
    denials: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.number()),
    configuration: z.looseObject({}).openapi({ description: 'JSON Schema of all settings.' }),
    bearer: z.object({ name: z.string(), scopes: z.array(z.string()) }),
  })
  .openapi('Capabilities');
