import { change, count, day, percent } from '../figures.ts';
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
  const { fillShare, orderLifeCandles, stopLossFraction } = settings.execution;
  const stops =
    stopLossFraction === null
      ? 'There are no stops.'
      : 'A stop fills at its price, or at the open of a candle that opens beyond it.';
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
      simulator, not on quantum hardware. The fills: an order fills at the next opens, at a cost of
      ${count(costs)} basis points, by at most ${percent(fillShare, 0)} of each candle’s volume, and
      what is left after ${count(orderLifeCandles)} candles is given up. ${stops} No order moves a
      price, and no venue delays or refuses one.
    </p>
    <p>
      <strong>Not shown here:</strong> that any of it will repeat. This is one market over one
      span${market}. Where the twin decides the same, the circuits bring no advantage in trading.
    </p>
  </section>`;
}

/** Every setting by its path, those of groups too. */
function settingsOf(settings: object, prefix = ''): Fact[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]): Fact[] => {
    const name = `${prefix}${key}`;
    if (Array.isArray(value)) return [[name, value.join(', ')]];
    if (typeof value === 'object' && value !== null) return settingsOf(value, `${name}.`);
    return [[name, String(value)]];
  });
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
