/** Where a recording stands on the exchange's clock. */
export interface ExchangeTime {
  /** Now on the exchange's clock, ms since the Unix epoch. */
  now(): number;
  /** Added to a recorded time to have it on the exchange's clock, ms. */
  readonly offsetMs: number;
}

export interface ExchangeTimeOptions {
  /** The caller's wall clock, ms since the Unix epoch. */
  readonly wallClock: () => number;
  /** Recorded time that is now at the start, ms. */
  readonly startsAt: number;
  /** Spacing of the recorded candles, ms: the recording moves by whole ones. */
  readonly intervalMs: number;
  /** Exchange seconds that pass in a real one, above 0. */
  readonly speed: number;
}

/**
 * Moves a recording to the present. The exchange's clock starts at the wall clock and runs `speed`
 * times as fast; the candle that was open at `startsAt` is the one that is open then.
 */
export function exchangeTime(options: ExchangeTimeOptions): ExchangeTime {
  const { wallClock, startsAt, intervalMs, speed } = options;
  const started = wallClock();
  const candles = Math.floor(started / intervalMs) - Math.floor(startsAt / intervalMs);
  return {
    now: () => Math.floor(started + (wallClock() - started) * speed),
    offsetMs: candles * intervalMs,
  };
}
