import { parseLine } from './journal.ts';
import type { DecisionReceipt, JournalBody } from './receipt.ts';
import type { InterventionReceipt } from './risk/intervention.ts';

/**
 * Index of the line that a snapshot was taken after: it carries the hash, and as many decisions lie
 * before its end as the snapshot has made. O(lines), of which only those from `decisions` on are
 * parsed.
 */
export function snapshotLine(
  journal: Iterable<string>,
  hash: unknown,
  decisions: number,
): number | undefined {
  let index = -1;
  for (const text of journal) {
    index++;
    // The header and every decision have a line each.
    if (index < decisions) continue;
    const line = parseLine(text);
    if (typeof line === 'string') return undefined;
    if (line.hash === hash) return decisionsThrough(line.body) === decisions ? index : undefined;
  }
  return undefined;
}

/** What happened after line `index` of a verified journal, in its order. */
export function* entriesAfter(
  journal: Iterable<string>,
  index: number,
): Generator<DecisionReceipt | InterventionReceipt, void> {
  let at = -1;
  for (const text of journal) {
    at++;
    if (at <= index) continue;
    const line = parseLine(text);
    if (typeof line === 'string') continue;
    const { body } = line;
    if (body.kind === 'decision' || body.kind === 'intervention') yield body;
  }
}

function decisionsThrough(body: JournalBody): number {
  switch (body.kind) {
    case 'header':
      return 0;
    case 'decision':
      return body.sequence + 1;
    case 'intervention':
      return body.sequence;
    case 'seal':
      return body.decisions;
  }
}
