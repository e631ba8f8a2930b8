import { createHash } from 'node:crypto';
import type { Context as HonoContext } from 'hono';
import type { Context, RequestFacts } from '../context.ts';
import { ServiceError } from '../service-error.ts';
import { jsonResponse } from './json-response.ts';

const KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * Answers a POST that carries an Idempotency-Key once: sent again with the same body it gets the
 * answer that was given, and is not carried out again.
 *
 * @throws {ServiceError} `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_IN_PROGRESS`, `BAD_REQUEST`
 */
export async function answerOnce(
  c: HonoContext<RequestFacts>,
  { idempotency }: Context,
  status: 200 | 201,
  work: () => unknown,
): Promise<Response> {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return jsonResponse(c, JSON.stringify(await work()), status);
  if (!KEY.test(key)) {
    throw new ServiceError('BAD_REQUEST', 'Idempotency-Key is not 1 to 128 printable characters');
  }
  const owned = [c.get('bearer').id, c.req.method, c.req.path, key].join(' ');
  const request = createHash('sha256')
    .update(await c.req.text())
    .digest('hex');
  const known = idempotency.find(owned);
  if (known !== undefined) {
    if (known.request !== request) {
      throw new ServiceError('IDEMPOTENCY_KEY_REUSED', `the key '${key}' came with another body`);
    }
    c.header('Idempotency-Replayed', 'true');
    return jsonResponse(c, known.body, known.status);
  }
  const free = idempotency.begin(owned);
  if (free === undefined) {
    throw new ServiceError('IDEMPOTENCY_IN_PROGRESS', `the key '${key}' is being answered`);
  }
  try {
    const body = JSON.stringify(await work());
    idempotency.keep(owned, { request, status, body });
    return await jsonResponse(c, body, status);
  } finally {
    free();
  }
}
