import type { Step } from '@sema/qar';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { RequestFacts } from '../context.ts';

type Attributes = Record<string, string | number | boolean>;

/** As much of OpenTelemetry's span as is used here. */
export interface TraceSpan {
  setAttributes(attributes: Attributes): unknown;
  updateName(name: string): unknown;
  /** Code 2 is an error. */
  setStatus(status: { code: 0 | 1 | 2; message?: string }): unknown;
  /** @param endTime - ms since the Unix epoch; now when absent. */
  end(endTime?: number): void;
}

/**
 * What `trace.getTracer('sema')` of `@opentelemetry/api` gives: the service depends on no tracing
 * library, and whoever wants traces hands in the tracer of the one they run.
 */
export interface Tracer {
  startSpan(
    name: string,
    options?: { kind?: 0 | 1; startTime?: number; attributes?: Attributes },
  ): TraceSpan;
}

const SERVER = 1;
const ERROR = 2;

/** A span for every request, named after its route. */
export function traced(tracer: Tracer): MiddlewareHandler<RequestFacts> {
  return async (c, next) => {
    const { method, path } = c.req;
    const attributes = {
      'http.request.method': method,
      'url.path': path,
      'sema.request_id': c.get('requestId'),
    };
    const span = tracer.startSpan(method, { kind: SERVER, attributes });
    try {
      await next();
    } finally {
      const route = routePath(c, -1);
      const { status } = c.res;
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) span.setStatus({ code: ERROR });
      span.end();
    }
  };
}

/** A span for a decision that was just made, over the time it took. */
export function traceDecision(tracer: Tracer, market: string, step: Step, now: number): void {
  const { receipt, timing } = step;
  const tookMs = (timing.endedNs - timing.startedNs) / 1e6;
  const span = tracer.startSpan('decision', {
    startTime: now - tookMs,
    attributes: {
      'sema.market': market,
      'sema.sequence': receipt.sequence,
      'sema.path': receipt.path,
      'sema.action': receipt.verdict?.action ?? 'none',
      'sema.outcome': receipt.outcome.kind,
      'sema.fallback': receipt.fallback ?? '',
    },
  });
  span.end(now);
}
