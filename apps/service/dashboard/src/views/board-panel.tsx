import type { JournalEntry, WeightsHistory } from '../data/contract.ts';
import type { MarketView } from '../data/market-view.ts';
import { boardRows, type BoardRow } from '../figures/board-rows.ts';
import { count, percent } from '../figures/number-text.ts';
import { Empty, Panel } from './panel.tsx';

interface BoardPanelProps {
  readonly view: MarketView;
  readonly entry: JournalEntry | undefined;
}

/** What each expert says at the decision that is shown, why it is silent, and its weight. */
export function BoardPanel({ view, entry }: BoardPanelProps) {
  if (entry === undefined) {
    return (
      <Panel id="board" title="Board">
        <Empty>
          <p>Fourteen experts speak once there is a whole window.</p>
        </Empty>
      </Panel>
    );
  }
  const rows = boardRows(entry.receipt, weightsAt(view, entry.receipt.sequence));
  const votes = rows.filter(({ opinion }) => opinion.kind === 'vote').length;
  const heaviest = Math.max(...rows.map(({ weight }) => weight));
  const scale = weightScale(view.weights);
  return (
    <Panel
      id="board"
      title="Board"
      note={`decision ${count(entry.receipt.sequence)}: ${votes} of ${rows.length} vote`}
    >
      <div class="scroll" tabIndex={0} role="region" aria-label="Opinions of the board">
        <table class="board">
          <thead>
            <tr>
              <th scope="col">Expert</th>
              <th scope="col">Opinion, or why it has none</th>
              <th scope="col" class="number">
                Weight
              </th>
              <th scope="col" class="trend">
                Over time
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.expert} class={row.opinion.kind}>
                <th scope="row">{row.name}</th>
                <td>
                  <Opinion row={row} />
                </td>
                <td class="number">
                  <meter min={0} max={heaviest} value={row.weight} aria-hidden="true" />{' '}
                  {percent(row.weight)}
                </td>
                <td class="trend">
                  <Trend history={view.weights} expert={row.expert} scale={scale} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Opinion({ row: { opinion } }: { readonly row: BoardRow }) {
  if (opinion.kind === 'abstention') return <span class="note">{opinion.why}</span>;
  const { direction, probabilityUp } = opinion;
  return (
    <span class={`opinion ${direction > 0 ? 'up' : 'down'}`}>
      <span class="direction">{direction > 0 ? '▲ up' : '▼ down'}</span>{' '}
      <span class="note">gain at {percent(probabilityUp)}</span>
    </span>
  );
}

function weightsAt({ weights, market }: MarketView, sequence: number) {
  const point = weights.points.find((each) => each.sequence === sequence);
  if (point === undefined) return market.weights;
  return weights.experts.map((expert, k) => ({ expert, weight: point.weights[k] ?? 0 }));
}

/** Points that so short a line can show. */
const TREND_POINTS = 80;

interface TrendProps {
  readonly history: WeightsHistory;
  readonly expert: string;
  /** Lowest and highest weight of any expert, so that all lines can be compared. */
  readonly scale: readonly [number, number];
}

function weightScale({ points }: WeightsHistory): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { weights } of points) {
    lowest = Math.min(lowest, ...weights);
    highest = Math.max(highest, ...weights);
  }
  return [lowest, highest];
}

function Trend({ history, expert, scale: [lowest, highest] }: TrendProps) {
  const index = history.experts.indexOf(expert);
  const { points } = history;
  if (index < 0 || points.length < 2) return null;
  const step = Math.max(1, Math.floor(points.length / TREND_POINTS));
  const values = points.filter((_, k) => k % step === 0).map(({ weights }) => weights[index] ?? 0);
  const spread = highest - lowest;
  const places = values.map((value, k) => {
    const x = (k / (values.length - 1)) * 100;
    const share = spread > 0 ? (value - lowest) / spread : 0.5;
    return `${x.toFixed(1)},${(19 - share * 18).toFixed(1)}`;
  });
  return (
    <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={places.join(' ')} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
