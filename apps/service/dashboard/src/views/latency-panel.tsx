import type { PerformanceReport } from '../data/contract.ts';
import type { Loadable } from '../data/loadable.ts';
import { valueOf } from '../data/loadable.ts';
import type { LatencyBucket } from '../figures/latency-buckets.ts';
import { count, duration, NONE, percent } from '../figures/number-text.ts';
import { Empty, Panel, WhenReady } from './panel.tsx';

interface LatencyPanelProps {
  readonly buckets: Loadable<readonly LatencyBucket[]>;
  readonly performance: Loadable<PerformanceReport>;
}

/** How long decisions took, as the service counts them. */
export function LatencyPanel({ buckets, performance }: LatencyPanelProps) {
  const times = valueOf(performance)?.decisionTime;
  const text = (value: number | undefined): string =>
    value === undefined ? NONE : duration(value);
  return (
    <Panel id="latency" title="Decision time" note="from candle to receipt">
      <WhenReady of={buckets} what="the times">
        {(all) =>
          all.length === 0 ? (
            <Empty>
              <p>Counted since the service started; nothing yet.</p>
            </Empty>
          ) : (
            <Histogram buckets={all} />
          )
        }
      </WhenReady>
      <dl class="facts">
        <dt>Median</dt>
        <dd>{text(times?.p50Ns)}</dd>
        <dt>99th percentile</dt>
        <dd>{text(times?.p99Ns)}</dd>
        <dt>Longest</dt>
        <dd>{text(times?.maximumNs)}</dd>
      </dl>
    </Panel>
  );
}

function Histogram({ buckets }: { readonly buckets: readonly LatencyBucket[] }) {
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const most = Math.max(...buckets.map((bucket) => bucket.count));
  const used = buckets.slice(0, buckets.findLastIndex((bucket) => bucket.count > 0) + 1);
  return (
    <table class="histogram">
      <caption class="visually-hidden">{count(total)} decisions by their duration</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Up to</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {used.map(({ upToNs, count: held }, k) => (
          <tr key={upToNs}>
            <th scope="row" class="number">
              {upToNs === Infinity
                ? `> ${duration(used[k - 1]?.upToNs ?? 0)}`
                : `≤ ${duration(upToNs)}`}
            </th>
            <td>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="quantum" width={(held / most) * 100} height="10" />
              </svg>
            </td>
            <td class="number">{percent(held / total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
