import { decodeSnapshot, encodeSnapshot, SerializerError } from '@sema/serializer';
import { QarError } from '@sema/qar';
import type { EngineConfiguration } from '@sema/qar';
import { candleOfValues, candleValues } from './candle-message.ts';
import type { Place } from './candle-order.ts';
import { Replica } from './replica.ts';
import type { ReplicaOptions } from './replica.ts';

/** A replica, and where in the journal and the messages of its market it stands. */
export interface PlacedReplica {
  readonly replica: Replica;
  readonly place: Place;
  /** Position of the last record that it holds. */
  readonly position: number;
}

export function encodeReplica({ replica, place, position }: PlacedReplica): Uint8Array {
  const { configuration, engine, lastHash, candles } = replica.state();
  return encodeSnapshot({
    engine,
    candles: Float64Array.from(candles.flatMap(candleValues)),
    // As text: a section's keys are sorted, and a configuration's order is part of the header.
    replica: JSON.stringify({ configuration, lastHash, place, position }),
  });
}

/** `undefined` when it is no snapshot of ours: the journal has it all, and takes longer. */
export function decodeReplica(
  bytes: Uint8Array,
  options: ReplicaOptions,
): PlacedReplica | undefined {
  try {
    const { engine, candles, replica: text } = decodeSnapshot(bytes);
    if (!(engine instanceof Uint8Array) || !(candles instanceof Float64Array)) return undefined;
    // Written by `encodeReplica`; what is not so fails below or differs from the journal.
    const { configuration, lastHash, place, position } = JSON.parse(String(text)) as Meta;
    const state = { configuration, engine, lastHash, candles: candlesOf(candles) };
    return { replica: Replica.restore(state, options), place, position };
  } catch (error) {
    if (error instanceof SerializerError || error instanceof QarError) return undefined;
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

interface Meta {
  readonly configuration: EngineConfiguration;
  readonly lastHash: string | null;
  readonly place: Place;
  readonly position: number;
}

function candlesOf(values: Float64Array) {
  return Array.from({ length: Math.floor(values.length / 6) }, (_, index) => {
    const candle = candleOfValues(Array.from(values.subarray(6 * index, 6 * index + 6)));
    if (candle === undefined) throw new QarError('BAD_SNAPSHOT', `candle ${String(index)}`);
    return candle;
  });
}
