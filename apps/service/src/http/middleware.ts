import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context as HonoContext, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Context, RequestFacts } from '../context.ts';
import { RateLimiter } from '../limits/rate-limiter.ts';
import type { Bearer } from '../security/token-authority.ts';
import { ServiceError } from '../service-error.ts';
import type { Gate } from './gate.ts';

type Middleware = MiddlewareHandler<RequestFacts>;

const REQUEST_ID = /^[\w.-]{1,64}$/;
/** Refused tokens per address and second, so that guessing is slow. */
const REFUSALS = { perSecond: 5, burst: 50 };

/** Gives the request an id, and writes its line in the log and its place in the metrics. */
export function observed({ log, metrics }: Context): Middleware {
  return async (c, next) => {
    const started = performance.now();
    const asked = c.req.header('x-request-id');
    const requestId = asked !== undefined && REQUEST_ID.test(asked) ? asked : randomUUID();
    c.set('requestId', requestId);
    c.set('log', log.child({ requestId }));
    c.header('X-Request-Id', requestId);
    await next();
    const milliseconds = performance.now() - started;
    const { method } = c.req;
    const { status } = c.res;
    const route = routePath(c, -1);
    metrics.request(method, route, status, milliseconds / 1000);
    c.get('log').info({ method, route, path: c.req.path, status, milliseconds }, 'request');
  };
}

/** Lets in as many requests as may be answered at a time, and none once the service stops. */
export function admitted(gate: Gate): Middleware {
  return async (_, next) => {
    const leave = gate.enter();
    try {
      await next();
    } finally {
      leave();
    }
  };
}

/** Finds out who asks. Without a token that is valid now there is no way past. */
export function authenticated({ tokens, now }: Context): Middleware {
  const refusals = new RateLimiter(REFUSALS, now);
  return async (c, next) => {
    const header = c.req.header('authorization');
    if (header === undefined) {
      throw new ServiceError('TOKEN_MISSING', 'send the header Authorization: Bearer <token>');
    }
    const [scheme, text = ''] = header.split(' ', 2);
    const bearer = scheme.toLowerCase() === 'bearer' ? tokens.check(text) : undefined;
    if (bearer === undefined) {
      limit(refusals, `address ${addressOf(c)}`);
      throw new ServiceError('TOKEN_REFUSED', 'it is none of ours, has expired or was revoked');
    }
    c.set('bearer', bearer);
    await next();
  };
}

/** Everybody on this machine, where the service was started without authentication. */
export const EVERYBODY: Bearer = { id: 'everybody', name: 'everybody', scopes: ['admin'] };

/** In place of tokens: only programs on this machine, and no page from elsewhere in a browser. */
export function localOnly(): Middleware {
  return async (c, next) => {
    if (!isFromHere(c.req.header('host'), c.req.header('origin'))) {
      throw new ServiceError('HOST_REFUSED', 'without authentication only this machine may ask');
    }
    c.set('bearer', EVERYBODY);
    await next();
  };
}

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Whether a request names this machine, and its page, if it comes from one, is our own. */
export function isFromHere(host: string | undefined, origin: string | undefined): boolean {
  if (host === undefined || !LOOPBACK_HOST.test(host)) return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

export function rateLimited({ limits, now }: Context): Middleware {
  const { requestsPerSecond: perSecond, burst } = limits;
  const limiter = new RateLimiter({ perSecond, burst }, now);
  return async (c, next) => {
    limit(limiter, c.get('bearer').id);
    await next();
  };
}

/** Bodies are JSON, and say so. */
export const jsonOnly: Middleware = async (c, next) => {
  const isEmpty =
    c.req.header('transfer-encoding') === undefined && Number(c.req.header('content-length')) === 0;
  if (c.req.method === 'POST' && !isEmpty) {
    const type = c.req.header('content-type') ?? '';
    if (!/^application\/json(;|$)/i.test(type.trim())) {
      throw new ServiceError('MEDIA_TYPE', `the content type is '${type.slice(0, 100)}'`);
    }
  }
  await next();
};

function limit(limiter: RateLimiter, name: string): void {
  const waitMs = limiter.take(name);
  if (waitMs === 0) return;
  throw new ServiceError(
    'RATE_LIMITED',
    `there were too many; wait ${String(Math.ceil(waitMs))} ms`,
    {
      retryAfterSeconds: waitMs / 1000,
    },
  );
}

function addressOf(c: HonoContext): string {
  return getConnInfo(c).remote.address ?? 'unknown';
}
