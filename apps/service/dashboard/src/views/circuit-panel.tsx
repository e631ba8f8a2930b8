import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useCircuits } from '../circuits/load-circuits.ts';
import type { JournalEntry, Market } from '../data/contract.ts';
import { count } from '../figures/number-text.ts';
import { Empty, Panel } from './panel.tsx';

interface CircuitPanelProps {
  readonly market: Market;
  readonly entry: JournalEntry | undefined;
}

/** The circuit that fused the decision which is shown, drawn by the simulator itself. */
export function CircuitPanel({ market, entry }: CircuitPanelProps) {
  const circuits = useCircuits();
  const verdict = entry?.receipt.verdict;
  const sensitivity = market.configuration.choiceSensitivity;
  const svg = useMemo(
    () =>
      circuits === undefined || verdict === null || verdict === undefined
        ? undefined
        : circuits.drawSvg(circuits.fusionCircuit(verdict, sensitivity), { width: 2000 }),
    [circuits, verdict, sensitivity],
  );
  return (
    <Panel
      id="circuit"
      title="Circuit of the decision"
      note={entry === undefined ? '' : `fusion of decision ${count(entry.receipt.sequence)}`}
    >
      {svg === undefined ? (
        <Empty>
          <p>{entry === undefined ? 'No decision yet.' : 'This decision ran no circuit.'}</p>
        </Empty>
      ) : (
        <>
          <Drawing svg={svg} />
          <p class="note">
            q0 and q1 hold short, flat and long in equal parts.{' '}
            {answersText(verdict?.entanglement ?? 'none')} The regime’s feedback follows.
          </p>
        </>
      )}
    </Panel>
  );
}

/** @param pattern - by which the answers are entangled. */
function answersText(pattern: string): string {
  return pattern === 'none'
    ? 'Market, prospect and Hedge each turn the ancilla q2, which must read 0: that multiplies ' +
        'the three answers.'
    : 'Market, prospect and Hedge each turn an ancilla of their own, and the three must be found ' +
        `in the state of the pattern ${pattern}.`;
}

/**
 * The drawing in the page's own colours: without its styles, which the policy would refuse, and
 * without its background.
 */
function Drawing({ svg }: { readonly svg: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const plain = svg.replace(/<style>[^]*?<\/style>/, '');
    const drawing = new DOMParser().parseFromString(plain, 'image/svg+xml').documentElement;
    drawing.querySelector('rect[fill]')?.remove();
    drawing.setAttribute('aria-hidden', 'true');
    place.current?.replaceChildren(document.importNode(drawing, true));
  }, [svg]);
  return (
    <div
      class="circuit scroll"
      ref={place}
      role="img"
      tabIndex={0}
      aria-label="Two qubits of actions, and ancillas that three answers turn."
    />
  );
}
