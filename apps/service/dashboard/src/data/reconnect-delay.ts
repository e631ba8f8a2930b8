const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before the next attempt to connect: doubling from half a second to 15, and
 * shortened by chance, so that many browsers do not all come back at once.
 *
 * @param attempt - 0 for the first after a loss.
 * @param chance - uniform in [0, 1).
 */
export function reconnectDelayMs(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return longest * (0.5 + chance / 2);
}
