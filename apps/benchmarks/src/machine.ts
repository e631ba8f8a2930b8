import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { arch, versions } from 'node:process';

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly threads: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Runnable tasks, averaged over the last minute: above 0 somebody else was measured too. */
  readonly load: number;
  /** ISO 8601, UTC. */
  readonly date: string;
}

export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch}`,
    node: versions.node,
    load: loadavg()[0] ?? 0,
    date: new Date().toISOString(),
  };
}

export function machineText(machine: Machine): string {
  const { processor, threads, memoryGiB, system, node, load, date } = machine;
  return (
    `${processor}, ${String(threads)} threads, ${String(memoryGiB)} GiB, ${system}, ` +
    `Node ${node}, load ${load.toFixed(1)}, ${date}`
  );
}
