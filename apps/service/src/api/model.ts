import { z } from '@hono/zod-openapi';
import { MarketId, MarketPath, TimeMs } from './names.ts';

export const Snapshot = z
  .object({
    id: z.string(),
    sequence: z.int().openapi({ description: 'Decisions that it has learned from.' }),
    createdAt: TimeMs,
    bytes: z.int(),
  })
  .openapi('Snapshot');

export const SnapshotMade = z
  .object({ snapshot: Snapshot, model: z.string() })
  .openapi('SnapshotMade', { description: 'A snapshot, and the model it makes the latest.' });

export const SnapshotList = z.object({ snapshots: z.array(Snapshot) }).openapi('SnapshotList');

export const SnapshotBytes = z
  .string()
  .openapi('SnapshotBytes', { format: 'binary', description: 'The settings of its market too.' });

export const SnapshotPath = MarketPath.extend({
  snapshot: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .openapi({ param: { name: 'snapshot', in: 'path' } }),
});

const Model = z
  .object({
    id: z.string(),
    createdAt: TimeMs,
    markets: z.array(z.object({ market: MarketId, snapshot: z.string() })),
  })
  .openapi('Model', { description: 'The newest snapshot of every market at one moment.' });

export const ModelList = z
  .object({ latest: z.string(), models: z.array(Model) })
  .openapi('ModelList');
