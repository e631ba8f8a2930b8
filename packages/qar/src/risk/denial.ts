/** Why an entry is refused, in the order the rules are asked, each with the rule in words. */
export const DENIALS = {
  KILL_SWITCH: 'a person has stopped everything',
  HALTED: 'trading is halted until a person resumes it',
  REDUCING_ONLY: 'positions may only be reduced',
  CLOCK_BEHIND_DATA: 'the decision is dated before its newest candle closed',
  STALE_DATA: 'the newest candle closed too long ago',
  BAD_PRICE: 'the price is not a positive number',
  DATA_GAP: 'candles are missing among the latest',
  NO_VOLUME: 'nothing was traded in the newest candle',
  PRICE_JUMP: 'the newest close is too many standard deviations away from the one before',
  FALLBACK_NOT_TRUSTED: 'the circuits failed, and entries by the twin alone are not allowed',
  TOO_FEW_VOTES: 'too few experts voted',
  SHORTING_NOT_ALLOWED: 'positions may not be negative',
  CONFIDENCE_UNKNOWN: 'too few outcomes are known to say how likely a profit is',
  CONFIDENCE_BELOW_MINIMUM: 'a profit is not likely enough',
  CRISIS_VOLATILITY: 'the market is too volatile',
  NO_EQUITY: 'there is no equity to risk',
  DAILY_LOSS_LIMIT: 'the loss of the last 24 hours is at its limit',
  ROLLING_DRAWDOWN: 'the loss from the highest equity of the last days is at its limit',
  HOURLY_RATE_LIMIT: 'the orders of the last hour are at their limit',
  RATE_LIMIT: 'the orders of the last 24 hours are at their limit',
  COOL_DOWN: 'a position was closed a moment ago',
  STOP_LOSS_GUARD: 'too many stops were hit of late',
  LOW_PROFIT_LOCK: 'the latest trades earned too little',
  LOSS_STREAK: 'too many trades in a row have lost',
  ROUNDS_TO_ZERO: "the order is smaller than the venue's step",
  BELOW_MINIMUM_QUANTITY: "the order is below the venue's smallest quantity",
  ABOVE_MAXIMUM_QUANTITY: "the order is above the venue's largest quantity",
  BELOW_MINIMUM_NOTIONAL: "the order is below the venue's smallest notional",
  THIN_MARKET: 'the order is too large a part of what is usually traded',
} as const;
export type DenialReason = keyof typeof DENIALS;

// The keys are exactly the reasons, in the order they are written.
export const DENIAL_REASONS = Object.keys(DENIALS) as readonly DenialReason[];
