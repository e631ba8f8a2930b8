export { blockingWaiter } from './node/blocking-waiter.ts';
export type { BlockingWaiter, BlockingWaiterOptions } from './node/blocking-waiter.ts';
export { monotonicClock } from './node/monotonic-clock.ts';
export { timerWaiter } from './node/timer-waiter.ts';
export type { TimerWaiterOptions } from './node/timer-waiter.ts';
