import { change, count, day, NONE, percent, ratio } from '../figures.ts';
import type { GrowthCurve } from './growth-curves.ts';
import type { Evaluation, StrategyRow } from './evaluate-candles.ts';
import type { EvaluationVerdict } from './evaluation-verdict.ts';
import { shareText } from './evaluation-verdict.ts';
import type { Difference, Horizon, JudgementOptions, SeriesFigures } from './judgement.ts';

/** A report as plain content, for the terminal, Markdown and HTML alike. */
export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly verdict: EvaluationVerdict;
  readonly curves: readonly GrowthCurve[];
  readonly sections: readonly ReportSection[];
}

export interface ReportSection {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note: string;
}

/** What was evaluated. */
export interface EvaluationSubject {
  readonly pair: string;
  readonly file: string;
  readonly sha256: string;
  readonly firstDecision: number;
  readonly lastDecision: number;
  readonly decisions: number;
  readonly costRate: number;
  /** Spacing of the candles, ms. */
  readonly intervalMs: number;
  /** Whether the rows have dates; those of price relatives have none. */
  readonly dated: boolean;
}

export function evaluationDocument(
  subject: EvaluationSubject,
  evaluation: Evaluation,
  verdict: EvaluationVerdict,
  judgement: JudgementOptions,
): ReportDocument {
  const { pair, file, decisions } = subject;
  const { words } = judgement.horizon;
  return {
    title: `${pair}: what Sema’s decisions are worth`,
    subtitle:
      `${count(decisions)} decisions on ${file}, ${spanText(subject)}, ` +
      `SHA-256 ${subject.sha256.slice(0, 16)}…, costs ${count(subject.costRate * 10_000)} bps a ` +
      `fill, ${count(judgement.replications)} resamples, seed ${String(judgement.seed)}.`,
    verdict,
    curves: evaluation.curves,
    sections: [
      strategySection(evaluation, judgement),
      tradedSection(evaluation),
      hopeSection(evaluation),
      differenceSection(
        'What each part is worth',
        ['Sema less Sema with …', ...differenceHeader(words)],
        evaluation.ablations,
        'One part taken out at a time. What has no say lets every action through alike in the ' +
          'fusion. An interval that contains 0 tells nothing.',
      ),
      differenceSection(
        'What noise would cost',
        ['without errors, less with …', ...differenceHeader(words)],
        evaluation.noise,
        'The whole engine again, each circuit of each decision simulated as a density matrix: a ' +
          'Pauli error on the qubits of each CNOT, a tenth as often after a rotation, a wrong ' +
          'read-out, and so many shots. Where nothing was selected the twin decided.',
      ),
      regimeSection(evaluation, words),
      costSection(evaluation, words),
      selectionSection(evaluation),
      superioritySection(evaluation),
      chanceSection(evaluation, words),
      methodSection(judgement),
    ],
  };
}

function spanText({ dated, firstDecision, lastDecision, intervalMs }: EvaluationSubject): string {
  if (dated) return `${day(firstDecision)} to ${day(lastDecision)}`;
  const row = (time: number): string => count(time / intervalMs + 1);
  return `rows ${row(firstDecision)} to ${row(lastDecision)}`;
}

/** The columns of a part's worth, under the words of its horizon. */
function differenceHeader(words: Horizon['words']): string[] {
  return ['other positions', 'circuits failed', words, 'from', 'to', 'verdict'];
}

function differenceCells(difference: Difference | null): string[] {
  if (difference === null) return [NONE, NONE, NONE, 'too few periods'];
  const { mean, low, high, verdict } = difference;
  return [change(mean), change(low), change(high), verdict];
}

