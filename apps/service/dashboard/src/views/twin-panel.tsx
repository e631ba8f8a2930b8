import type { JournalEntry } from '../data/contract.ts';
import type { Loadable } from '../data/loadable.ts';
import type { MarketView } from '../data/market-view.ts';
import type { TwinPoint } from '../data/twin-history.ts';
import { change, count, decimal, percent } from '../figures/number-text.ts';
import { twinAgreement } from '../figures/twin-agreement.ts';
import { Empty, Panel, WhenReady } from './panel.tsx';

interface TwinPanelProps {
  readonly view: MarketView;
  readonly entry: JournalEntry | undefined;
  readonly twin: Loadable<readonly TwinPoint[]>;
}

const ACTIONS = ['short', 'flat', 'long'] as const;

/** The circuits' probabilities beside those of the closed form, and how often they part. */
export function TwinPanel({ view, entry, twin }: TwinPanelProps) {
  return (
    <Panel id="twin" title="Circuits beside their twin" note="the same candles, in closed form">
      <WhenReady of={twin} what="what the twin decided">
        {(points) => <Comparison view={view} entry={entry} points={points} />}
      </WhenReady>
    </Panel>
  );
}

interface ComparisonProps {
  readonly view: MarketView;
  readonly entry: JournalEntry | undefined;
  readonly points: readonly TwinPoint[];
}

function Comparison({ view, entry, points }: ComparisonProps) {
  // The twin is asked now and then, so it may be a few decisions behind the newest.
  const twin = points.findLast(({ sequence }) => sequence <= (entry?.receipt.sequence ?? -1));
  const mine = view.decisions.find(({ receipt }) => receipt.sequence === twin?.sequence);
  const verdict = mine?.receipt.verdict ?? undefined;
  const preferences = twin?.preferences ?? undefined;
  return (
    <>
      {verdict === undefined || preferences === undefined ? (
        <Empty>
          <p>Nothing to compare at this decision.</p>
        </Empty>
      ) : (
        <table class="beside">
          <caption class="note">Decision {twin?.sequence}</caption>
          <thead>
            <tr>
              <th scope="col">Action</th>
              <th scope="col">Circuits</th>
              <th scope="col">Twin</th>
            </tr>
          </thead>
          <tbody>
            {ACTIONS.map((action, k) => (
              <tr key={action} class={action === verdict.action ? 'chosen' : ''}>
                <th scope="row">{action}</th>
                <td>
                  <Bar kind="quantum" value={verdict.preferences[k] ?? 0} />
                </td>
                <td>
                  <Bar kind="twin" value={preferences[k] ?? 0} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Agreement view={view} points={points} />
    </>
  );
}

function Agreement({ view, points }: Omit<ComparisonProps, 'entry'>) {
  const receipts = view.decisions.map(({ receipt }) => receipt);
  const { compared, same, largestDifference } = twinAgreement(receipts, points);
  const last = points.at(-1);
  const mine = view.equity.find(({ sequence }) => sequence === last?.sequence);
  return (
    <>
      <dl class="facts">
        <dt>Same decision</dt>
        <dd>
          {count(same)} of {count(compared)}
        </dd>
        <dt>Largest difference of a probability</dt>
        <dd>
          <PowerOfTen value={largestDifference} />
        </dd>
        {mine === undefined || last === undefined ? null : (
          <>
            <dt>Equity of the circuits over the twin’s</dt>
            <dd>{change(mine.equity / last.equity - 1, 3)}</dd>
          </>
        )}
      </dl>
      <p class="note">
        Where the twin decides the same, the circuits gain nothing in trading: they are simulated on
        this machine, and the twin is their proof.
      </p>
    </>
  );
}

function Bar({ kind, value }: { readonly kind: 'quantum' | 'twin'; readonly value: number }) {
  return (
    <span class="bar">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class={kind} width={value * 100} height="10" />
      </svg>{' '}
      {percent(value, 2)}
    </span>
  );
}

/** Differences of rounding are told by their power of ten. */
function PowerOfTen({ value }: { readonly value: number }) {
  if (value === 0 || value >= 1e-3) return <>{decimal(value, value === 0 ? 0 : 4)}</>;
  const [digits, exponent = ''] = value.toExponential(1).split('e');
  return (
    <>
      {digits} · 10<sup>{exponent.replace('-', '\u2212')}</sup>
    </>
  );
}
