import type { TimeLine } from '../charts/time-chart.ts';
import type { MarketView } from '../data/market-view.ts';
import { expertName } from '../figures/board-rows.ts';
import { percent } from '../figures/number-text.ts';
import type { ColourName } from '../style/colour.ts';
import { Empty, Panel } from './panel.tsx';
import { TimePlot } from './time-plot.tsx';

/** Told apart by colour and stroke both. */
const LEADERS: readonly { readonly colour: ColourName; readonly dash?: readonly number[] }[] = [
  { colour: 'quantum' },
  { colour: 'volatile', dash: [7, 3] },
  { colour: 'stable', dash: [2, 3] },
  { colour: 'crisis', dash: [9, 3, 2, 3] },
];

/** The learner's weights over time: the heaviest by name, the others behind them. */
export function WeightsPanel({ view: { weights, market } }: { readonly view: MarketView }) {
  const { points, experts } = weights;
  const newest = points.at(-1);
  if (newest === undefined || points.length < 2) {
    return (
      <Panel id="weights" title="Expert weights">
        <Empty>
          <p>Every expert starts with the same weight; outcomes move them.</p>
        </Empty>
      </Panel>
    );
  }
  const ranked = experts
    .map((expert, index) => ({ expert, index, weight: newest.weights[index] ?? 0 }))
    .sort((a, b) => b.weight - a.weight);
  const leaders = ranked.slice(0, LEADERS.length);
  const valuesOf = (index: number): number[] => points.map((point) => point.weights[index] ?? 0);
  const others = ranked.slice(LEADERS.length).map(({ expert, index }): TimeLine => ({
    label: expert,
    values: valuesOf(index),
    colour: 'soft',
    opacity: 0.35,
    width: 1,
  }));
  const named = leaders.map(({ expert, index }, place): TimeLine => ({
    label: expertName(expert),
    values: valuesOf(index),
    ...(LEADERS[place] ?? { colour: 'ink' }),
    width: 2,
  }));
  const summary = leaders.map(({ expert, weight }) => `${expertName(expert)} ${percent(weight)}`);
  return (
    <Panel id="weights" title="Expert weights" note="sum 100 %; the heaviest by name">
      <ul class="legend">
        {leaders.map(({ expert, weight }, place) => (
          <li key={expert}>
            <span class={`stroke leader-${place}`} aria-hidden="true" /> {expertName(expert)}{' '}
            <b>{percent(weight)}</b>
          </li>
        ))}
      </ul>
      <TimePlot
        summary={`Weights of ${experts.length} experts. Heaviest now: ${summary.join(', ')}.`}
        intervalMs={market.intervalMs}
        times={points.map(({ time }) => time)}
        lines={[...others, ...named]}
        format={(value) => percent(value)}
        isKeyless
      />
    </Panel>
  );
}
