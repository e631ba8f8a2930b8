import { count, percent } from '../figures.ts';
import type { BacktestResult } from '../result.ts';
import { html, type Markup } from './markup.ts';
import { table } from './tables.ts';

/** What the experts and algorithms were together; nothing where that was left off. */
export function jointSection({ emergence, collective }: BacktestResult): Markup {
  if (emergence === null && collective === null) return html``;
  return html`<section>
    <h2>The board as one</h2>
    ${emergence === null ? '' : emergenceTable(emergence)}
    ${collective === null ? '' : collectiveTable(collective)}
  </section>`;
}

function emergenceTable(figures: NonNullable<BacktestResult['emergence']>): Markup {
  const { measured, flagged, mean, largest } = figures;
  const titles = {
    integration: 'Integration φ',
    synchrony: 'Synchrony',
    complexity: 'Complexity',
    emergence: 'Their product',
  } as const;
  const rows = (['integration', 'synchrony', 'complexity', 'emergence'] as const).map((name) => ({
    ours: name === 'emergence',
    cells: [titles[name], mean[name].toFixed(3), largest[name].toFixed(3)],
  }));
  return html`<h3>Emergence</h3>
    ${table(['', 'mean', 'largest'], rows)}
    <p class="note">
      Measured at ${count(measured)} decisions; ${count(flagged)} were above the threshold, which
      shrinks an entry and asks for a contrarian look.
    </p>`;
}

function collectiveTable(figures: NonNullable<BacktestResult['collective']>): Markup {
  const { type, decisions, spoke, changed } = figures;
  const rows = Object.entries(spoke).map(([name, times]) => ({
    ours: name === type,
    cells: [name, count(times), percent(times / decisions)],
  }));
  return html`<h3>Collective intelligence</h3>
    ${table(['type', 'opinions', 'of decisions'], rows)}
    <p class="note">
      The ${type} type acted. For it the likeliest action was another at ${count(changed)} of
      ${count(decisions)} decisions.
    </p>`;
}
