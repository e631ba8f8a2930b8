/**
 * A spread of returns under this is rounding, not movement: a return of doubles is exact to about
 * 2e-16, and the smallest tick of any market is above 1e-9 of its price.
 */
export const SMALLEST_SPREAD = 1e-12;
