import { change, percent } from '../figures.ts';
import type { Evaluation } from './evaluate-candles.ts';
import type { Difference, Horizon } from './judgement.ts';

/** What the figures amount to, in words, sorted by what a reader can build on. */
export interface EvaluationVerdict {
  readonly headline: string;
  readonly helped: readonly string[];
  readonly didNot: readonly string[];
  readonly cannotBeTold: readonly string[];
}

/** Fewer trades make no statement about trades (the usual rule of thumb). */
const LEAST_TRADES = 30;
const SURE = 0.95;

export function evaluationVerdict(evaluation: Evaluation, { words }: Horizon): EvaluationVerdict {
  const sorted = new Sorted(words);
  const { strategies, ablations, noise } = evaluation;
  for (const { title, semaOver, id } of strategies) {
    // The twin is told of below, with the circuits.
    if (semaOver === null || id === 'twin' || id.startsWith('expert-')) continue;
    sorted.add(semaOver, `Sema over ${title.toLowerCase()}`);
  }
  experts(evaluation, sorted);
  for (const { title, worth } of ablations) sorted.add(worth, `Sema over Sema with ${title}`);
  for (const { title, worth } of noise) {
    sorted.add(worth, `Sema on a machine without errors over one with ${title}`);
  }
  circuits(evaluation, sorted);
  selection(evaluation, sorted);
  chance(evaluation, words, sorted);
  costs(evaluation, words, sorted);
  trades(evaluation, sorted);
  return { headline: headline(evaluation), ...sorted.lists() };
}

class Sorted {
  readonly #words: Horizon['words'];
  readonly helped: string[] = [];
  readonly didNot: string[] = [];
  readonly cannotBeTold: string[] = [];

  constructor(words: Horizon['words']) {
    this.#words = words;
  }

  add(difference: Difference, what: string): void {
    const text = `${what}: ${differenceText(difference, this.#words)}`;
    if (difference.verdict === 'better') this.helped.push(text);
    else if (difference.verdict === 'cannot be told') this.cannotBeTold.push(text);
    else this.didNot.push(text);
  }

  lists(): Omit<EvaluationVerdict, 'headline'> {
    const { helped, didNot, cannotBeTold } = this;
    return { helped, didNot, cannotBeTold };
  }
}

/** A mean with its interval. */
function differenceText({ mean, low, high, verdict }: Difference, words: Horizon['words']): string {
  if (verdict === 'the same') return 'no difference at all';
  return `${change(mean)} ${words}, between ${change(low)} and ${change(high)}`;
}

function headline({ strategies, trials, traded }: Evaluation): string {
  const [sema] = strategies;
  const deflated = sema.figures.deflatedSharpe;
  const cash = strategies.find(({ id }) => id === 'cash')?.semaOver;
  const hold = strategies.find(({ id }) => id === 'buy-and-hold')?.semaOver;
  if (sema.figures.sharpe === null) return 'Sema took no position, so there is nothing to judge.';
  const edge =
    deflated !== null && deflated >= SURE && cash?.verdict === 'better'
      ? 'Sema’s decisions show an edge that luck does not explain'
      : 'Sema’s decisions show no edge that luck could not explain';
  const held =
    hold?.verdict === 'better'
      ? 'and they beat holding the market'
      : hold?.verdict === 'worse'
        ? 'and they did worse than holding the market'
        : 'and nothing shows that they beat holding the market';
  const many = trials.trials === 1 ? 'one trial' : `${String(trials.trials)} trials`;
  return (
    `${edge} (deflated Sharpe probability ${shareText(deflated)} after ${many}), ${held}. ` +
    `As it trades, through its risk gate, the engine ${tradedText(traded)}.`
  );
}

function tradedText({ totalReturn, sharpe, trades }: Evaluation['traded']): string {
  // Its equity never moved.
  if (sharpe === null && trades === 0) return 'entered nothing';
  return `made ${change(totalReturn)} in all`;
}

