import { useEffect, useState } from 'preact/hooks';
import type { MarketView } from '../data/market-view.ts';
import { decisionText } from '../figures/decision-text.ts';

/** Between two announcements, so that a fast market does not drown a screen reader. */
const QUIET_MS = 5000;

/** Tells screen readers of orders and refusals as they come, and of nothing else. */
export function Announcer({
  view,
  denials,
}: {
  readonly view: MarketView;
  readonly denials: Readonly<Record<string, string>>;
}) {
  const [said, setSaid] = useState({ text: '', at: 0 });
  const newest = view.decisions.at(-1)?.receipt;
  useEffect(() => {
    if (newest === undefined || Date.now() - said.at < QUIET_MS) return;
    const { kind } = newest.outcome;
    if (kind !== 'order' && kind !== 'denied') return;
    const { label, sentence } = decisionText(newest, denials);
    setSaid({ text: `Decision ${newest.sequence}: ${label}. ${sentence}`, at: Date.now() });
  }, [newest?.sequence]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {said.text}
    </p>
  );
}