function strategySection(
  { strategies, trials }: Evaluation,
  { confidence, horizon }: JudgementOptions,
): ReportSection {
  const row = ({ title, figures, semaOver }: StrategyRow): string[] => [
    title,
    change(figures.horizonReturn),
    ratio(figures.sharpe ?? undefined),
    percent(figures.maximumDrawdown),
    shareText(figures.probabilisticSharpe),
    shareText(figures.deflatedSharpe),
    ...(semaOver === null ? [NONE, NONE, NONE, NONE] : differenceCells(semaOver)),
  ];
  return {
    title: 'Beside each other',
    header: [
      '',
      `return ${horizon.words}`,
      'Sharpe',
      'max DD',
      'PSR',
      'DSR',
      'Sema over it',
      'from',
      'to',
      'Sema is',
    ],
    rows: strategies.map(row),
    note:
      'Every row puts the whole of equity on its side at the next open and pays the same costs; ' +
      'Sharpe ratios are annualised; ' +
      'where shorts are not allowed, a short is no position. PSR and DSR are the probabilities ' +
      'that the true Sharpe ratio is above 0, and above what the best of ' +
      `${count(trials.trials)} trials in the ledger would show by luck. ` +
      `${trackText(strategies[0].figures)} Intervals hold with ` +
      `${percent(confidence, 0)}, each by itself: of twenty, one is wrong.`,
  };
}

function trackText({ minimumTrackRecord, periods }: SeriesFigures): string {
  return minimumTrackRecord === null
    ? 'No track record would tell Sema’s Sharpe ratio from 0.'
    : `The minimum track record of Sema’s Sharpe ratio is ${count(minimumTrackRecord)} periods; ` +
        `there are ${count(periods)}.`;
}

function tradedSection({ traded, capacity, circuits }: Evaluation): ReportSection {
  const facts: string[][] = [
    ['total return', change(traded.totalReturn)],
    ['Sharpe ratio a year', ratio(traded.sharpe ?? undefined)],
    ['largest draw-down', percent(traded.maximumDrawdown, 2)],
    ['probabilistic Sharpe ratio', shareText(traded.probabilisticSharpe)],
    ['deflated Sharpe ratio', shareText(traded.deflatedSharpe)],
    [
      'minimum track record',
      traded.minimumTrackRecord === null
        ? 'no length would show a Sharpe ratio above 0'
        : `${count(traded.minimumTrackRecord)} periods; there are ${count(traded.periods)}`,
    ],
    ['closed trades', count(traded.trades)],
    ['equity it could carry', capacity === null ? 'not known: no volume' : count(capacity)],
    [
      'circuits and closed form',
      `${circuits.sameSignals ? 'the same decisions' : 'DIFFERENT decisions'}, ` +
        `${circuits.sameEquity ? 'the same equity' : 'DIFFERENT equity'}, preferences at most ` +
        `${circuits.largestDifference.toExponential(1)} apart`,
    ],
  ];
  return {
    title: 'As the engine trades',
    header: ['', 'through gate and ladder'],
    rows: facts,
    note:
      'The risk gate lets through few entries and the ladder keeps them small, so the return is ' +
      'small by design. The equity it could carry is where its largest position is the allowed ' +
      'share of a median candle’s volume.',
  };
}

function hopeSection({ hitRates }: Evaluation): ReportSection {
  return {
    title: 'The hope of over 80 % profitable decisions',
    header: ['', 'right', 'of', 'share', 'from', 'to', 'target', 'met'],
    rows: hitRates.map(({ title, right, count: of, share, low, high, target, met }) => [
      title,
      count(right),
      count(of),
      ...[share, low, high].map((value) => (value === null ? NONE : percent(value))),
      `> ${percent(target, 0)}`,
      share === null ? NONE : met ? 'yes' : 'no',
    ]),
    note: 'Measured like any other row; the intervals are Wilson’s for 95 %.',
  };
}

function differenceSection(
  title: string,
  header: readonly string[],
  rows: Evaluation['ablations'],
  note: string,
): ReportSection {
  return {
    title,
    header,
    rows: rows.map((row) => [
      row.title,
      percent(row.changed),
      percent(row.fallbacks),
      ...differenceCells(row.worth),
    ]),
    note,
  };
}

function regimeSection({ regimes }: Evaluation, words: Horizon['words']): ReportSection {
  return {
    title: 'Regime by regime',
    header: ['', 'periods', 'market', 'Sema', 'from', 'to', 'Sema over cash'],
    rows: regimes.map(({ regime, periods, market, sema }) => [
      regime,
      count(periods),
      market === null ? NONE : change(market.mean),
      ...differenceCells(sema),
    ]),
    note: `Means ${words}, not compounded, of the periods that were decided on in the regime.`,
  };
}

