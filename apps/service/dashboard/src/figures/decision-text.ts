import type { DecisionReceipt } from '../data/contract.ts';
import { decimal, money, percent } from './number-text.ts';

/** How a decision ended, for the colour and the shape that stand beside the words. */
export type DecisionTone = 'buy' | 'sell' | 'close' | 'hold' | 'denied' | 'none';

export interface DecisionText {
  readonly tone: DecisionTone;
  /** Two or three words: `Buy`, `Refused`. */
  readonly label: string;
  /** One sentence, without the reasons behind the action. */
  readonly sentence: string;
}

const UNDECIDED: Readonly<Record<string, string>> = {
  DEGENERATE_WINDOW: 'The window does not vary enough to decide on.',
  ALL_ABSTAINED: 'Every expert abstained, so there is nothing to decide from.',
};

/**
 * A decision in words.
 *
 * @param denials - each reason for a refusal in words.
 */
export function decisionText(
  { outcome, verdict }: DecisionReceipt,
  denials: Readonly<Record<string, string>>,
): DecisionText {
  const wish =
    verdict === null
      ? ''
      : `The circuits favour ${verdict.action} at ${percent(preferenceOf(verdict))}` +
        profit(verdict);
  const because = (reason: string): string => denials[reason] ?? reason;
  switch (outcome.kind) {
    case 'order': {
      const { targetUnits, denied } = outcome;
      if (targetUnits === 0) {
        const refused = denied === null ? '' : ` A new position is refused: ${because(denied)}.`;
        return { tone: 'close', label: 'Close', sentence: `${wish}: close.${refused}` };
      }
      const tone = targetUnits > 0 ? 'buy' : 'sell';
      return {
        tone,
        label: targetUnits > 0 ? 'Buy' : 'Sell short',
        sentence: `${wish}: hold ${money(targetUnits)} units.`,
      };
    }
    case 'hold':
      return { tone: 'hold', label: 'Hold', sentence: `${wish}: nothing to change.` };
    case 'no-go':
      return {
        tone: 'none',
        label: 'No go',
        sentence: `${wish}, on too little evidence for this regime.`,
      };
    case 'denied':
      return {
        tone: 'denied',
        label: 'Refused',
        sentence: `${wish}. Refused: ${because(outcome.reason)}.`,
      };
    case 'no-decision':
      return {
        tone: 'none',
        label: 'No decision',
        sentence: UNDECIDED[outcome.reason] ?? outcome.reason,
      };
  }
}

/** One step from the board to the outcome. */
export interface ReasonStep {
  readonly title: string;
  readonly value: string;
  readonly text: string;
}

/** The three answers that were fused and what came of them; empty without a verdict. */
export function reasonSteps(receipt: DecisionReceipt): ReasonStep[] {
  const { verdict, seats, path, fallback } = receipt;
  const votes = seats.filter((seat) => !('abstained' in seat));
  const up = votes.filter((seat) => 'direction' in seat && seat.direction === 1).length;
  const board: ReasonStep = {
    title: 'Board',
    value: `${votes.length} of ${seats.length}`,
    text: `experts vote: ${up} up, ${votes.length - up} down`,
  };
  if (verdict === null) return [board];
  const { prices, prospects, mixture, preferences } = verdict;
  const gain = prices.slice(prices.length / 2).reduce((sum, price) => sum + price, 0);
  const [short = 0, , long = 0] = prospects;
  const ranked = [...preferences].sort((a, b) => b - a);
  const lead = (ranked[0] ?? 0) - (ranked[1] ?? 0);
  const who =
    path === 'quantum'
      ? 'by circuits'
      : fallback === null
        ? 'in closed form'
        : `in closed form, because the circuits failed: ${fallback}`;
  return [
    board,
    { title: 'Market', value: percent(gain), text: 'is the price of a gain' },
    {
      title: 'Prospect',
      value: `${decimal(long, 3)} / ${decimal(short, 3)}`,
      text: 'is what long and short are worth, in σ',
    },
    { title: 'Hedge', value: percent(mixture), text: 'is the mixture’s probability of a gain' },
    { title: 'Fusion', value: percent(lead), text: `is the lead over the next action, ${who}` },
  ];
}

type Verdict = NonNullable<DecisionReceipt['verdict']>;

const ACTIONS = ['short', 'flat', 'long'] as const;

/** Born probability of the action that was chosen. */
export function preferenceOf({ preferences, action }: Verdict): number {
  return preferences[ACTIONS.indexOf(action)] ?? 0;
}

/** How often such an action ends in a profit, where enough is known of it. */
function profit({ confidence }: Verdict): string {
  return confidence === null ? '' : `, a profit at ${percent(confidence)}`;
}
