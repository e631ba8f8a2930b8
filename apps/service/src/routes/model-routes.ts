import { JournalVerification, Performance } from '../api/journal.ts';
import {
  ModelList,
  Snapshot,
  SnapshotBytes,
  SnapshotList,
  SnapshotMade,
  SnapshotPath,
} from '../api/model.ts';
import { MarketPath } from '../api/names.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { ServiceError } from '../service-error.ts';

const MOST_MODELS = 100;

export function modelRoutes(api: Api, context: Context): void {
  snapshotRoutes(api, context);
  journalRoutes(api, context);
  const { markets, snapshots } = context;
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/models',
    scope: 'markets:read',
    tag: 'Models',
    summary: 'The last hundred models, the newest first',
    answer: ModelList,
    handle: () => {
      const names = new Map(markets.all().map(({ id, record }) => [record.market, id]));
      const models = snapshots.models(MOST_MODELS).map(({ id, createdAt, markets: of }) => {
        const named = of.map(({ market, snapshot }) => {
          return { market: names.get(market) ?? '', snapshot };
        });
        return { id, createdAt, markets: named };
      });
      return { latest: models[0].id, models };
    },
  });
}

function snapshotRoutes(api: Api, context: Context): void {
  const { markets, snapshots } = context;
  const tag = 'Models';
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/snapshots',
    scope: 'markets:read',
    tag,
    summary: 'Snapshots that were asked for, the oldest first',
    params: MarketPath,
    answer: SnapshotList,
    handle: ({ params }) => ({ snapshots: snapshots.list(markets.get(params.id).record.market) }),
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/markets/{id}/snapshots',
    scope: 'markets:write',
    tag,
    summary: 'Keep all that the market has learned, for signals to be made by',
    params: MarketPath,
    answer: SnapshotMade,
    status: 201,
    handle: ({ params, audit }) =>
      context.database.transaction(() => {
        const market = markets.get(params.id);
        const { session, record } = market;
        const bytes = market.checkpoint();
        const kept = snapshots.keep(record.market, bytes, session.decisions, context.now());
        audit('snapshot made', market.id, kept.id);
        const [latest] = snapshots.models(1);
        return { snapshot: kept, model: latest.id };
      }),
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/snapshots/{snapshot}',
    scope: 'markets:read',
    tag,
    summary: 'One snapshot, without its bytes',
    params: SnapshotPath,
    answer: Snapshot,
    handle: ({ params }) => {
      const kept = snapshots.list(markets.get(params.id).record.market);
      const found = kept.find(({ id }) => id === params.snapshot);
      if (found !== undefined) return found;
      throw noSnapshot(params.snapshot);
    },
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/snapshots/{snapshot}/bytes',
    scope: 'markets:read',
    tag,
    summary: 'One snapshot as a file, for `sema backtest --model` to decide by',
    params: SnapshotPath,
    answer: SnapshotBytes,
    media: 'application/octet-stream',
    handle: ({ params: { id, snapshot } }) => {
      const bytes = snapshots.bytes(markets.get(id).record.market, snapshot);
      if (bytes !== undefined) return bytes;
      throw noSnapshot(snapshot);
    },
  });
}

function noSnapshot(id: string): ServiceError {
  return new ServiceError('SNAPSHOT_NOT_FOUND', `there is no snapshot '${id}'`);
}

function journalRoutes(api: Api, context: Context): void {
  const { markets, compute, database, publicKeys } = context;
  const publicKey = publicKeys.find(({ use }) => use === 'journal')?.publicKey ?? '';
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/journal/verification',
    scope: 'markets:read',
    tag: 'Decisions',
    summary: 'Check every line of the journal',
    params: MarketPath,
    answer: JournalVerification,
    handle: async ({ params }) => {
      const { market } = markets.get(params.id).record;
      const task = { kind: 'verify', databaseFile: database.file, market, publicKey } as const;
      return { publicKey, ...(await compute.do(task)) };
    },
  });
  addEndpoint(api, context, {
    method: 'get',
    path: '/v1/markets/{id}/performance',
    scope: 'markets:read',
    tag: 'Decisions',
    summary: 'How the engine works since the service started: times, failures, targets',
    params: MarketPath,
    answer: Performance,
    handle: ({ params }) => markets.get(params.id).performance(),
  });
}
