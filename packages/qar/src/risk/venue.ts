import type { DenialReason } from './denial.ts';

/** What a venue accepts. A step of 0 stands for any quantity. */
export interface VenueRules {
  /** Quantities are multiples of it, base units; 0 when any is. */
  readonly quantityStep: number;
  /** Base units. */
  readonly minimumQuantity: number;
  /** Base units. */
  readonly maximumQuantity: number;
  /** Quote currency. */
  readonly minimumNotional: number;
  /** Stop prices are multiples of it, quote currency; 0 when any is. */
  readonly priceStep: number;
}

/** Any quantity and price; orders of at least 10 in quote currency. */
export const OPEN_VENUE: VenueRules = {
  quantityStep: 0,
  minimumQuantity: 0,
  maximumQuantity: Number.MAX_VALUE,
  minimumNotional: 10,
  priceStep: 0,
};

/** The largest multiple of `step` that is not larger in size, with the sign of `value`. */
export function roundTowardsZero(value: number, step: number): number {
  if (step === 0) return value;
  const size = Math.abs(value);
  // One rounding error more than a multiple still counts as that multiple.
  const steps = Math.floor((size / step) * (1 + 4 * Number.EPSILON));
  const rounded = steps * step;
  return value < 0 ? -rounded : rounded;
}

/** Which of the venue's rules an entry of `quantity` base units breaks, if any. */
export function venueDenial(
  quantity: number,
  price: number,
  rules: VenueRules,
): DenialReason | undefined {
  const size = Math.abs(quantity);
  if (!(size > 0)) return 'ROUNDS_TO_ZERO';
  if (size < rules.minimumQuantity) return 'BELOW_MINIMUM_QUANTITY';
  if (size > rules.maximumQuantity) return 'ABOVE_MAXIMUM_QUANTITY';
  if (!(size * price >= rules.minimumNotional)) return 'BELOW_MINIMUM_NOTIONAL';
  return undefined;
}