function costSection({ costs }: Evaluation, words: Horizon['words']): ReportSection {
  return {
    title: 'What costs do',
    header: ['times the costs', 'bps a fill', `return ${words}`, 'Sharpe'],
    rows: costs.map(({ factor, costRate, horizonReturn, sharpe }) => [
      String(factor),
      (costRate * 10_000).toFixed(1),
      change(horizonReturn),
      ratio(sharpe ?? undefined),
    ]),
    note: 'The same decisions of Sema, charged differently.',
  };
}

function selectionSection({ selection }: Evaluation): ReportSection {
  const { walkForward, combinatorial, overfitting, candidates } = selection;
  const sharpe = (value: number | null): string => ratio(value ?? undefined);
  return {
    title: 'What choosing settings on the past is worth',
    header: ['', ''],
    rows: [
      [
        'walk-forward',
        `${count(walkForward.windows)} windows of ${count(walkForward.testPeriods)} periods ` +
          `after at least ${count(walkForward.trainPeriods)}, a gap of ` +
          `${count(walkForward.gapPeriods)} and an embargo of ${count(walkForward.embargoPeriods)}`,
      ],
      ['Sharpe, chosen anew for each window', sharpe(walkForward.chosen)],
      ['Sharpe, settings as they are', sharpe(walkForward.unchanged)],
      [
        'purged combinatorial cross-validation',
        `${count(combinatorial.splits)} splits, ${count(combinatorial.paths)} paths, ` +
          `${count(combinatorial.purgedPeriods)} periods purged, ` +
          `${count(combinatorial.embargoPeriods)} under embargo`,
      ],
      [
        'Sharpe of the paths',
        `${sharpe(combinatorial.least)} to ${sharpe(combinatorial.most)}, median ` +
          sharpe(combinatorial.median),
      ],
      [
        'probability of backtest overfitting',
        `${overfitting.probability.toFixed(3)} over ${count(overfitting.splits)} halves`,
      ],
    ],
    note:
      `${count(candidates)} candidates: the settings as they are, and each of five halved or ` +
      'doubled. The engine learns as it goes and never sees what comes after, so windows of one ' +
      'run are what a run that stopped there would have done. Overfitting below 0.2 is good, and ' +
      'above 0.5 the choice is noise.',
  };
}

function superioritySection({ superiority }: Evaluation): ReportSection {
  return {
    title: 'Whether the best of all is better at all',
    header: ['against', 'best', 'strategies', 'reality check', 'SPA', 'SPA lower', 'SPA upper'],
    rows: superiority.map((row) => [
      row.benchmark,
      row.best,
      count(row.strategies),
      ...(row.tests === null
        ? [NONE, NONE, NONE, NONE]
        : [row.tests.realityCheck, row.tests.consistent, row.tests.lower, row.tests.upper].map(
            (p) => p.toFixed(3),
          )),
    ]),
    note:
      'p-values of “none is better than the benchmark”, by White’s reality check and by Hansen’s ' +
      'SPA test, on the stationary bootstrap. Against the twin nothing is tested where both hold ' +
      'the same positions throughout.',
  };
}

function chanceSection(
  { randomEntries, shuffledDrawdown }: Evaluation,
  words: Horizon['words'],
): ReportSection {
  const cells = (one: Evaluation['randomEntries']): string[] =>
    one === null
      ? [NONE, NONE, NONE, NONE, NONE]
      : [
          ...[one.actual, one.low, one.median, one.high].map((value) => change(value)),
          one.pValue.toFixed(3),
        ];
  return {
    title: 'Beside chance',
    header: ['', 'actual', '5 %', 'median', '95 %', 'p'],
    rows: [
      [`mean return ${words}, entries at random`, ...cells(randomEntries)],
      ['draw-down of the closed trades, shuffled', ...cells(shuffledDrawdown)],
    ],
    note:
      'Random entries keep every trade’s length, side and size, and so the turnover. A draw-down ' +
      'with a small p came of the order of the trades, not of the trades; each is taken as if it ' +
      'were made with the whole of equity.',
  };
}

function methodSection({ seed, replications }: JudgementOptions): ReportSection {
  return {
    title: 'How this was made',
    header: ['', ''],
    rows: [
      ['differences', 'stationary bootstrap of both series together, block by Politis and White'],
      ['deflation', 'every trial of the ledger on these candles, repeated ones once'],
      ['resamples', `${count(replications)}, seed ${String(seed)}: the same again, bit for bit`],
    ],
    note: 'This is one market over one span. Nothing here says that any of it will repeat.',
  };
}
