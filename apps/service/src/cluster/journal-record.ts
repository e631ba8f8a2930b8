import type { Candle } from '@sema/qar';
import { candleOfValues, candleValues } from './candle-message.ts';
import type { AnnouncedChange, Place } from './candle-order.ts';
import { ClusterError } from './cluster-error.ts';

/** One candle's record in the journal of its market. */
export interface JournalRecord {
  readonly candle: Candle;
  /** Where the market's messages stood. */
  readonly place: Place;
  /** The change that took effect with this candle. */
  readonly change: AnnouncedChange | undefined;
  /**
   * Lines of the signed journal that the candle gave: none before a whole window is there and when
   * the candle was refused, a header before the first, a seal and a header at a change.
   */
  readonly lines: readonly string[];
}

const VERSION = 1;

/** JSON of all but the lines, and each line as it is: what is signed is never written anew. */
export function encodeRecord({ candle, place, change, lines }: JournalRecord): Uint8Array {
  const { after, seen, changed } = place;
  const head = { version: VERSION, candle: candleValues(candle), after, seen, changed, change };
  return new TextEncoder().encode([JSON.stringify(head), ...lines].join('\n'));
}

/** @throws {ClusterError} `BAD_RECORD` */
export function decodeRecord(bytes: Uint8Array): JournalRecord {
  const [text, ...lines] = new TextDecoder().decode(bytes).split('\n');
  let head: Partial<Record<string, unknown>>;
  try {
    // Whatever it is, each field that is read from it is checked below.
    head = JSON.parse(text) as Partial<Record<string, unknown>>;
  } catch (error) {
    throw new ClusterError('BAD_RECORD', 'it does not begin with JSON', { cause: error });
  }
  const candle = candleOfValues(head.candle);
  const { after, seen, changed, version } = head;
  if (version !== VERSION) throw new ClusterError('BAD_RECORD', `version ${String(version)}`);
  if (candle === undefined) throw new ClusterError('BAD_RECORD', 'it holds no candle');
  if (!isPosition(after) || !isPosition(seen) || !isPosition(changed) || after > seen) {
    throw new ClusterError('BAD_RECORD', 'it does not say where in the messages it stands');
  }
  const place = { time: candle.time, after, seen, changed };
  return { candle, place, change: changeOf(head.change), lines };
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function changeOf(value: unknown): AnnouncedChange | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && 'position' in value && 'blob' in value) {
    // Written by `encodeRecord`; a blob that is not what its hash says is refused when it is read.
    return value as AnnouncedChange;
  }
  throw new ClusterError('BAD_RECORD', 'its change names no position and blob');
}
