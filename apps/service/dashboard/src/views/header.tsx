import { useEffect, useState } from 'preact/hooks';
import type { Dashboard, DashboardState } from '../data/dashboard.ts';
import { valueOf } from '../data/loadable.ts';
import type { ConnectionState } from '../data/market-stream.ts';
import { interval } from '../figures/number-text.ts';
import { chooseScheme, chosenScheme, SCHEMES } from '../style/scheme.ts';
import { Mark } from './mark.tsx';

interface HeaderProps {
  readonly dashboard: Dashboard;
  readonly state: DashboardState;
}

const PARTS = [
  ['market', 'Market'],
  ['decision', 'Decision'],
  ['risk', 'Risk'],
  ['money', 'Equity'],
  ['board', 'Board'],
  ['weights', 'Weights'],
  ['circuit', 'Circuit'],
  ['twin', 'Twin'],
  ['qubits', 'Qubits'],
  ['latency', 'Latency'],
  ['journal', 'Journal'],
] as const;

export function Header({ dashboard, state }: HeaderProps) {
  const markets = valueOf(state.markets) ?? [];
  return (
    <header class="top">
      <a class="skip" href="#main">
        Skip to the market
      </a>
      <h1>
        <Mark /> <span>Sema</span>
      </h1>
      {markets.length === 0 ? null : (
        <select
          aria-label="Market"
          value={state.marketId}
          onChange={(event) => {
            void dashboard.openMarket(event.currentTarget.value);
          }}
        >
          {markets.map(({ id, pair, intervalMs }) => (
            <option key={id} value={id}>
              {pair}, {interval(intervalMs)}
            </option>
          ))}
        </select>
      )}
      <Connection connection={state.connection} isIdle={state.marketId === undefined} />
      <div class="tools">
        <SchemeChoice />
        <button
          type="button"
          onClick={() => {
            dashboard.signOut();
          }}
        >
          Sign out
        </button>
      </div>
      <nav aria-label="Parts of this page">
        <ul>
          {PARTS.map(([id, name]) => (
            <li key={id}>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Connection({
  connection,
  isIdle,
}: {
  readonly connection: ConnectionState;
  readonly isIdle: boolean;
}) {
  const kind = isIdle ? 'idle' : connection.kind;
  return (
    <p class={`connection ${kind}`} role="status">
      <span class="lamp" aria-hidden="true" />
      {CONNECTION[kind]}
    </p>
  );
}

const CONNECTION = {
  idle: 'No market',
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost',
  refused: 'Stream refused',
} as const;

function SchemeChoice() {
  const [scheme, setScheme] = useState(chosenScheme);
  return (
    <select
      aria-label="Colours"
      value={scheme}
      onChange={(event) => {
        const chosen = SCHEMES.find((each) => each === event.currentTarget.value) ?? 'system';
        chooseScheme(chosen);
        setScheme(chosen);
      }}
    >
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  );
}

/** What is missing while there is no connection, and when the next attempt is made. */
export function LostConnection({ dashboard, state: { connection } }: HeaderProps) {
  const [now, setNow] = useState(Date.now);
  const isLost = connection.kind === 'lost';
  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [isLost]);
  if (connection.kind === 'refused') {
    return (
      <div class="banner" role="alert">
        <p>
          <strong>The service refused the stream.</strong> {connection.reason} What is shown does
          not move any more.
        </p>
      </div>
    );
  }
  if (!isLost) return null;
  const seconds = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
  const since = new Date(connection.since).toISOString().slice(11, 19);
  return (
    <div class="banner" role="alert">
      <p>
        <strong>The connection was lost at {since} UTC.</strong> The service goes on deciding; what
        it decided meanwhile is read once it answers.
      </p>
      <p aria-live="off" class="note">
        Next attempt {seconds === 0 ? 'now' : `in ${seconds} s`}
      </p>
      <button
        type="button"
        onClick={() => {
          dashboard.retry();
        }}
      >
        Try now
      </button>
    </div>
  );
}
