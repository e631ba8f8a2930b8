import { z } from '@hono/zod-openapi';
import { queryInteger } from '../api/names.ts';
import { AuditPage, KeyList, TokenIn, TokenList, TokenMade, TokenPath } from '../api/token.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { allows } from '../security/scopes.ts';
import { ServiceError } from '../service-error.ts';

const tag = 'Access';

export function tokenRoutes(api: Api, context: Context): void {
  const { tokens, publicKeys } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/keys',
    scope: 'markets:read',
    tag,
    summary: 'The public keys that journals and tokens are signed with',
    answer: KeyList,
    handle: () => ({ keys: publicKeys }),
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/tokens',
    scope: 'tokens:write',
    tag,
    summary: 'All tokens, without the tokens themselves',
    answer: TokenList,
    handle: () => ({ tokens: tokens.list() }),
  });
  madeAndRevoked(api, context);
  auditRoute(api, context);
}

function madeAndRevoked(api: Api, context: Context): void {
  const { tokens } = context;
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/tokens',
    scope: 'tokens:write',
    tag,
    summary: 'Make a token with rights that the asking one has; it is shown this once',
    body: TokenIn,
    answer: TokenMade,
    status: 201,
    repeatable: false,
    handle: ({ body: { name, scopes, expiresInSeconds }, bearer, audit }) => {
      const beyond = scopes.find((scope) => !allows(bearer.scopes, scope));
      if (beyond !== undefined) {
        throw new ServiceError('SCOPE_MISSING', `'${beyond}' is not yours to give`);
      }
      return context.database.transaction(() => {
        const made = tokens.make(name, scopes, expiresInSeconds);
        audit('token made', made.record.id, `${name}: ${scopes.join(' ')}`);
        return made;
      });
    },
  });
  addEndpoint(api, context, {
    method: 'delete',
    path: '/v1/tokens/{id}',
    scope: 'tokens:write',
    tag,
    summary: 'Revoke a token from now on',
    params: TokenPath,
    answer: z.object({ revoked: z.string() }),
    handle: ({ params: { id }, audit }) =>
      context.database.transaction(() => {
        if (!tokens.revoke(id)) throw new ServiceError('TOKEN_NOT_FOUND', `no token '${id}'`);
        audit('token revoked', id, '');
        return { revoked: id };
      }),
  });
}

function auditRoute(api: Api, context: Context): void {
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/audit',
    scope: 'audit:read',
    tag,
    summary: 'Who changed what, oldest first',
    query: z.object({
      after: queryInteger(0, Number.MAX_SAFE_INTEGER).default(0),
      limit: queryInteger(1, 1000).default(100),
    }),
    answer: AuditPage,
    handle: ({ query: { after, limit } }) => {
      const entries = context.audit.after(after, limit);
      return { entries, next: entries.length < limit ? null : (entries.at(-1)?.entry ?? null) };
    },
  });
}
