import { useEffect, useState } from 'preact/hooks';
import type { Dashboard, DashboardState } from '../data/dashboard.ts';
import { valueOf } from '../data/loadable.ts';
import type { MarketView } from '../data/market-view.ts';
import { Announcer } from './announcer.tsx';
import { BoardPanel } from './board-panel.tsx';
import { CircuitPanel } from './circuit-panel.tsx';
import { DecisionPanel } from './decision-panel.tsx';
import { Header, LostConnection } from './header.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { MarketPanel } from './market-panel.tsx';
import { MoneyPanel } from './money-panel.tsx';
import { Overview } from './overview.tsx';
import { Problem, WhenReady } from './panel.tsx';
import { QubitsPanel } from './qubits-panel.tsx';
import { RiskPanel } from './risk-panel.tsx';
import { SignIn } from './sign-in.tsx';
import { TwinPanel } from './twin-panel.tsx';
import { WeightsPanel } from './weights-panel.tsx';

/** The whole page, drawn anew whenever what is known changes. */
export function App({ dashboard }: { readonly dashboard: Dashboard }) {
  const [state, setState] = useState(dashboard.state);
  useEffect(
    () =>
      dashboard.subscribe(() => {
        setState(dashboard.state);
      }),
    [dashboard],
  );
  if (state.session !== 'signed-in') return <SignIn dashboard={dashboard} state={state} />;
  return (
    <>
      <Header dashboard={dashboard} state={state} />
      <LostConnection dashboard={dashboard} state={state} />
      <main id="main" tabIndex={-1}>
        <WhenReady of={state.markets} what="the markets">
          {(markets) =>
            markets.length === 0 ? (
              <NoMarkets dashboard={dashboard} />
            ) : state.view.kind === 'failed' ? (
              <Problem problem={state.view.problem} />
            ) : (
              <WhenReady of={state.view} what="the market">
                {(view) => <Parts key={view.market.id} {...{ dashboard, state, view }} />}
              </WhenReady>
            )
          }
        </WhenReady>
      </main>
      <footer>
        <p class="note">
          Times are UTC. The qubits are simulated on a classical machine. Charts by{' '}
          <a href="https://www.tradingview.com/" rel="noreferrer">
            TradingView Lightweight Charts™
          </a>{' '}
          and uPlot.
        </p>
      </footer>
    </>
  );
}

function NoMarkets({ dashboard }: { readonly dashboard: Dashboard }) {
  return (
    <div class="empty first">
      <h2>No market yet</h2>
      <p>A market is one pair and one length of candles, decided on by an engine of its own.</p>
      <pre tabIndex={0}>
        <code>{EXAMPLE}</code>
      </pre>
      <button type="button" class="primary" onClick={() => void dashboard.reloadMarkets()}>
        Look again
      </button>
    </div>
  );
}

const EXAMPLE = `curl -X POST "$SEMA/v1/markets" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"id":"btc-usdt-1m","pair":"BTC/USDT","intervalMs":60000}'`;

interface PartsProps {
  readonly dashboard: Dashboard;
  readonly state: DashboardState;
  readonly view: MarketView;
}

function Parts({ dashboard, state, view }: PartsProps) {
  const [picked, setPicked] = useState<number>();
  const { decisions, market } = view;
  const found = decisions.find(({ receipt }) => receipt.sequence === picked);
  const entry = found ?? decisions.at(-1);
  const denials = valueOf(state.risk)?.denials ?? {};
  const pickTime = (time: number): void => {
    const at = decisions.find(({ receipt }) => receipt.time === time);
    if (at !== undefined) setPicked(at.receipt.sequence);
  };
  return (
    <>
      <Overview view={view} state={state} />
      <div class="grid">
        <MarketPanel view={view} selected={found?.receipt.time} onPick={pickTime} />
        <DecisionPanel
          {...{ view, entry, denials }}
          isNewest={found === undefined}
          onPick={setPicked}
        />
        <RiskPanel
          dashboard={dashboard}
          trading={market.trading}
          risk={state.risk}
          now={decisions.at(-1)?.receipt.decidedAt ?? 0}
        />
        <MoneyPanel view={view} twin={state.twin} />
        <BoardPanel view={view} entry={entry} />
        <WeightsPanel view={view} />
        <CircuitPanel market={market} entry={entry} />
        <TwinPanel view={view} entry={entry} twin={state.twin} />
        <QubitsPanel view={view} entry={entry} />
        <LatencyPanel buckets={state.latency} performance={state.performance} />
        <JournalPanel dashboard={dashboard} view={view} verification={state.verification} />
      </div>
      <Announcer view={view} denials={denials} />
    </>
  );
}
