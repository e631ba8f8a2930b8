import { REGIMES } from '@sema/learning';
import {
  DENIALS,
  EXPERTS,
  type DecisionReceipt,
  type EngineConfiguration,
  type Verdict,
} from '@sema/qar';
import { day, percent } from './figures.ts';

/** A decision in words: each list of facts under its heading. */
export interface ReceiptWords {
  readonly headline: string;
  readonly seats: readonly (readonly [string, string])[];
  readonly filters: readonly (readonly [string, string])[];
  readonly outcome: readonly (readonly [string, string])[];
  /** What would have made it come out otherwise, as far as the receipt shows. */
  readonly otherwise: readonly string[];
}

/** @param weights - of the experts at that moment, in the order of `EXPERTS`, where known. */
export function receiptWords(
  receipt: DecisionReceipt,
  configuration: EngineConfiguration,
  weights?: ArrayLike<number>,
): ReceiptWords {
  const { sequence, time, regime, path, fallback } = receipt;
  const by = path === 'quantum' ? 'the circuits' : 'the closed form';
  const because = fallback === null ? '' : `, because the circuits failed (${fallback})`;
  return {
    headline:
      `Decision ${String(sequence)} on the candle of ${day(time)}: ${outcomeText(receipt)}. ` +
      `Regime ${regime ?? 'unknown'}; decided by ${by}${because}.`,
    seats: seatFacts(receipt, weights),
    filters: filterFacts(receipt),
    outcome: outcomeFacts(receipt),
    otherwise: otherwise(receipt, configuration),
  };
}

function outcomeText({ outcome, verdict }: DecisionReceipt): string {
  switch (outcome.kind) {
    case 'order':
      return outcome.denied === null
        ? `an order, ${verdict?.action ?? 'flat'}`
        : 'an order that only closes the opposite position';
    case 'hold':
      return 'hold what is there';
    case 'no-go':
      return 'no action, as much evidence too often ends without profit';
    case 'denied':
      return `${verdict?.action ?? 'an entry'}, denied by the risk gate`;
    case 'no-decision':
      return `nothing to say (${outcome.reason})`;
  }
}

function seatFacts(
  { seats }: DecisionReceipt,
  weights: ArrayLike<number> | undefined,
): [string, string][] {
  return seats.map((seat) => {
    const index = EXPERTS.findIndex(({ name }) => name === seat.expert);
    const weight = weights === undefined || index < 0 ? '' : `, weight ${percent(weights[index])}`;
    const says =
      'direction' in seat
        ? `${seat.direction > 0 ? 'up' : 'down'}, a gain with probability ` +
          seat.probabilityUp.toFixed(3)
        : `abstained: ${seat.abstained}`;
    return [seat.expert, `${says}${weight}`];
  });
}

function filterFacts({ verdict, memberships }: DecisionReceipt): [string, string][] {
  const facts: [string, string][] = [];
  if (memberships !== null) {
    facts.push([
      'regimes',
      memberships.map((share, i) => `${REGIMES[i]} ${percent(share, 0)}`).join(', '),
    ]);
  }
  if (verdict === null) return facts;
  const { prices, prospects, mixture, preferences } = verdict;
  const up = prices.slice(prices.length / 2).reduce((sum, price) => sum + price, 0);
  const three = (values: readonly number[], digits: number): string =>
    ['short', 'flat', 'long'].map((name, i) => `${name} ${values[i].toFixed(digits)}`).join(', ');
  return [
    ...facts,
    ['market (LMSR)', `upper half of the return bins at a price of ${up.toFixed(3)}`],
    ['prospects', three(prospects, 3)],
    ['mixture (Hedge)', `a gain with probability ${mixture.toFixed(3)}`],
    ['all together', three(preferences, 3)],
  ];
}

function outcomeFacts({ verdict, outcome, trading, fills, equity }: DecisionReceipt) {
  const facts: [string, string][] = [];
  if (verdict !== null) {
    const go = verdict.go ? 'go' : 'no-go';
    const sure = known(verdict.confidence);
    facts.push(['selection', `${verdict.action}, a profit with probability ${sure}, ${go}`]);
  }
  if (outcome.kind === 'denied') {
    facts.push(['denied', `${outcome.reason}: ${DENIALS[outcome.reason]}`]);
  }
  if (outcome.kind === 'order') {
    const { targetUnits, limitFraction, denied } = outcome;
    facts.push([
      'order',
      `to ${targetUnits.toPrecision(6)} units, at most ${percent(limitFraction, 2)} of equity`,
    ]);
    if (denied !== null) facts.push(['denied', `${denied}: ${DENIALS[denied]}`]);
  }
  facts.push(['trading', trading], ['equity', equity.toFixed(2)]);
  for (const { cause, units, price } of fills) {
    facts.push(['filled before', `${String(units)} units at ${String(price)}, ${cause}`]);
  }
  return facts;
}

function otherwise(receipt: DecisionReceipt, { risk }: EngineConfiguration): string[] {
  const { verdict, outcome, seats } = receipt;
  if (outcome.kind === 'no-decision') {
    return outcome.reason === 'ALL_ABSTAINED'
      ? ['One expert with a vote would have been enough to decide.']
      : ['A window whose prices move would have been decided on.'];
  }
  if (verdict === null) return [];
  const found: string[] = [];
  const sorted = [...verdict.preferences].sort((left, right) => right - left);
  const lead = sorted[0] - sorted[1];
  if (outcome.kind === 'no-go') found.push(noGoText(verdict));
  const denied =
    outcome.kind === 'denied' ? outcome.reason : outcome.kind === 'order' ? outcome.denied : null;
  if (denied === 'CONFIDENCE_BELOW_MINIMUM') {
    found.push(
      `risk.minimumConfidence at most ${known(verdict.confidence)} instead of ` +
        `${String(risk.minimumConfidence)} would have passed this rule.`,
    );
  } else if (denied === 'SHORTING_NOT_ALLOWED') {
    found.push('risk.shorting true would have passed this rule.');
  } else if (denied === 'TOO_FEW_VOTES') {
    const votes = seats.filter((seat) => 'direction' in seat).length;
    found.push(
      `risk.minimumVotes ${String(votes)} instead of ${String(risk.minimumVotes)} would have ` +
        'passed this rule.',
    );
  } else if (denied !== null) {
    found.push(`It would have passed this rule had it not been that ${DENIALS[denied]}.`);
  }
  if (denied !== null) found.push('The rules after it were not asked.');
  if (outcome.kind === 'order' && denied === null) {
    found.push(
      `A minimum confidence over ${known(verdict.confidence)} would have denied it ` +
        `(it is ${String(risk.minimumConfidence)}).`,
    );
  }
  if (outcome.kind === 'hold') {
    found.push(`Another action leading; ${verdict.action} led by ${lead.toFixed(3)}.`);
  }
  return found;
}

function noGoText({ wrongShare, goLevel, action }: Verdict): string {
  if (wrongShare === null || goLevel === null) {
    return `The likeliest action was ${action}; another one leading would have gone.`;
  }
  return (
    `A share of ${wrongShare.toFixed(3)} of wrong decisions had as much evidence; at ` +
    `${goLevel.toFixed(3)} or less it would have gone.`
  );
}

/** A probability that may not be known yet. */
function known(probability: number | null): string {
  return probability === null ? 'unknown' : probability.toFixed(3);
}
