import { mulberry32 } from '@sema/simulator';

/** What happens to a cluster at some time of a run, ms since its start. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: 'kill'; readonly node: number; readonly backAfterMs: number }
  | { readonly kind: 'pause'; readonly node: number; readonly forMs: number }
  | { readonly kind: 'cut'; readonly node: number; readonly forMs: number }
  | { readonly kind: 'kill-server'; readonly server: number; readonly backAfterMs: number }
  | { readonly kind: 'pause-server'; readonly server: number; readonly forMs: number }
);

export interface FaultSchedule {
  readonly seed: number;
  /** In the order of their times. */
  readonly faults: readonly Fault[];
}

export interface ScheduleOptions {
  readonly nodes: number;
  readonly servers: number;
  readonly faults: number;
  /** All begin within so long, and last between a hundredth of it and a third. */
  readonly spanMs: number;
  readonly kinds: readonly Fault['kind'][];
}

/** The same seed gives the same schedule. */
export function faultSchedule(seed: number, options: ScheduleOptions): FaultSchedule {
  const random = mulberry32(seed);
  const { spanMs } = options;
  const whole = (below: number): number => Math.floor(random.next() * below);
  const faults = Array.from({ length: options.faults }, (): Fault => {
    const atMs = whole(spanMs);
    const lastsMs = Math.ceil(spanMs / 100) + whole(spanMs / 3);
    const kind = options.kinds[whole(options.kinds.length)];
    const node = whole(options.nodes);
    const server = whole(options.servers);
    switch (kind) {
      case 'kill':
        return { kind, atMs, node, backAfterMs: lastsMs };
      case 'pause':
      case 'cut':
        return { kind, atMs, node, forMs: lastsMs };
      case 'kill-server':
        return { kind, atMs, server, backAfterMs: lastsMs };
      case 'pause-server':
        return { kind, atMs, server, forMs: lastsMs };
    }
  });
  return { seed, faults: faults.sort((a, b) => a.atMs - b.atMs) };
}

/**
 * Indices of messages as an unreliable network delivers them: some twice, and each up to `distance`
 * places from its own.
 */
export function deliveries(count: number, seed: number, distance: number): number[] {
  const random = mulberry32(seed);
  const sent: { readonly index: number; readonly key: number }[] = [];
  for (let index = 0; index < count; index++) {
    for (let again = 0; again < (random.next() < 0.2 ? 2 : 1); again++) {
      sent.push({ index, key: index + random.next() * distance });
    }
  }
  return sent.sort((a, b) => a.key - b.key).map(({ index }) => index);
}
