import { valueOf, type Loadable } from '../data/loadable.ts';
import type { MarketView } from '../data/market-view.ts';
import type { TwinPoint } from '../data/twin-history.ts';
import { drawdown } from '../figures/equity-curve.ts';
import { change, money, percent } from '../figures/number-text.ts';
import { Empty, Panel } from './panel.tsx';
import { TimePlot } from './time-plot.tsx';

interface MoneyPanelProps {
  readonly view: MarketView;
  readonly twin: Loadable<readonly TwinPoint[]>;
}

/** Equity and draw-down, with the twin's equity beside. */
export function MoneyPanel({ view: { equity, market }, twin }: MoneyPanelProps) {
  const { intervalMs } = market;
  const [first, last] = [equity[0], equity.at(-1)];
  if (first === undefined || last === undefined) {
    return (
      <Panel id="money" title="Equity and draw-down">
        <Empty>
          <p>Drawn from the first decision on.</p>
        </Empty>
      </Panel>
    );
  }
  const times = equity.map(({ time }) => time);
  const values = equity.map((point) => point.equity);
  const losses = drawdown(values);
  const deepest = Math.min(...losses);
  const twins = new Map((valueOf(twin) ?? []).map((point) => [point.sequence, point.equity]));
  const twinValues = equity.map(({ sequence }) => twins.get(sequence) ?? null);
  const growth = change(last.equity / first.equity - 1);
  return (
    <Panel id="money" title="Equity and draw-down" note={`${growth} over what is shown`}>
      <TimePlot
        summary={`Equity from ${money(first.equity)} to ${money(last.equity)}, ${growth}.`}
        intervalMs={intervalMs}
        times={times}
        lines={[
          { label: 'Circuits', values, colour: 'quantum', width: 2 },
          { label: 'Twin', values: twinValues, colour: 'twin', dash: [5, 4], width: 1.5 },
        ]}
        format={money}
      />
      <TimePlot
        summary={`Draw-down, at its deepest ${percent(deepest, 2)}.`}
        intervalMs={intervalMs}
        times={times}
        lines={[{ label: 'Draw-down', values: losses, colour: 'sell', width: 1, fillTo: 0 }]}
        format={(value) => percent(value, 2)}
      />
    </Panel>
  );
}
