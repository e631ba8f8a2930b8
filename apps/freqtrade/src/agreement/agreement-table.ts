import type { Agreement } from './agreement.ts';
import { CAUSES } from './explanation.ts';
import type { Cause } from './explanation.ts';

/** How far the two agree, and how often each cause parted them. */
export function agreementTable(title: string, found: Agreement): string {
  const { freqtradeTrades, semaTrades, sameTrades, differences } = found;
  const counts = new Map<Cause, number>();
  for (const { cause } of differences) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  const [theirs, ours, same] = [freqtradeTrades, semaTrades, sameTrades].map(String);
  const trades = `freqtrade's trades ${theirs}, Sema's ${ours}, in the same candles ${same}`;
  // A record's own keys, which their type forgets.
  const lines = (Object.keys(CAUSES) as Cause[])
    .filter((cause) => cause === 'unexplained' || counts.has(cause))
    .map(
      (cause) =>
        `  ${String(counts.get(cause) ?? 0).padStart(4)}  ${cause.padEnd(12)} ${CAUSES[cause]}`,
    );
  return [`${title}: ${trades}`, ...lines].join('\n');
}
