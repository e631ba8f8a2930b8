import { useRef, useState } from 'preact/hooks';
import type { RiskCommand, RiskView, TradingState } from '../data/contract.ts';
import type { Dashboard, DashboardState } from '../data/dashboard.ts';
import { change, count, percent } from '../figures/number-text.ts';
import { Panel, WhenReady } from './panel.tsx';
import { RiskDialog } from './risk-dialog.tsx';

interface RiskPanelProps {
  readonly dashboard: Dashboard;
  readonly trading: TradingState;
  readonly risk: DashboardState['risk'];
  /** When the last decision was made, ms: the gate's limits count back from there. */
  readonly now: number;
}

const DAY_MS = 86_400_000;

const STATES: Readonly<Record<TradingState, string>> = {
  ACTIVE: 'Positions are opened and closed.',
  REDUCING: 'Positions are only closed, until a person resumes.',
  HALTED: 'What is open is closed, and nothing is opened until a person resumes.',
  KILLED: 'Nothing is done at all: a person has taken over.',
};

const COMMANDS: readonly (readonly [RiskCommand, string, readonly TradingState[]])[] = [
  ['resume', 'Resume', ['REDUCING', 'HALTED', 'KILLED']],
  ['reduce', 'Reduce only', ['ACTIVE']],
  ['halt', 'Halt', ['ACTIVE', 'REDUCING']],
  ['kill', 'Kill', ['ACTIVE', 'REDUCING', 'HALTED']],
];

/** What the risk gate lets through, how near its limits are, and the controls. */
export function RiskPanel({ dashboard, trading, risk, now }: RiskPanelProps) {
  const [command, setCommand] = useState<RiskCommand>();
  const opener = useRef<HTMLElement>(null);
  return (
    <Panel id="risk" title="Risk" note={<TradingChip trading={trading} />}>
      <p class="trading">{STATES[trading]}</p>
      <div class="commands" role="group" aria-label="Trading">
        {COMMANDS.map(([name, label, states]) => (
          <button
            key={name}
            type="button"
            class={name === 'halt' || name === 'kill' ? 'grave' : ''}
            disabled={!states.includes(trading)}
            onClick={(event) => {
              opener.current = event.currentTarget;
              setCommand(name);
            }}
          >
            {label} …
          </button>
        ))}
      </div>
      <WhenReady of={risk} what="the limits">
        {(view) => <Limits view={view} now={now} />}
      </WhenReady>
      {command === undefined ? null : (
        <RiskDialog
          command={command}
          onGive={(order) => dashboard.orderRisk({ command, ...order })}
          onEnd={() => {
            setCommand(undefined);
            opener.current?.focus();
          }}
        />
      )}
    </Panel>
  );
}

function TradingChip({ trading }: { readonly trading: TradingState }) {
  return (
    <span class={`chip ${trading.toLowerCase()}`} role="status">
      {trading}
    </span>
  );
}

interface Limit {
  readonly name: string;
  readonly used: number;
  readonly of: number;
  readonly text: string;
}

function Limits({ view, now }: { readonly view: RiskView; readonly now: number }) {
  const { limits, state } = view;
  return (
    <>
      <ul class="limits">
        {limitsOf(view, now).map(({ name, used, of, text }) => (
          <li key={name}>
            <span>{name}</span> <span class="value">{text}</span>
            <meter
              aria-label={`${name}: ${text}`}
              min={0}
              max={of}
              high={of * 0.75}
              optimum={0}
              value={Math.min(of, used)}
            />
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>Position ladder</dt>
        <dd>
          {limits.ladder.map((rung, k) => (
            <span key={rung} class={k === state.ladder.rung ? 'rung present' : 'rung'}>
              {percent(rung, 0)}
              {k === state.ladder.rung ? <span class="visually-hidden"> (now)</span> : null}
            </span>
          ))}
        </dd>
        <dt>Least confidence for an entry</dt>
        <dd>{percent(limits.minimumConfidence, 0)}</dd>
      </dl>
    </>
  );
}

function limitsOf({ limits, state, equity }: RiskView, now: number): Limit[] {
  const { peakEquity, dayHighs, daily } = state.equity;
  const lossFrom = (high: number): number => (high > 0 ? Math.max(0, 1 - equity / high) : 0);
  const rolling = daily.reduce((highest, [, mark]) => Math.max(highest, mark), 0);
  const loss = (name: string, used: number, of: number): Limit => ({
    name,
    used,
    of,
    text: `${change(-used, 1)} of ${percent(-of, 0)}`,
  });
  const orders = state.recentOrders.filter((time) => time > now - DAY_MS).length;
  return [
    loss('Loss of 24 hours', lossFrom(dayHighs[0]?.[1] ?? 0), limits.dailyLossLimit),
    loss(`Loss of ${limits.rollingDays} days`, lossFrom(rolling), limits.rollingDrawdownLimit),
    loss('Loss from the peak', lossFrom(peakEquity), limits.drawdownLimit),
    {
      name: 'Orders of 24 hours',
      used: orders,
      of: limits.maximumOrdersPerDay,
      text: `${count(orders)} of ${count(limits.maximumOrdersPerDay)}`,
    },
  ];
}
