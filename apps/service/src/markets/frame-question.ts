import { candleFault } from '@sema/qar';
import type { EngineConfiguration } from '@sema/qar';
import type { FrameColumns } from '../compute/tasks.ts';
import type { Context } from '../context.ts';
import { ServiceError } from '../service-error.ts';
import type { KeptModel } from '../storage/snapshot-table.ts';
import { requestedConfiguration } from './markets.ts';

type Lists = Readonly<Record<keyof FrameColumns, readonly number[]>>;

/** What decides on a frame of a pair. */
export interface FrameModel {
  /** What the answer names, and a later question may ask for. */
  readonly model: string;
  readonly snapshot: string | undefined;
  /** Key of the market that the snapshot is of. */
  readonly market: number | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly configuration: EngineConfiguration;
}

/**
 * The model that a question names, or the latest: with a snapshot of the market of this pair and
 * interval where it has one, and with one that has learned nothing where it has not.
 *
 * @throws {ServiceError} `MODEL_NOT_FOUND`, `MODEL_NOT_USABLE`, `BAD_CONFIGURATION`
 */
export function frameModel(
  { markets, snapshots }: Context,
  question: {
    readonly pair: string;
    readonly intervalMs: number;
    readonly model: string | undefined;
  },
): FrameModel {
  const { pair, intervalMs, model: asked } = question;
  const named = asked === undefined ? snapshots.models(1)[0] : findModel(snapshots, asked);
  const kept = named.markets.flatMap(({ market, snapshot }) => {
    const open = markets.all().find(({ record }) => record.market === market);
    if (open === undefined) return [];
    const { configuration } = open.record.settings;
    const fits = configuration.pair === pair && configuration.intervalMs === intervalMs;
    return fits ? [{ market, snapshot, configuration }] : [];
  });
  const found = kept.at(0);
  if (found === undefined) {
    const configuration = requestedConfiguration({ pair, intervalMs });
    const nothing = { snapshot: undefined, market: undefined, bytes: undefined };
    return { model: named.id, ...nothing, configuration };
  }
  const { market, snapshot, configuration } = found;
  const bytes = snapshots.bytes(market, snapshot);
  if (bytes === undefined) {
    throw new ServiceError('MODEL_NOT_FOUND', `the snapshot '${snapshot}' is not kept any more`);
  }
  return { model: named.id, snapshot, market, bytes, configuration };
}

function findModel(snapshots: Context['snapshots'], id: string): KeptModel {
  const model = snapshots.model(id);
  if (model !== undefined) return model;
  const market = snapshots.marketOf(id);
  if (market !== undefined) return { id, createdAt: 0, markets: [{ market, snapshot: id }] };
  throw new ServiceError('MODEL_NOT_FOUND', `there is no model and no snapshot '${id}'`);
}

/**
 * The columns as a frame of sound candles in the order of time.
 *
 * @throws {ServiceError} `BAD_CANDLES`, naming the first row that breaks a rule.
 */
export function frameColumns(lists: Lists, mostRows: number): FrameColumns {
  const { length } = lists.time;
  if (length > mostRows) throw bad(`${String(length)} rows; at most ${String(mostRows)} are taken`);
  for (const [name, list] of Object.entries(lists)) {
    if (list.length === length) continue;
    throw bad(`column ${name} has ${String(list.length)} rows, time has ${String(length)}`);
  }
  const [time, open, high, low, close, volume] = [
    ...[lists.time, lists.open, lists.high, lists.low, lists.close, lists.volume],
    // Adding zero turns −0 into 0, so that equal frames have equal bits.
  ].map((list) => Float64Array.from(list, (value) => value + 0));
  for (let row = 0; row < length; row++) {
    const candle = {
      time: time[row],
      open: open[row],
      high: high[row],
      low: low[row],
      close: close[row],
      volume: volume[row],
    };
    const fault = candleFault(candle);
    if (fault !== undefined) throw bad(`row ${String(row)}: ${fault.message}`);
    if (row > 0 && !(time[row] > time[row - 1])) {
      throw bad(`row ${String(row)} is not later than the one before`);
    }
  }
  return { time, open, high, low, close, volume };
}

function bad(message: string): ServiceError {
  return new ServiceError('BAD_CANDLES', message);
}
