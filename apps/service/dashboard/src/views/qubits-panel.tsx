import { useMemo } from 'preact/hooks';
import { useCircuits } from '../circuits/load-circuits.ts';
import type { EntanglementMap } from '../circuits/circuits.ts';
import type { JournalEntry, QubitSettings } from '../data/contract.ts';
import type { MarketView } from '../data/market-view.ts';
import { count, decimal } from '../figures/number-text.ts';
import { poolCells, registersOf, type PoolCell } from '../figures/pool-cells.ts';
import { Empty, Panel } from './panel.tsx';

interface QubitsPanelProps {
  readonly view: MarketView;
  readonly entry: JournalEntry | undefined;
}

/** Who borrows qubits for a decision, and how those of each register are entangled. */
export function QubitsPanel({ view, entry }: QubitsPanelProps) {
  const circuits = useCircuits();
  const verdict = entry?.receipt.verdict;
  const map = useMemo(() => {
    if (circuits === undefined || entry === undefined) return undefined;
    if (verdict === null || verdict === undefined) return undefined;
    const { choiceSensitivity, qubits } = view.market.configuration;
    const { hedge } = registersOf(entry.receipt, qubits);
    return circuits.entanglementMap(verdict, votingWeights(view, entry), hedge, choiceSensitivity);
  }, [circuits, verdict]);
  const { qubits } = view.market.configuration;
  const cells = entry === undefined ? [] : poolCells(entry.receipt, qubits);
  const lent = cells.filter(({ owner }) => owner !== undefined).length;
  return (
    <Panel
      id="qubits"
      title="Qubits"
      note={
        lent === 0 ? '' : `${count(lent)} of ${count(cells.length)} lent to the three algorithms`
      }
    >
      {lent === 0 ? null : <Pool cells={cells} settings={qubits} />}
      {map === undefined ? (
        <Empty>
          <p>Entanglement is drawn for a decision by circuits.</p>
        </Empty>
      ) : (
        <Links map={map} pattern={verdict?.entanglement ?? 'none'} />
      )}
    </Panel>
  );
}

const OWNERS = ['memory', 'market', 'prospect', 'hedge'] as const;

interface PoolProps {
  readonly cells: readonly PoolCell[];
  readonly settings: QubitSettings;
}

function Pool({ cells, settings }: PoolProps) {
  return (
    <>
      <ol class="pool" aria-hidden="true">
        {cells.map(({ owner }, k) => (
          <li
            // A qubit has no name but its number.
            key={k}
            class={owner ?? 'free'}
          >
            {k}
          </li>
        ))}
      </ol>
      <ul class="legend">
        {OWNERS.map((owner) => (
          <li key={owner}>
            <span class={`swatch ${owner}`} aria-hidden="true" /> {owner}{' '}
            {cells.filter((cell) => cell.owner === owner).length}
          </li>
        ))}
        <li class="note">
          then {settings.core} for the fusion and {settings.feedback} for the feedback
        </li>
      </ul>
    </>
  );
}

const SIZE = 240;
const RADIUS = 88;

interface LinksProps {
  readonly map: EntanglementMap;
  /** How the algorithms were entangled before their fusion. */
  readonly pattern: string;
}

/** Qubits on a circle; the thicker a line, the more two tell of each other. */
function Links({ map: { nodes, links }, pattern }: LinksProps) {
  const place = (k: number): { x: number; y: number } => {
    const angle = (2 * Math.PI * k) / nodes.length - Math.PI / 2;
    return { x: SIZE / 2 + RADIUS * Math.cos(angle), y: SIZE / 2 + RADIUS * Math.sin(angle) };
  };
  return (
    <div class="entanglement">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label="Entanglement map, listed beside">
        {links.map(({ a, b, bits }) => {
          const [from, to] = [place(a), place(b)];
          return (
            <path
              key={`${a}-${b}`}
              class={`link ${nodes[a]?.register ?? ''}`}
              d={`M${from.x} ${from.y}Q${SIZE / 2} ${SIZE / 2} ${to.x} ${to.y}`}
              stroke-width={0.75 + 7 * Math.min(1, bits)}
            />
          );
        })}
        {nodes.map(({ label, register }, k) => {
          const { x, y } = place(k);
          return (
            <g key={label} class={`node ${register}`}>
              <circle cx={x} cy={y} r="13" />
              <text x={x} y={y} dy="0.34em">
                {label}
              </text>
            </g>
          );
        })}
      </svg>
      <Strongest map={{ nodes, links }} pattern={pattern} />
    </div>
  );
}

/** Pairs that are told beside the drawing. */
const MOST_TOLD = 6;

function Strongest({ map: { nodes, links }, pattern }: LinksProps) {
  const strongest = [...links].sort((a, b) => b.bits - a.bits).slice(0, MOST_TOLD);
  const name = (k: number): string => nodes[k]?.label ?? '';
  return (
    <div>
      <h3>Mutual information</h3>
      {links.length === 0 ? (
        <p class="note">No pair tells anything of the other: every register is a product.</p>
      ) : (
        <table>
          <tbody>
            {strongest.map(({ a, b, bits }) => (
              <tr key={`${a}-${b}`}>
                <th scope="row">
                  {name(a)} – {name(b)}
                </th>
                <td class="number">{decimal(bits, 4)} bit</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="note">
        m: prices as amplitudes. h: weights of the voters. a, x: actions and ancillas before the
        last read. Rebuilt from the receipt.{' '}
        {pattern === 'none'
          ? 'No answer was entangled with another.'
          : `The answers were entangled by the pattern ${pattern}.`}
      </p>
    </div>
  );
}

function votingWeights({ weights, market }: MarketView, { receipt }: JournalEntry): number[] {
  const point = weights.points.find(({ sequence }) => sequence === receipt.sequence);
  return receipt.seats.flatMap((seat) => {
    if ('abstained' in seat) return [];
    const index = weights.experts.indexOf(seat.expert);
    const now = market.weights.find(({ expert }) => expert === seat.expert)?.weight;
    return [point?.weights[index] ?? now ?? 0];
  });
}
