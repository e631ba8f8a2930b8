import { createRoute } from '@hono/zod-openapi';
import type { z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { Problem } from '../api/problem.ts';
import type { Api, Context, RequestFacts } from '../context.ts';
import { allows } from '../security/scopes.ts';
import type { Scope } from '../security/scopes.ts';
import { ServiceError } from '../service-error.ts';
import type { Bearer } from '../security/token-authority.ts';
import { answerOnce } from './idempotency.ts';
import { jsonResponse } from './json-response.ts';

type Schema = z.ZodType;
type Fields = z.ZodObject;

/** What a handler gets: its input, checked, and who asks. */
export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly bearer: Bearer;
  readonly requestId: string;
  /** Notes a change of state in the audit log, in the name of who asks. */
  readonly audit: (action: string, subject: string, detail: string) => void;
}

export interface Endpoint<Params extends Fields, Query extends Fields, Body extends Schema> {
  readonly method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/v1/markets/{id}`. */
  readonly path: string;
  /** What the token must allow; without it any token will do. */
  readonly scope?: Scope;
  readonly tag: string;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Schema;
  readonly status?: 200 | 201;
  /** What the answer is when it is not JSON: the handler then gives bytes. */
  readonly media?: 'application/octet-stream';
  /** Whether an Idempotency-Key may be given; not where the answer is a secret. */
  readonly repeatable?: boolean;
  readonly handle: (asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => unknown;
}

const problem = { content: { 'application/problem+json': { schema: Problem } } };

/** Adds an endpoint to the application and to its OpenAPI document. */
export function addEndpoint<
  Params extends Fields = Fields,
  Query extends Fields = Fields,
  Body extends Schema = Schema,
>(api: Api, context: Context, endpoint: Endpoint<Params, Query, Body>): void {
  const { status = 200, scope, media = 'application/json' } = endpoint;
  const route = createRoute({
    method: endpoint.method,
    path: endpoint.path,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: scope === undefined ? 'Any token.' : `Needs the scope \`${scope}\`.`,
    security: [{ bearer: [] }],
    request: requestOf(endpoint),
    responses: {
      [status]: {
        description: 'Done.',
        content: { [media]: { schema: endpoint.answer } },
      },
      default: { description: 'Refused or failed.', ...problem },
    },
    middleware: async (c: HonoContext<RequestFacts>, next: () => Promise<void>) => {
      const { scopes } = c.get('bearer');
      if (scope !== undefined && !allows(scopes, scope)) {
        throw new ServiceError('SCOPE_MISSING', `the token lacks the scope '${scope}'`);
      }
      await next();
    },
  });
  const answer = async (c: HonoContext<RequestFacts>): Promise<Response> => {
    const work = (): unknown => endpoint.handle(askedOf(c, context, endpoint));
    const repeatable = endpoint.method === 'post' && endpoint.repeatable !== false;
    if (repeatable) return answerOnce(c, context, status, work);
    const done = await work();
    if (done instanceof Uint8Array) {
      return c.body(new Uint8Array(done), status, { 'Content-Type': media });
    }
    return jsonResponse(c, JSON.stringify(done), status);
  };
  // Receipts are read-only, which no schema's type says; tests hold answers against the schemas.
  api.openapi(route, answer as never);
}

function requestOf({ params, query, body }: Endpoint<Fields, Fields, Schema>) {
  return {
    ...(params !== undefined && { params }),
    ...(query !== undefined && { query }),
    ...(body !== undefined && {
      body: { required: true, content: { 'application/json': { schema: body } } },
    }),
  };
}

function askedOf<Params extends Fields, Query extends Fields, Body extends Schema>(
  c: HonoContext<RequestFacts>,
  context: Context,
  endpoint: Endpoint<Params, Query, Body>,
): Asked<z.output<Params>, z.output<Query>, z.output<Body>> {
  const bearer = c.get('bearer');
  const requestId = c.get('requestId');
  // The route's validators have put there what these very schemas gave.
  const valid = (part: string): unknown => c.req.valid(part as never);
  return {
    params: (endpoint.params && valid('param')) as z.output<Params>,
    query: (endpoint.query && valid('query')) as z.output<Query>,
    body: (endpoint.body && valid('json')) as z.output<Body>,
    bearer,
    requestId,
    audit: (action, subject, detail) => {
      context.audit.add({ who: bearer.name, request: requestId, action, subject, detail });
    },
  };
}
