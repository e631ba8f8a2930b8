import type { Ports } from '@sema/qar/ports';
import type { DecisionReceipt, JournalBody, JournalLine } from '@sema/qar';
import { BEGINNING } from './candle-order.ts';
import type { Place } from './candle-order.ts';
import { ClusterError } from './cluster-error.ts';
import type { ClusterMarket, MarketNames } from './cluster-market.ts';
import { decodeRecord } from './journal-record.ts';
import type { JournalRecord } from './journal-record.ts';
import { fetchChange } from './model-change.ts';
import { Replica } from './replica.ts';
import type { ReplicaOptions } from './replica.ts';
import { decodeReplica } from './replica-snapshot.ts';

/** A replica that has taken all there is in the journal, and where that ends. */
export interface RebuiltReplica {
  readonly replica: Replica;
  readonly place: Place;
  readonly position: number;
  /** Records taken again, after the snapshot. */
  readonly repeated: number;
}

/**
 * The replica of a market at the end of its journal: from the last snapshot if there is one, or
 * else from the journal alone. Every record after it is decided again and must be the same.
 *
 * @param onRecord - told of every record that was read.
 * @throws {ClusterError} `DIVERGED`, `BAD_RECORD`, `CHANGE_NOT_USABLE`
 * @throws {PortError}
 */
export async function rebuildReplica(
  ports: Ports,
  market: ClusterMarket,
  names: MarketNames,
  options: ReplicaOptions,
  onRecord: (record: JournalRecord) => Promise<void>,
): Promise<RebuiltReplica> {
  const bytes = await ports.blobs.get(names.snapshot);
  const start = bytes && decodeReplica(bytes, options);
  if (start !== undefined) {
    const fold = new Fold(ports, market, options, start.replica, start.place, start.position);
    if (await fold.run(names.journal, onRecord)) return fold;
    start.replica[Symbol.dispose]();
  }
  const fold = new Fold(ports, market, options);
  await fold.run(names.journal, onRecord);
  return fold;
}

class Fold implements RebuiltReplica {
  replica: Replica;
  place: Place;
  position: number;
  repeated = 0;
  readonly #ports: Ports;
  readonly #options: ReplicaOptions;
  readonly #from: number;
  #begun: boolean;

  constructor(
    ports: Ports,
    { configuration }: ClusterMarket,
    options: ReplicaOptions,
    replica?: Replica,
    place = BEGINNING,
    position = 0,
  ) {
    this.#ports = ports;
    this.#options = options;
    this.replica = replica ?? new Replica(configuration, options);
    this.#begun = replica !== undefined;
    this.place = place;
    this.position = position;
    this.#from = position;
  }

  /** @returns false when the record that the snapshot was taken after is not in the journal. */
  async run(journal: string, onRecord: (record: JournalRecord) => Promise<void>): Promise<boolean> {
    let found = this.#from === 0;
    try {
      // The snapshot's own record is read too, as the proof that it belongs to this journal.
      for await (const { position, bytes } of this.#ports.journal.read(journal, this.#before())) {
        const record = decodeRecord(bytes);
        if (!found) {
          if (position !== this.#from || record.candle.time !== this.place.time) return false;
          found = true;
        } else {
          await this.#repeat(record);
          this.position = position;
        }
        await onRecord(record);
      }
      return found;
    } catch (error) {
      this.replica[Symbol.dispose]();
      throw error;
    }
  }

  #before(): number {
    return Math.max(0, this.#from - 1);
  }

  async #repeat(record: JournalRecord): Promise<void> {
    if (!this.#begun) this.#beginAs(record);
    const change = record.change && (await fetchChange(this.#ports.blobs, record.change));
    const { lines } = this.replica.take(record.candle, change, decisionOf(record));
    if (lines.join('\n') !== record.lines.join('\n')) {
      const at = String(record.candle.time);
      throw new ClusterError('DIVERGED', `the record of the candle at ${at} would be another now`);
    }
    this.place = record.place;
    this.repeated++;
  }

  /** A journal goes on as it began, whatever this node would begin one with. */
  #beginAs({ lines }: JournalRecord): void {
    this.#begun = true;
    const header = parsedBody(lines[0]);
    if (header?.kind !== 'header') throw new ClusterError('BAD_RECORD', 'the first has no header');
    this.replica[Symbol.dispose]();
    this.replica = new Replica(header.configuration, this.#options);
  }
}

/** The decision that a record holds, if any. */
export function decisionOf({ lines }: JournalRecord): DecisionReceipt | undefined {
  const body = parsedBody(lines[lines.length - 1]);
  return body?.kind === 'decision' ? body : undefined;
}

function parsedBody(line: string | undefined): JournalBody | undefined {
  if (line === undefined) return undefined;
  try {
    // Only to be compared with what is decided here, bit for bit.
    return (JSON.parse(line) as JournalLine).body;
  } catch (error) {
    throw new ClusterError('BAD_RECORD', 'a line of it is not JSON', { cause: error });
  }
}
