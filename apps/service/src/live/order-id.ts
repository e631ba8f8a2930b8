import { createHash } from 'node:crypto';

/** As long and as plain as the strictest exchanges want it: 32 letters and digits. */
const DIGITS = 28;

/**
 * The id under which an exchange gets a decision's order.
 *
 * @param decision - hash of the decision's line in the signed journal.
 */
export function orderId(decision: string): string {
  return `sema${decision.slice(0, DIGITS)}`;
}

/** The id of an order that a person asks for to close what `last`, the newest order, left. */
export function closingId(market: string, last: string): string {
  const text = JSON.stringify(['close', market, last]);
  return orderId(createHash('sha256').update(text).digest('hex'));
}
