import { change, count, day } from '../figures.ts';
import type { BacktestResult } from '../result.ts';
import { html, type Markup } from './markup.ts';

type Fact = readonly [name: string, value: string];

/** Everything that is needed to run this again and get the same bytes. */
export function configuration(result: BacktestResult): Markup {
  const { configuration: settings, data, journal } = result;
  const { risk, ...engine } = settings;
  const run: Fact[] = [
    ['Candle file', data.name],
    ['SHA-256 of the file', data.sha256],
    ['Candles', `${count(data.candles)}, ${day(data.firstCandle)} to ${day(data.lastCandle)}`],
    ['Journal', journal.path],
    ['Last hash', journal.lastHash],
    ['Sealed', journal.sealed ? 'yes' : 'no'],
    ['Public key', journal.publicKey],
  ];
  return html`<section>
    <h2>Configuration and hashes</h2>
    ${list(run)}
    <div class="columns">
      <div>
        <h3>Engine</h3>
        ${list(settingsOf(engine))}
      </div>
      <div>
        <h3>Risk limits</h3>
        ${list(settingsOf(risk))}
      </div>
    </div>
  </section>`;
}

/** What a reader may take from all this, and what not. */
export function honesty({ configuration: settings, comparison }: BacktestResult): Markup {
  const costs = (settings.feeRate + settings.slippageRate) * 10_000;
  const hold = comparison.find(({ id }) => id === 'buy-and-hold');
  const market =
    hold === undefined ? '' : `, over which the market made ${change(hold.totalReturn)}`;
  return html`<section>
    <h2>What is real and what is simulated</h2>
    <p>
      <strong>Real:</strong> the candles, which come from the file above; the decisions, each of
      which saw only candles up to its own; the hashes and signatures, which anybody can check with
      <code>sema verify</code>; the circuits’ arithmetic; the times, measured on the machine that
      wrote this page.
    </p>
    <p>
      <strong>Simulated:</strong> the qubits: every circuit ran on a classical state-vector
      simulator, not on quantum hardware. The fills: each order fills whole at the next candle’s
      open, at a cost of ${count(costs)} basis points, and moves no price. Nothing could be delayed,
      refused or partly filled.
    </p>
    <p>
      <strong>Not shown here:</strong> that any of it will repeat. This is one market over one
      span${market}. Where the twin decides the same, the circuits bring no advantage in trading.
    </p>
  </section>`;
}

function settingsOf(settings: object): Fact[] {
  return Object.entries(settings).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
}

function list(facts: readonly Fact[]): Markup {
  return html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
