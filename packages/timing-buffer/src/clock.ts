/** Where time comes from. Nothing in this package reads one itself: timestamps are arguments. */
export interface Clock {
  /** Monotonic whole nanoseconds since the clock was made; exact below 2^53 (104 days). */
  nowNs(): number;
}
