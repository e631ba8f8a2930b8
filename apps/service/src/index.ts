export { DEFAULT_LIMITS } from './limits/limits.ts';
export type { Limits } from './limits/limits.ts';
export type { Tracer, TraceSpan } from './observability/tracing.ts';
export type { ExchangeSettings } from './live/ccxt-client.ts';
export { startService } from './service.ts';
export type { Service, ServiceOptions } from './service.ts';
export { StartError } from './start-error.ts';
export type { StartErrorCode } from './start-error.ts';
