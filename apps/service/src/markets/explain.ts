import { DENIALS, EXPERTS } from '@sema/qar';
import type { DecisionReceipt } from '@sema/qar';

/**
 * A receipt in words, for a person.
 *
 * @param weights - of the experts after the decision, in the order of the board.
 */
export function explain(receipt: DecisionReceipt, weights: Float64Array | undefined) {
  const { outcome, seats } = receipt;
  const refused = outcome.kind === 'denied' ? outcome.reason : null;
  const reason = outcome.kind === 'order' ? outcome.denied : refused;
  const weightOf = (expert: string): number | null =>
    weights?.[EXPERTS.findIndex(({ name }) => name === expert)] ?? null;
  const votes = seats.flatMap((seat) =>
    'abstained' in seat
      ? []
      : [
          {
            expert: seat.expert,
            direction: seat.direction,
            probabilityUp: seat.probabilityUp,
            weight: weightOf(seat.expert),
          },
        ],
  );
  votes.sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
  const abstentions = seats.flatMap((seat) =>
    'abstained' in seat ? [{ expert: seat.expert, reason: seat.abstained }] : [],
  );
  return {
    summary: summary(receipt, votes.length),
    denial: reason === null ? null : DENIALS[reason],
    votes,
    abstentions,
  };
}

function summary(
  { verdict, regime, outcome, seats, path, fallback }: DecisionReceipt,
  votes: number,
) {
  const by = fallback === null ? `the ${path} path` : `the twin, because of ${fallback}`;
  const board = `${String(votes)} of ${String(seats.length)} experts voted`;
  if (verdict === null) {
    const why = outcome.kind === 'no-decision' ? outcome.reason : 'nothing to decide on';
    return `No decision: ${why}; ${board}.`;
  }
  const { action, confidence } = verdict;
  const percent = confidence === null ? '' : ` with probability ${(100 * confidence).toFixed(1)} %`;
  const chosen = `${action}${percent} by ${by}`;
  return `${chosen}, in a ${regime ?? 'nameless'} market; ${board}. ${OUTCOMES[outcome.kind]}`;
}

const OUTCOMES: Readonly<Record<DecisionReceipt['outcome']['kind'], string>> = {
  order: 'The risk gate let an order through.',
  hold: 'The position is already as wanted.',
  'no-go': 'Positions with as much evidence end without profit too often, so nothing changes.',
  denied: 'The risk gate refused the entry.',
  'no-decision': 'Nothing changes.',
};
