import { count, microseconds, NONE, percent } from '../figures.ts';
import type { BacktestResult } from '../result.ts';
import {
  CALIBRATION_COLUMNS,
  calibrationCells,
  CIRCUIT_COLUMNS,
  circuitCells,
  comparisonCells,
} from '../result-cells.ts';
import { html, type Markup } from './markup.ts';

export interface ExpertName {
  readonly name: string;
  readonly title: string;
}

/** Sema, its twin and the plain alternatives, side by side. */
export function comparisonTable({ comparison }: BacktestResult): Markup {
  const rows = comparison.map((row) => ({
    ours: row.id === 'sema',
    cells: [row.title, count(row.finalEquity), ...comparisonCells(row)],
  }));
  const header = [
    '',
    'final equity',
    'return',
    'annual',
    'Sharpe',
    'Sortino',
    'max. draw-down',
    'turnover a year',
    'trades',
    'exposure',
  ];
  return html`<section>
    <h2>Beside each other</h2>
    ${table(header, rows)}
    <p class="note">
      All five had the same equity, candles, fee and slippage. Exposure is the mean share of equity
      in the market.
    </p>
  </section>`;
}

/** What the gate refused and what the experts kept to themselves. */
export function countTables(result: BacktestResult, experts: readonly ExpertName[]): Markup {
  const { denials, go, noGo, decisions, abstentions } = result;
  const outcomes = {
    Go: go,
    'No-go: evidence too common where positions lose': noGo,
    'Nothing to say': decisions - go - noGo,
  };
  const seats = decisions * experts.length;
  const silent = Object.fromEntries(
    experts.map(({ name, title }) => [title, abstentions.byExpert[name] ?? 0]),
  );
  return html`<section>
    <h2>Why it did not act</h2>
    <div class="columns">
      <div>
        <h3>Decisions</h3>
        ${shares('outcome', outcomes, decisions)}
        <h3>Entries the risk gate refused</h3>
        ${shares('reason', denials, decisions)}
        <h3>Abstentions by reason</h3>
        ${shares('reason', abstentions.byReason, seats)}
        <p class="note">
          ${abstentions.meanPerDecision.toFixed(1)} of ${experts.length} experts abstained on an
          average decision.
        </p>
      </div>
      <div>
        <h3>Abstentions by expert</h3>
        ${shares('expert', silent, decisions)}
      </div>
    </div>
  </section>`;
}

/** How long a decision took, and what each circuit read. */
export function timingTables({ latency, circuits, paths }: BacktestResult): Markup {
  const latencyRows = [
    { title: 'Sema (circuits)', figures: latency.sema },
    { title: 'Classical twin', figures: latency.twin },
  ].map(({ title, figures }) => ({
    ours: false,
    cells: [
      title,
      count(figures.count),
      microseconds(figures.p50Ns),
      microseconds(figures.p99Ns),
      microseconds(figures.maxNs),
    ],
  }));
  const circuitRows = Object.entries(circuits).map(([name, figures]) => ({
    ours: false,
    cells: [name, ...circuitCells(figures)],
  }));
  return html`<section>
    <h2>Timing</h2>
    <h3>From a candle to its receipt</h3>
    ${table(['', 'decisions', 'p50', 'p99', 'longest'], latencyRows)}
    <p class="note">
      ${count(paths.quantum)} decisions were made by the circuits, ${count(paths.twin)} by the twin
      as a fallback. Signing is not in these times.
    </p>
    <h3>Circuits</h3>
    ${table(['circuit', ...CIRCUIT_COLUMNS], circuitRows)}
    <p class="note">
      Steadiness is 1/(1 + σ/μ) of the execution time, coherence the purity of the register that was
      read, entropy that of all probabilities read.
    </p>
  </section>`;
}

/** How good each expert's and each algorithm's word was, and how far it can be taken at it. */
export function calibrationTables(result: BacktestResult, experts: readonly ExpertName[]): Markup {
  return html`<section>
    <h2>Calibration</h2>
    <h3>Experts</h3>
    ${expertTable(result, experts)}
    <p class="note">
      What each stated of the next move, from open to open, against what came of it, wherever it
      voted. Right is the share of moves on whose side it was, gains the share that went up; the
      Brier score of always saying one half is 0.25. It is miscalibration − discrimination + the
      score of always stating how often there were gains, and the mean distance is that of what was
      stated from how often it came true. What an expert states is learned from its own record.
    </p>
    <h3>Algorithms</h3>
    ${algorithmTable(result)}
    <p class="note">
      The same of each algorithm's circuit, over the last 4,096 outcomes at most. Prospect and
      fusion give preferences, not probabilities, and are the less calibrated for it. Recent
      successes are those of seven days of market time.
    </p>
  </section>`;
}

const EXPERT_COLUMNS = [
  'expert',
  'votes',
  'right',
  'gains',
  'Brier score',
  'miscalibration',
  'discrimination',
  'mean distance',
];

function expertTable({ experts: figures }: BacktestResult, names: readonly ExpertName[]): Markup {
  const titles = new Map(names.map(({ name, title }) => [name, title]));
  const rows = figures.map(({ expert, votes, accuracy, gainFrequency, reliability }) => {
    const share = (part: number | null): string => (part === null ? NONE : percent(part));
    const score = (name: (typeof EXPERT_SCORES)[number]): string =>
      reliability === null ? NONE : reliability[name].toFixed(4);
    const shares = [share(accuracy), share(gainFrequency)];
    const title = titles.get(expert) ?? expert;
    return {
      ours: false,
      cells: [title, count(votes), ...shares, ...EXPERT_SCORES.map((name) => score(name))],
    };
  });
  return table(EXPERT_COLUMNS, rows);
}

const EXPERT_SCORES = [
  'brierScore',
  'miscalibration',
  'discrimination',
  'calibrationError',
] as const;

function algorithmTable({ calibration }: BacktestResult): Markup {
  const rows = Object.entries(calibration).map(([name, figures]) => ({
    ours: false,
    cells: [name, ...calibrationCells(figures)],
  }));
  return table(['algorithm', ...CALIBRATION_COLUMNS], rows);
}

interface Row {
  /** Set in bold. */
  readonly ours: boolean;
  readonly cells: readonly string[];
}

function shares(name: string, counts: Readonly<Record<string, number>>, of: number): Markup {
  const sorted = Object.entries(counts).sort(([, left], [, right]) => right - left);
  if (sorted.length === 0) return html`<p class="note">None.</p>`;
  const rows = sorted.map(([label, times]) => ({
    ours: false,
    cells: [label, count(times), percent(times / of)],
  }));
  return table([name, 'count', 'share'], rows);
}

export function table(header: readonly string[], rows: readonly Row[]): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${header.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)}
      </tbody>
    </table>
  </div>`;
}

function row({ ours, cells: [name = '', ...cells] }: Row): Markup {
  return html`<tr class="${ours ? 'ours' : ''}">
    <th scope="row">${name}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}