function experts({ strategies }: Evaluation, sorted: Sorted): void {
  const alone = strategies.filter(({ id }) => id.startsWith('expert-'));
  const titles = (verdict: Difference['verdict']): string[] =>
    alone
      .filter(({ semaOver }) => semaOver?.verdict === verdict)
      .map(({ title }) => title.toLowerCase());
  const [better, worse] = [titles('better'), titles('worse')];
  const open = alone.length - better.length - worse.length;
  if (better.length > 0) sorted.helped.push(`Sema over one alone: ${better.join(', ')}`);
  if (worse.length > 0) {
    sorted.didNot.push(`One alone did better than Sema: ${worse.join(', ')}`);
  }
  if (open > 0) {
    sorted.cannotBeTold.push(
      `Whether Sema is better than ${String(open)} of its ${String(alone.length)} experts alone`,
    );
  }
}

function circuits({ circuits: { sameSignals, largestDifference } }: Evaluation, sorted: Sorted) {
  sorted.didNot.push(
    sameSignals
      ? 'The circuits: their closed form decided the same every time ' +
          `(preferences at most ${largestDifference.toExponential(1)} apart). No quantum advantage.`
      : `The circuits and their closed form did NOT decide alike (${String(largestDifference)}).`,
  );
}

function selection({ selection: found, superiority }: Evaluation, sorted: Sorted): void {
  const { probability } = found.overfitting;
  const text =
    `Choosing the best of ${String(found.candidates)} neighbouring settings on the past: in ` +
    `${percent(probability, 0)} of the halves the winner was below the middle of the other half`;
  if (probability > 0.5) sorted.didNot.push(text);
  else if (probability >= 0.2) sorted.cannotBeTold.push(text);
  else sorted.helped.push(text);
  for (const { benchmark, best, strategies, tests } of superiority) {
    // Of the twin it is told with the circuits.
    if (tests === null) continue;
    const { consistent } = tests;
    const says =
      `The best of ${String(strategies)} strategies (${best}) against ` +
      `${benchmark.toLowerCase()}: SPA p = ${consistent.toFixed(3)}`;
    if (consistent < 1 - SURE) sorted.helped.push(says);
    else sorted.cannotBeTold.push(says);
  }
}

function chance({ randomEntries }: Evaluation, words: Horizon['words'], sorted: Sorted): void {
  if (randomEntries === null) return;
  const { pValue, actual, median } = randomEntries;
  const text =
    `The timing of entries: ${change(actual)} ${words} against ${change(median)} for the same ` +
    `trades at random times (p = ${pValue.toFixed(3)})`;
  if (pValue < 1 - SURE) sorted.helped.push(text);
  else if (pValue > SURE) sorted.didNot.push(text);
  else sorted.cannotBeTold.push(text);
}

/** Only where they turn a gain into a loss are costs the whole story. */
function costs({ costs: rows }: Evaluation, words: Horizon['words'], sorted: Sorted): void {
  const [free, paid] = [0, 1].map((factor) => rows.find((row) => row.factor === factor));
  if (free === undefined || paid === undefined) return;
  if (!(free.horizonReturn > 0 && paid.horizonReturn <= 0)) return;
  sorted.didNot.push(
    `Trading so often: without costs Sema’s decisions made ${change(free.horizonReturn)} ` +
      `${words}, with them ${change(paid.horizonReturn)}`,
  );
}

function trades({ traded, strategies, hitRates }: Evaluation, sorted: Sorted): void {
  if (traded.trades < LEAST_TRADES) {
    sorted.cannotBeTold.push(
      `Anything about the engine’s closed trades: there are ${String(traded.trades)}, and under ` +
        `${String(LEAST_TRADES)} say nothing`,
    );
  }
  const [{ figures }] = strategies;
  const { minimumTrackRecord, periods } = figures;
  if (minimumTrackRecord !== null && minimumTrackRecord > periods) {
    sorted.cannotBeTold.push(
      `Whether Sema’s Sharpe ratio is above 0: that would take ` +
        `${String(minimumTrackRecord)} periods, and there are ${String(periods)}`,
    );
  }
  for (const { title, share, met } of hitRates) {
    if (share === null) continue;
    const text = `Over 80 % profitable: ${title}, ${percent(share)}`;
    (met ? sorted.helped : sorted.didNot).push(text);
  }
}

/** A probability that may not exist. */
export function shareText(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
