import { z } from '@hono/zod-openapi';
import { PROBLEMS } from '../service-error.ts';
import type { ProblemCode } from '../service-error.ts';

// The keys are exactly the codes.
const CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const Problem = z
  .object({
    type: z.string().openapi({ example: 'urn:sema:problem:MARKET_NOT_FOUND' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(CODES).openapi({ description: 'Switch on this, never on a text.' }),
    requestId: z.string().openapi({ description: 'As in the log and in `X-Request-Id`.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem', { description: 'Problem details as of RFC 9457.' });
