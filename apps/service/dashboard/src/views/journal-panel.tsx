import type { Dashboard, DashboardState } from '../data/dashboard.ts';
import type { MarketView } from '../data/market-view.ts';
import { count, NONE, shortHash } from '../figures/number-text.ts';
import { Panel, WhenReady } from './panel.tsx';

interface JournalPanelProps {
  readonly dashboard: Dashboard;
  readonly view: MarketView;
  readonly verification: DashboardState['verification'];
}

/** The chain of receipts, and its verification when somebody asks. */
export function JournalPanel({ dashboard, view, verification }: JournalPanelProps) {
  const links = view.decisions.slice(-4);
  const isWorking = verification?.kind === 'loading';
  return (
    <Panel id="journal" title="Journal" note="hash-chained and signed">
      <ol class="chain" aria-label="The newest lines">
        {links.map(({ receipt, hash }) => (
          <li key={hash}>
            <span class="sequence">{count(receipt.sequence)}</span> <code>{shortHash(hash)}</code>
          </li>
        ))}
        {links.length === 0 ? <li>{NONE}</li> : null}
      </ol>
      <div class="verification" aria-live="polite">
        {verification === undefined ? (
          <p class="note">
            Every line’s hash, signature and number can be checked from the first to the last.
          </p>
        ) : (
          <WhenReady of={verification} what="and checking every line">
            {(verdict) =>
              verdict.valid ? (
                <p class="good">
                  <b>Unbroken.</b> {count(verdict.receipts)} receipts, every hash and signature
                  right, by key <code>{shortHash(verdict.publicKey)}</code>.
                </p>
              ) : (
                <p class="bad">
                  <b>Broken at line {count(verdict.line)}:</b> {verdict.reason}. Trust nothing from
                  there on.
                </p>
              )
            }
          </WhenReady>
        )}
      </div>
      <button
        type="button"
        disabled={isWorking}
        onClick={() => {
          void dashboard.verifyJournal();
        }}
      >
        {isWorking ? 'Checking …' : 'Verify the journal'}
      </button>
    </Panel>
  );
}
