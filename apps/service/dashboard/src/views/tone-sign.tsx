import type { DecisionTone } from '../figures/decision-text.ts';

/** As the tones of a decision, and a stop that was hit, which nobody decided. */
export type Sign = DecisionTone | 'stop';

const PATHS: Readonly<Record<Sign, string>> = {
  buy: 'M8 2 14 13 2 13Z',
  sell: 'M8 14 2 3 14 3Z',
  close: 'M3 3h10v10H3Z',
  stop: 'M3 3h10v10H3Z',
  hold: 'M2 6h12v4H2Z',
  denied: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6Z',
  none: 'M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
};

/** The sign of a decision's outcome: as in the chart, told apart by shape before colour. */
export function ToneSign({ tone }: { readonly tone: Sign }) {
  return (
    <svg class={`tone ${tone}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[tone]} />
    </svg>
  );
}
