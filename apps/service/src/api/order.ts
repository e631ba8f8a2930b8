import { z } from '@hono/zod-openapi';
import { plainText, Sequence, TimeMs } from './names.ts';

const asked = {
  reason: plainText(400),
  who: plainText(100).openapi({ description: 'The person who asks for it.' }),
};

export const AskedIn = z.strictObject(asked).openapi('AskedIn');

export const ArmIn = z
  .strictObject({
    ...asked,
    minutes: z
      .int()
      .min(1)
      .max(7 * 24 * 60)
      .openapi({ description: 'After so many it is disarmed by itself.' }),
    confirm: z
      .literal('place real orders')
      .openapi({ description: 'These words, because money can be lost.' }),
  })
  .openapi('ArmIn');

const Order = z.object({
  clientId: z.string().openapi({ description: 'The id that the exchange has it by.' }),
  sequence: Sequence,
  side: z.enum(['buy', 'sell']),
  amount: z.number(),
  price: z.number(),
  state: z.enum(['unsettled', 'settled', 'absent']),
  filled: z.number(),
  feeBase: z.number(),
});

export const Orders = z
  .object({
    state: z.enum(['armed', 'reducing', 'off']),
    expiresAt: TimeMs.nullable(),
    disarmed: z.string().nullable().openapi({ description: 'Why, as a code.' }),
    held: z.number().openapi({ description: 'Left at the exchange by our orders, base units.' }),
    orders: z.array(Order).openapi({ description: 'The newest first.' }),
  })
  .openapi('Orders');
