import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { StreamIn, StreamOut } from '../api/stream.ts';
import type { Api, Context, RequestFacts } from '../context.ts';
import { traced } from '../observability/tracing.ts';
import type { Tracer } from '../observability/tracing.ts';
import { capabilityRoutes } from '../routes/capability-routes.ts';
import { circuitRoutes } from '../routes/circuit-routes.ts';
import { decisionRoutes } from '../routes/decision-routes.ts';
import { feedRoutes } from '../routes/feed-routes.ts';
import { healthRoutes } from '../routes/health-routes.ts';
import { marketRoutes } from '../routes/market-routes.ts';
import { metricsRoute } from '../routes/metrics-route.ts';
import { modelRoutes } from '../routes/model-routes.ts';
import { riskRoutes } from '../routes/risk-routes.ts';
import { signalRoutes } from '../routes/signal-routes.ts';
import { tokenRoutes } from '../routes/token-routes.ts';
import { twinRoutes } from '../routes/twin-routes.ts';
import { ServiceError } from '../service-error.ts';
import type { Gate } from './gate.ts';
import {
  admitted,
  authenticated,
  jsonOnly,
  localOnly,
  observed,
  rateLimited,
} from './middleware.ts';
import { problemResponse } from './problem-response.ts';
import { securityHeaders } from './security-headers.ts';
import type { StaticFiles } from './static-files.ts';

export interface ApplicationOptions {
  readonly authentication: 'tokens' | 'none';
  readonly tls: boolean;
  readonly tracer: Tracer | undefined;
  readonly gate: Gate;
  readonly files: StaticFiles;
}

const FRAMES = new Set(['/v1/signals', '/v1/decide']);

/** The whole of HTTP: middleware, the API, its document and the dashboard's files. */
export function application(context: Context, options: ApplicationOptions): Api {
  const api: Api = new OpenAPIHono<RequestFacts>({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = result.error.issues.slice(0, 20).map(({ path, message }) => {
        return { path: [result.target, ...path].join('.'), message };
      });
      const [{ path, message }] = errors;
      throw new ServiceError('BAD_REQUEST', `${path}: ${message}`, { errors });
    },
  });
  api.onError((error, c) => problemResponse(error, c));
  api.notFound((c) =>
    problemResponse(new ServiceError('NOT_FOUND', `${c.req.method} ${c.req.path}`), c),
  );
  api.use(observed(context), securityHeaders(options.tls));
  if (options.tracer !== undefined) api.use(traced(options.tracer));
  healthRoutes(api, context, options.gate);
  const guard = options.authentication === 'tokens' ? authenticated(context) : localOnly();
  for (const path of ['/v1/*', '/metrics']) {
    api.use(path, admitted(options.gate), guard, rateLimited(context), jsonOnly, limited(context));
  }
  metricsRoute(api, context);
  capabilityRoutes(api, context);
  marketRoutes(api, context);
  decisionRoutes(api, context);
  riskRoutes(api, context);
  twinRoutes(api, context);
  feedRoutes(api, context);
  modelRoutes(api, context);
  signalRoutes(api, context);
  circuitRoutes(api, context);
  tokenRoutes(api, context);
  addDocument(api);
  api.get('*', (c) => {
    const file = options.files.answer(c);
    if (file === undefined) throw new ServiceError('NOT_FOUND', `there is no ${c.req.path}`);
    return file;
  });
  return api;
}

function limited({ limits }: Context) {
  const onError = (): never => {
    throw new ServiceError('BODY_TOO_LARGE', 'the body is larger than this route takes');
  };
  const small = bodyLimit({ maxSize: limits.bodyBytes, onError });
  const frame = bodyLimit({ maxSize: limits.frameBytes, onError });
  return ((c, next) => (FRAMES.has(c.req.path) ? frame : small)(c, next)) satisfies typeof small;
}

function addDocument(api: Api): void {
  const registry = api.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  registry.register('StreamIn', StreamIn);
  registry.register('StreamOut', StreamOut);
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Sema',
      version: '1',
      description:
        'Decisions on candles, risk-checked and signed. Streams: a WebSocket at ' +
        '/v1/markets/{id}/stream takes StreamIn and sends StreamOut.',
    },
  });
}
