import type { LadderLimits } from './ladder.ts';
import type { ProtectionLimits } from './protections.ts';
import { NO_PROTECTIONS } from './protections.ts';
import type { VenueRules } from './venue.ts';
import { OPEN_VENUE } from './venue.ts';

export interface RiskLimits extends LadderLimits {
  /** Least Born probability of the chosen action for an entry, in [0, 1]. */
  readonly minimumConfidence: number;
  /** Experts that must have voted. */
  readonly minimumVotes: number;
  /** Whether the twin, deciding in place of circuits that failed, may enter. */
  readonly entriesOnFallback: boolean;
  /** Loss over the last 24 hours that stops entries, as a fraction of equity. */
  readonly dailyLossLimit: number;
  /** Loss from the highest equity of the last `rollingDays` that stops entries, as a fraction. */
  readonly rollingDrawdownLimit: number;
  readonly rollingDays: number;
  /** Loss from the highest equity so far that halts trading, as a fraction of it. */
  readonly drawdownLimit: number;
  /** Annualised volatility from which no position is opened. */
  readonly crisisVolatility: number;
  /** Largest move of the newest candle, in standard deviations. */
  readonly maximumJumpSigmas: number;
  /** Orders in any hour. */
  readonly maximumOrdersPerHour: number;
  /** Orders in any 24 hours. */
  readonly maximumOrdersPerDay: number;
  /** Age of the newest candle's close from which it is stale, ms. */
  readonly maximumDataAgeMs: number;
  /** Longest time between two of the latest candles, in intervals. */
  readonly maximumGapIntervals: number;
  /** Largest position, as a fraction of the usual volume of one candle. */
  readonly maximumVolumeShare: number;
  /** Whether a position may be negative. */
  readonly shorting: boolean;
  readonly protections: ProtectionLimits;
  readonly venue: VenueRules;
}

export const DEFAULT_RISK_LIMITS: RiskLimits = {
  minimumConfidence: 0.8,
  minimumVotes: 3,
  entriesOnFallback: true,
  ladder: [0.01, 0.02, 0.05],
  promotionTrades: 30,
  promotionTStatistic: 1.645,
  dailyLossLimit: 0.02,
  rollingDrawdownLimit: 0.06,
  rollingDays: 30,
  drawdownLimit: 0.1,
  crisisVolatility: 0.7,
  // A price that far off is a bad print or a market that nobody should enter.
  maximumJumpSigmas: 10,
  maximumOrdersPerHour: 6,
  maximumOrdersPerDay: 24,
  maximumDataAgeMs: 5 * 60_000,
  // A week without sessions, as daily candles had in September 2001, is no gap in the data.
  maximumGapIntervals: 8,
  maximumVolumeShare: 0.1,
  shorting: false,
  protections: NO_PROTECTIONS,
  venue: OPEN_VENUE,
};
