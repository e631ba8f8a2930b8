export { createExchange } from './exchange/exchange.ts';
export type { ExchangeOptions } from './exchange/exchange.ts';
export type { MarketDefinition } from './exchange/recorded-market.ts';
export { startExchange } from './exchange/start-exchange.ts';
export type { RunningExchange } from './exchange/start-exchange.ts';
export type { ApiKey } from './exchange/trading-routes.ts';
