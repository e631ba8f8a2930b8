import { ResourcePoolError } from './errors.ts';

/** What one owner may hold, all its leases together, in qubits. */
export interface OwnerLimits {
  /** Kept for this owner: nobody else's lease reaches into it. 0 ≤ min ≤ max. */
  readonly min: number;
  /** The most it may hold at once. 1 ≤ max ≤ capacity. */
  readonly max: number;
}

interface Share extends OwnerLimits {
  readonly owner: string;
  readonly weight: number;
  /** Its exact part of the capacity. */
  part: number;
  isFixed: boolean;
}

/**
 * Divides a capacity in proportion to weights, every owner within its limits, in whole qubits:
 * exact parts are clamped until the rest fits, then rounded by largest remainder (ties to the
 * owner listed first). The quotas add up to the capacity, or to all maxima where these are less.
 *
 * @param weights - one finite number ≥ 0 for each owner; all 0 counts as all equal.
 * @throws {ResourcePoolError} `INVALID_CAPACITY`; `INVALID_OWNER_LIMITS` when a limit breaks
 *   0 ≤ min ≤ max, max is 0, or the minima exceed the capacity;
 *   `INVALID_REQUEST` for weights that do not fit the owners
 * @see Balinski & Young (1982), Fair Representation, for the rounding
 */
export function quotasOf(
  capacity: number,
  owners: Readonly<Record<string, OwnerLimits>>,
  weights: Readonly<Record<string, number>>,
): Record<string, number> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new ResourcePoolError('INVALID_CAPACITY', `capacity ${capacity} is not an integer ≥ 1`);
  }
  const shares = sharesOf(owners, weights);
  const minima = shares.reduce((sum, { min }) => sum + min, 0);
  if (minima > capacity) {
    throw new ResourcePoolError(
      'INVALID_OWNER_LIMITS',
      `the minima add up to ${minima}, above the capacity ${capacity}`,
    );
  }
  const total = Math.min(
    capacity,
    shares.reduce((sum, { max }) => sum + max, 0),
  );
  while (!divide(shares, total));
  return rounded(shares, total);
}

function sharesOf(
  owners: Readonly<Record<string, OwnerLimits>>,
  weights: Readonly<Record<string, number>>,
): Share[] {
  const names = Object.keys(owners);
  if (names.length === 0 || Object.keys(weights).length !== names.length) {
    throw new ResourcePoolError('INVALID_REQUEST', 'there is not one weight for each owner');
  }
  let heaviest = 0;
  for (const owner of names) {
    const weight = Object.hasOwn(weights, owner) ? weights[owner] : Number.NaN;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new ResourcePoolError('INVALID_REQUEST', `the weight of "${owner}" is ${weight}`);
    }
    heaviest = Math.max(heaviest, weight);
    const { min, max } = owners[owner];
    if (Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= Math.max(1, min)) {
      continue;
    }
    throw new ResourcePoolError(
      'INVALID_OWNER_LIMITS',
      `"${owner}" needs integers with 0 ≤ min ${min} ≤ max ${max} and max ≥ 1`,
    );
  }
  return names.map((owner) => ({
    owner,
    min: owners[owner].min,
    max: owners[owner].max,
    // Divided by the heaviest, so that no sum overflows.
    weight: heaviest === 0 ? 1 : weights[owner] / heaviest,
    part: 0,
    isFixed: false,
  }));
}

/**
 * Divides what is left among the owners not yet fixed. Where parts fall outside their limits,
 * those on the side that is off by more in all are fixed at the limit: they would be so in any
 * solution.
 *
 * @returns whether all parts are within their limits.
 */
function divide(shares: readonly Share[], total: number): boolean {
  const free = shares.filter(({ isFixed }) => !isFixed);
  const left = total - shares.reduce((sum, { isFixed, part }) => sum + (isFixed ? part : 0), 0);
  const weights = free.reduce((sum, { weight }) => sum + weight, 0);
  let short = 0;
  let over = 0;
  for (const share of free) {
    share.part = weights > 0 ? (left * share.weight) / weights : left / free.length;
    short += Math.max(0, share.min - share.part);
    over += Math.max(0, share.part - share.max);
  }
  if (short === 0 && over === 0) return true;
  for (const share of free) {
    if (short >= over ? share.part < share.min : share.part > share.max) {
      share.part = short >= over ? share.min : share.max;
      share.isFixed = true;
    }
  }
  return false;
}

function rounded(shares: readonly Share[], total: number): Record<string, number> {
  // A part may be a rounding below the whole number it stands for.
  const whole = shares.map(({ part, min }) => Math.max(min, Math.floor(part + 1e-9)));
  let left = total - whole.reduce((sum, size) => sum + size, 0);
  const byRemainder = shares
    .map(({ part, max }, index) => ({ index, max, remainder: part - whole[index] }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index, max } of byRemainder) {
    if (left > 0 && whole[index] < max) {
      whole[index] += 1;
      left -= 1;
    }
  }
  return Object.fromEntries(shares.map(({ owner }, index) => [owner, whole[index]]));
}
