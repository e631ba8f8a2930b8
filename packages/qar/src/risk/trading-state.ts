import { QarError } from '../errors.ts';

/**
 * ACTIVE opens and closes; REDUCING only closes; HALTED closes what is open and then waits for a
 * person; KILLED does nothing at all.
 */
export const TRADING_STATES = ['ACTIVE', 'REDUCING', 'HALTED', 'KILLED'] as const;
export type TradingState = (typeof TRADING_STATES)[number];

/** @throws {QarError} `BAD_SNAPSHOT` */
export function tradingState(value: unknown): TradingState {
  const state = TRADING_STATES.find((known) => known === value);
  if (state === undefined) throw new QarError('BAD_SNAPSHOT', `trading is ${String(value)}`);
  return state;
}

/** The stricter of two states. */
export function stricter(a: TradingState, b: TradingState): TradingState {
  return TRADING_STATES.indexOf(a) >= TRADING_STATES.indexOf(b) ? a : b;
}
