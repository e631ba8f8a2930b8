import type { GoCounts, Reliability } from '@sema/qar';
import { count, NONE, percent } from '../figures.ts';
import type { BacktestResult } from '../result.ts';
import { html, type Markup } from './markup.ts';
import { reliabilityDiagram, type ForecastSeries } from './reliability-diagram.ts';
import { table } from './tables.ts';

/** How far confidence can be taken at its word, and which decisions were let go. */
export function selectionSection({ selection, configuration }: BacktestResult): Markup {
  const { positionCandles, mode, falseGoTarget } = selection;
  return html`<section>
    <h2>Confidence, and go or no-go</h2>
    <p>
      Confidence is the probability that the position asked for ends in profit after its costs, in
      at the next open and out ${count(positionCandles)} candles later. It is learned from what
      became of every position asked for, taken or not, and there is none before ten independent
      outcomes of its direction.
    </p>
    <div class="columns">
      <div>${diagram(selection, configuration.risk.minimumConfidence)}</div>
      <div>
        <h3>Scores</h3>
        ${scoreTable(selection)}
        <p class="note">
          The Brier score is miscalibration − discrimination + the score of always stating how often
          there was a profit. The mean distance is between dot and diagonal. The preference is what
          the algorithms make of the action, shown as if it were that probability.
        </p>
        <h3>Positions let go</h3>
        ${goTable(selection)}
        <p class="note">
          In the mode ${mode} ${percent(falseGoTarget, 0)} of the positions that end without profit
          may go, in each regime, once enough of them are known.
        </p>
      </div>
    </div>
  </section>`;
}

function diagram(selection: BacktestResult['selection'], minimum: number): Markup {
  const { confidence, preference } = selection;
  if (confidence === null || preference === null) {
    return html`<p class="note">No confidence was stated whose outcome is known.</p>`;
  }
  const series: ForecastSeries[] = [
    { title: 'Confidence', style: 'stated', reliability: confidence },
    { title: 'Preference', style: 'preferred', reliability: preference },
  ];
  return html`<p class="key">
      <span class="stated">● Confidence</span> <span class="preferred">● Preference</span>
    </p>
    ${reliabilityDiagram(series, { value: minimum, title: `entries from ${minimum}` })}
    <p class="note">
      On the diagonal what is stated is what happens. Lines are intervals of 95 %, in which outcomes
      that share their candles count as one.
    </p>`;
}

function scoreTable({ confidence, preference }: BacktestResult['selection']): Markup {
  const row = (name: string, figure: (scores: Reliability) => string) => ({
    ours: false,
    cells: [name, ...[confidence, preference].map((one) => (one === null ? NONE : figure(one)))],
  });
  return table(
    ['', 'confidence', 'preference'],
    [
      row('Positions', (scores) => count(scores.count)),
      row('Brier score', (scores) => scores.brierScore.toFixed(4)),
      row('Miscalibration', (scores) => scores.miscalibration.toFixed(4)),
      row('Discrimination', (scores) => scores.discrimination.toFixed(4)),
      row('Score of the frequency', (scores) => scores.uncertainty.toFixed(4)),
      row('Mean distance', (scores) => scores.calibrationError.toFixed(4)),
    ],
  );
}

function goTable({ counts, countsByRegime }: BacktestResult['selection']): Markup {
  const rows = Object.entries(countsByRegime).map(([name, one]) => goRow(name, one, false));
  return table(
    ['regime', 'no profit', 'went', 'profit', 'went'],
    [...rows, goRow('all', counts, true)],
  );
}

function goRow(name: string, { wrong, falseGo, right, hit }: GoCounts, ours: boolean) {
  const share = (part: number, whole: number): string =>
    whole === 0 ? NONE : percent(part / whole);
  return {
    ours,
    cells: [name, count(wrong), share(falseGo, wrong), count(right), share(hit, right)],
  };
}
