import type { DecisionReceipt, JournalEntry } from '../data/contract.ts';
import type { MarketView } from '../data/market-view.ts';
import { decisionText, preferenceOf, reasonSteps } from '../figures/decision-text.ts';
import { candleTime, count, moment, percent, shortHash } from '../figures/number-text.ts';
import { Empty, Panel } from './panel.tsx';
import { ToneSign } from './tone-sign.tsx';

interface DecisionPanelProps {
  readonly view: MarketView;
  /** The decision that is explained; the newest unless another was picked. */
  readonly entry: JournalEntry | undefined;
  readonly isNewest: boolean;
  readonly denials: Readonly<Record<string, string>>;
  /** Shows another; undefined goes back to the newest. */
  readonly onPick: (sequence: number | undefined) => void;
}

/** One decision explained, and a list to pick another from. */
export function DecisionPanel(props: DecisionPanelProps) {
  const { view, entry, isNewest, denials, onPick } = props;
  if (entry === undefined) {
    return (
      <Panel id="decision" title="Decision">
        <Empty>
          <p>None yet.</p>
          <p class="note">Each one will be explained here, with the receipt that proves it.</p>
        </Empty>
      </Panel>
    );
  }
  const { receipt } = entry;
  const { tone, label, sentence } = decisionText(receipt, denials);
  const { intervalMs } = view.market;
  return (
    <Panel
      id="decision"
      title={`Decision ${count(receipt.sequence)}`}
      note={
        isNewest ? (
          'the newest'
        ) : (
          <button
            type="button"
            class="plain"
            onClick={() => {
              onPick(undefined);
            }}
          >
            Back to the newest
          </button>
        )
      }
    >
      <div class="explained" aria-live={isNewest ? 'off' : 'polite'}>
        <p class="verdict">
          <ToneSign tone={tone} /> {label}
        </p>
        <p>{sentence}</p>
        <ol class="steps">
          {reasonSteps(receipt).map(({ title, value, text }) => (
            <li key={title}>
              <b>{title}</b> <span class="value">{value}</span> <span class="note">{text}</span>
            </li>
          ))}
        </ol>
        {receipt.verdict === null ? null : <Prices prices={receipt.verdict.prices} />}
        <Proof entry={entry} />
      </div>
      <DecisionList {...props} intervalMs={intervalMs} />
    </Panel>
  );
}

/** The market's price of each return, losses left and gains right. */
function Prices({ prices }: { readonly prices: readonly number[] }) {
  const highest = Math.max(...prices);
  const gain = prices.slice(prices.length / 2).reduce((sum, price) => sum + price, 0);
  const width = 100 / prices.length;
  return (
    <figure class="prices">
      <svg
        viewBox="0 0 100 40"
        preserveAspectRatio="none"
        role="img"
        aria-label={`Prices of ${prices.length} bins of returns: gains cost ${percent(gain)}.`}
      >
        {prices.map((price, k) => (
          <rect
            // Bins have no name but their place.
            key={k}
            class={k < prices.length / 2 ? 'loss' : 'gain'}
            x={k * width + 0.4}
            y={40 - (price / highest) * 38}
            width={width - 0.8}
            height={(price / highest) * 38}
          />
        ))}
      </svg>
      <figcaption class="note">
        <span>large loss</span> <span>what the market pays for</span> <span>large gain</span>
      </figcaption>
    </figure>
  );
}

function Proof({ entry: { receipt, hash, signature } }: { readonly entry: JournalEntry }) {
  return (
    <details class="proof">
      <summary>Receipt {shortHash(hash)}</summary>
      <dl>
        <dt>Decided at</dt>
        <dd>{moment(receipt.decidedAt)} UTC</dd>
        <dt>Hash</dt>
        <dd class="mono">{hash}</dd>
        <dt>Signature</dt>
        <dd class="mono">{signature}</dd>
        <dt>Model</dt>
        <dd class="mono">{receipt.model}</dd>
        <dt>Window</dt>
        <dd class="mono">{receipt.window}</dd>
      </dl>
    </details>
  );
}

/** Decisions listed at a time. */
const LISTED = 40;

function DecisionList({
  view,
  entry,
  denials,
  onPick,
  intervalMs,
}: DecisionPanelProps & { readonly intervalMs: number }) {
  const newestFirst = view.decisions.slice(-LISTED).reverse();
  return (
    <>
      <h3 id="latest">Latest decisions</h3>
      <ul class="decisions" aria-labelledby="latest">
        {newestFirst.map(({ receipt }) => (
          <li key={receipt.sequence}>
            <button
              type="button"
              class="plain"
              aria-pressed={receipt.sequence === entry?.receipt.sequence}
              onClick={() => {
                onPick(receipt.sequence);
              }}
            >
              <Line receipt={receipt} denials={denials} intervalMs={intervalMs} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Line({
  receipt,
  denials,
  intervalMs,
}: {
  readonly receipt: DecisionReceipt;
  readonly denials: Readonly<Record<string, string>>;
  readonly intervalMs: number;
}) {
  const { tone, label } = decisionText(receipt, denials);
  return (
    <>
      <span class="sequence">{receipt.sequence}</span>
      <time>{candleTime(receipt.time, intervalMs)}</time>
      <span class="outcome">
        <ToneSign tone={tone} /> {label}
      </span>
      <span class="confidence">
        {receipt.verdict === null ? '' : percent(preferenceOf(receipt.verdict))}
      </span>
    </>
  );
}
