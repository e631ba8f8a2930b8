import type { DecisionReceipt, ExpertWeight } from '../data/contract.ts';

/** One expert at one decision. */
export interface BoardRow {
  readonly expert: string;
  readonly name: string;
  /** What was learned of it, in [0, 1]. */
  readonly weight: number;
  readonly opinion:
    | { readonly kind: 'vote'; readonly direction: 1 | -1; readonly probabilityUp: number }
    | { readonly kind: 'abstention'; readonly why: string };
}

const ABSTENTIONS: Readonly<Record<string, string>> = {
  NO_SIGNAL: 'its rule has no signal',
  NOT_ENOUGH_HISTORY: 'the window is too short for its rule',
  DEGENERATE_WINDOW: 'the window does not vary enough to judge',
  NOT_SIGNIFICANT: 'its signal cannot be told from chance',
  NO_VOLUME: 'it weighs volume, and there is none',
  OUT_OF_SEASON: 'its season is not now',
  UNSUITABLE_INTERVAL: 'its rule is for candles of another length',
  UNCALIBRATED: 'its record is too short to say how often it is right',
};

/** The board at one decision, the most trusted first. */
export function boardRows(receipt: DecisionReceipt, weights: readonly ExpertWeight[]): BoardRow[] {
  const weightOf = new Map(weights.map(({ expert, weight }) => [expert, weight]));
  return receipt.seats
    .map((seat): BoardRow => {
      const { expert } = seat;
      const named = { expert, name: expertName(expert), weight: weightOf.get(expert) ?? 0 };
      if ('abstained' in seat) {
        const why = ABSTENTIONS[seat.abstained] ?? seat.abstained;
        return { ...named, opinion: { kind: 'abstention', why } };
      }
      const { direction, probabilityUp } = seat;
      return { ...named, opinion: { kind: 'vote', direction, probabilityUp } };
    })
    .sort((a, b) => b.weight - a.weight);
}

const INITIALS: Readonly<Record<string, string>> = { qar: 'QAR', rsi: 'RSI', macd: 'MACD' };

/** `rsi-reversion` → `RSI reversion`. */
export function expertName(expert: string): string {
  const [first = '', ...rest] = expert.split('-');
  const start = INITIALS[first] ?? first.charAt(0).toUpperCase() + first.slice(1);
  return [start, ...rest].join(' ');
}
