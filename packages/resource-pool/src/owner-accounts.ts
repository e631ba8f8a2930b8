import { ResourcePoolError } from './errors.ts';
import type { OwnerLimits } from './quotas.ts';

/** What one owner may hold and holds. */
export interface Account extends OwnerLimits {
  /** The most this owner could hold if everybody else held nothing. */
  readonly reach: number;
  /** What it may hold at present, in [min, max]. */
  quota: number;
  held: number;
}

export interface QubitRequest {
  readonly owner: string;
  /** The fewest qubits that are of use. 1 ≤ min ≤ max. */
  readonly min: number;
  /** The most to grant; may be above the capacity, which then bounds the grant. */
  readonly max: number;
}

/** What the owner still lacks to its minimum. */
export function shortfall(account: Account): number {
  return Math.max(0, account.min - account.held);
}

/** @throws {ResourcePoolError} `INVALID_OWNER_LIMITS` */
export function openAccounts(
  owners: Readonly<Record<string, OwnerLimits>>,
  capacity: number,
): ReadonlyMap<string, Account> {
  let minima = 0;
  for (const [owner, { min, max }] of Object.entries(owners)) {
    const whole = Number.isInteger(min) && Number.isInteger(max);
    if (owner === '' || !whole || min < 0 || max < 1 || min > max || max > capacity) {
      throw new ResourcePoolError(
        'INVALID_OWNER_LIMITS',
        `"${owner}" needs a name, 0 ≤ min ${min} ≤ max ${max} ≤ ${capacity}, and max ≥ 1`,
      );
    }
    minima += min;
  }
  if (minima > capacity) {
    throw new ResourcePoolError(
      'INVALID_OWNER_LIMITS',
      `the minima add up to ${minima}, above the capacity ${capacity}`,
    );
  }
  const accounts = new Map<string, Account>();
  for (const [owner, { min, max }] of Object.entries(owners)) {
    const reach = Math.min(max, capacity - (minima - min));
    accounts.set(owner, { min, max, reach, quota: max, held: 0 });
  }
  return accounts;
}

/**
 * The account that a request is on; undefined for a pool that is open to every owner.
 *
 * @throws {ResourcePoolError} `INVALID_REQUEST`, `UNKNOWN_OWNER`, `EXCEEDS_CAPACITY`,
 *   `OUTSIDE_OWNER_LIMITS`
 */
export function checkedAccount(
  request: QubitRequest,
  capacity: number,
  accounts: ReadonlyMap<string, Account> | undefined,
): Account | undefined {
  const { owner, min, max } = request;
  if (typeof owner !== 'string' || owner === '') {
    throw new ResourcePoolError('INVALID_REQUEST', 'the owner is not a non-empty string');
  }
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || min > max) {
    throw new ResourcePoolError(
      'INVALID_REQUEST',
      `min ${min} and max ${max} are not integers with 1 ≤ min ≤ max`,
    );
  }
  if (min > capacity) {
    throw new ResourcePoolError('EXCEEDS_CAPACITY', `min ${min} is above the capacity ${capacity}`);
  }
  if (accounts === undefined) return undefined;
  const account = accounts.get(owner);
  if (account === undefined) {
    throw new ResourcePoolError('UNKNOWN_OWNER', `"${owner}" is not an owner of this pool`);
  }
  if (min > account.reach) {
    throw new ResourcePoolError(
      'OUTSIDE_OWNER_LIMITS',
      `min ${min} is above ${account.reach}, the most "${owner}" can ever hold`,
    );
  }
  return account;
}
