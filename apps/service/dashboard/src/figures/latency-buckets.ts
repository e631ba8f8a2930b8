/** Durations above the bucket before and up to `upToNs`; Infinity in the last. */
export interface LatencyBucket {
  readonly upToNs: number;
  readonly count: number;
}

const LINE = /^sema_decision_seconds_bucket\{(?<labels>[^}]*)\} (?<count>\d+)$/;

/**
 * How long decisions of one market took, from the service's metrics in Prometheus' text form, whose
 * buckets count everything up to their edge. Empty when none was measured.
 */
export function latencyBuckets(metrics: string, market: string): LatencyBucket[] {
  const buckets: LatencyBucket[] = [];
  let before = 0;
  for (const line of metrics.split('\n')) {
    const { labels = '', count = '' } = LINE.exec(line)?.groups ?? {};
    const edge = /(?:^|,)le="([^"]+)"/.exec(labels)?.[1];
    if (edge === undefined || /(?:^|,)market="([^"]+)"/.exec(labels)?.[1] !== market) continue;
    const upToNs = edge === '+Inf' ? Infinity : Math.round(Number(edge) * 1e9);
    buckets.push({ upToNs, count: Number(count) - before });
    before = Number(count);
  }
  return before === 0 ? [] : buckets;
}
