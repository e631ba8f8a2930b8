import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Candle } from '@sema/qar';
import type { Bus, JournalLog, OpenPorts } from '@sema/qar/ports';

export const SERVICE = fileURLToPath(new URL('../../../service', import.meta.url));

/** What is measured of the service's cluster, as it is installed. */
export interface ClusterModule {
  openPorts(environment: Readonly<Record<string, string | undefined>>): Promise<OpenPorts>;
  marketNames(venue: string, pair: string): MarketNames;
  auditMarket(journal: JournalLog, names: MarketNames, publicKey: string): Promise<Audit>;
  readonly CandlePublisher: {
    resume(bus: Bus, names: MarketNames): Promise<{ publish(candle: Candle): Promise<unknown> }>;
  };
}

export interface MarketNames {
  readonly market: string;
  readonly candles: string;
  readonly decisions: string;
  readonly journal: string;
}

interface Audit {
  readonly candles: number;
  readonly decisions: number;
  readonly fault: string | undefined;
}

/** What a node says at `/status`. */
export interface NodeStatus {
  readonly ready: boolean;
  readonly nodes: readonly string[];
  readonly markets: readonly {
    readonly market: string;
    readonly state: string;
    readonly decisions: number;
    readonly lastTime: number | null;
  }[];
}

/** The built module; `buildService` must have run. */
export async function clusterModule(): Promise<ClusterModule> {
  const url = pathToFileURL(join(SERVICE, 'dist', 'cluster.js')).href;
  // Its names are those that users import; a wrong one fails the suite.
  return (await import(url)) as ClusterModule;
}
