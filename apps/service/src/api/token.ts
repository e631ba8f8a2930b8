import { z } from '@hono/zod-openapi';
import { SCOPE_NAMES } from '../security/scopes.ts';
import { plainText, TimeMs } from './names.ts';

const LONGEST_LIFE_SECONDS = 366 * 86_400;
const Scope = z.enum(SCOPE_NAMES);

export const TokenIn = z
  .strictObject({
    name: plainText(100).openapi({ description: 'Who or what it is for.' }),
    scopes: z.array(Scope).min(1).max(SCOPE_NAMES.length),
    expiresInSeconds: z.int().min(1).max(LONGEST_LIFE_SECONDS),
  })
  .openapi('TokenIn');

const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(Scope),
    createdAt: TimeMs,
    expiresAt: TimeMs,
    revokedAt: TimeMs.nullable(),
  })
  .openapi('Token');

export const TokenMade = z
  .object({ token: z.string().openapi({ description: 'Shown this once.' }), record: Token })
  .openapi('TokenMade');

export const TokenList = z.object({ tokens: z.array(Token) }).openapi('TokenList');
export const TokenPath = z.object({
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .openapi({ param: { name: 'id', in: 'path' } }),
});

export const KeyList = z
  .object({
    keys: z.array(
      z.object({
        use: z.enum(['journal', 'tokens']),
        algorithm: z.string(),
        publicKey: z.string(),
      }),
    ),
  })
  .openapi('KeyList', { description: 'Public keys, base64url.' });

export const AuditPage = z
  .object({
    entries: z.array(
      z.object({
        entry: z.int(),
        at: TimeMs,
        who: z.string(),
        request: z.string(),
        action: z.string(),
        subject: z.string(),
        detail: z.string(),
      }),
    ),
    next: z.int().nullable(),
  })
  .openapi('AuditPage');
