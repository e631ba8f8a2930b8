import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Context as HonoContext } from 'hono';
import type { RequestFacts } from '../context.ts';

const compress = promisify(gzip);
/** Below this, compressing costs more than it saves on any network. */
const SMALLEST_COMPRESSED = 16_384;

/** A JSON text as an answer, compressed off this thread where it is long and the client can. */
export async function jsonResponse(
  c: HonoContext<RequestFacts>,
  text: string,
  status: 200 | 201,
): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Vary: 'Accept-Encoding' };
  const accepted = c.req.header('accept-encoding') ?? '';
  if (text.length < SMALLEST_COMPRESSED || !/\bgzip\b/.test(accepted)) {
    return c.body(text, status, headers);
  }
  const bytes = await compress(text, { level: constants.Z_BEST_SPEED });
  return c.body(new Uint8Array(bytes), status, { ...headers, 'Content-Encoding': 'gzip' });
}
