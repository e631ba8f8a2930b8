import { createHash } from 'node:crypto';
import { decodeSnapshot, encodeSnapshot, SerializerError } from '@sema/serializer';
import type { BlobStore } from '@sema/qar/ports';
import type { EngineConfiguration } from '@sema/qar';
import type { AnnouncedChange } from './candle-order.ts';
import { ClusterError } from './cluster-error.ts';

/** What decides from some candle on. */
export interface ModelChange {
  readonly configuration: EngineConfiguration;
  /** Snapshot of an engine of this configuration whose model goes on; a new model when absent. */
  readonly learned: Uint8Array | undefined;
}

/** What is announced of a change that was kept. */
export interface KeptChange {
  readonly blob: string;
  readonly sha256: string;
}

/** Keeps a change under a name that its own bytes give it, for all nodes to fetch. */
export async function keepChange(blobs: BlobStore, change: ModelChange): Promise<KeptChange> {
  const bytes = encodeSnapshot({
    configuration: JSON.stringify(change.configuration),
    ...(change.learned && { learned: change.learned }),
  });
  const sha256 = sha256Of(bytes);
  const blob = `changes/${sha256}`;
  await blobs.put(blob, bytes);
  return { blob, sha256 };
}

/**
 * The change that was announced.
 *
 * @throws {ClusterError} `CHANGE_NOT_USABLE` when it is not there or not the one announced.
 * @throws {PortError} `UNAVAILABLE`
 */
export async function fetchChange(blobs: BlobStore, change: AnnouncedChange): Promise<ModelChange> {
  const { blob, sha256 } = change;
  const bytes = await blobs.get(blob);
  if (bytes === undefined || sha256Of(bytes) !== sha256) {
    throw new ClusterError('CHANGE_NOT_USABLE', `${blob} is not there, or not what was announced`);
  }
  try {
    const { configuration: text, learned } = decodeSnapshot(bytes);
    const configuration: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    if (typeof configuration === 'object' && configuration !== null) {
      return {
        // Who takes it over checks every field.
        configuration: configuration as EngineConfiguration,
        learned: learned instanceof Uint8Array ? learned : undefined,
      };
    }
  } catch (error) {
    if (!(error instanceof SerializerError || error instanceof SyntaxError)) throw error;
    throw new ClusterError('CHANGE_NOT_USABLE', `${blob} is damaged`, { cause: error });
  }
  throw new ClusterError('CHANGE_NOT_USABLE', `${blob} holds no configuration`);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
