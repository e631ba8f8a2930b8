import type { Context as HonoContext } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { RequestFacts } from '../context.ts';
import { PROBLEMS, ServiceError } from '../service-error.ts';

/** The answer to whatever was thrown: problem details as of RFC 9457, and nothing of the inside. */
export function problemResponse(thrown: unknown, c: HonoContext<RequestFacts>): Response {
  const error = refusalOf(thrown);
  if (error.status >= 500) c.get('log').error({ err: thrown, code: error.code }, 'request failed');
  const [status, title] = PROBLEMS[error.code];
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="sema"';
  if (error.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds)));
  }
  const body = {
    type: `urn:sema:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId: c.get('requestId'),
    ...(error.errors !== undefined && { errors: error.errors }),
  };
  return c.body(JSON.stringify(body), status, headers);
}

function refusalOf(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (thrown instanceof HTTPException) {
    if (thrown.status === 413) {
      return new ServiceError('BODY_TOO_LARGE', 'the body is larger than this route takes');
    }
    if (thrown.status === 415) {
      return new ServiceError('MEDIA_TYPE', 'the body is not said to be application/json');
    }
    if (thrown.status === 400) return new ServiceError('BAD_JSON', 'the body is not JSON');
  }
  return new ServiceError('INTERNAL', 'see the log of the service under the request id', {
    cause: thrown,
  });
}
