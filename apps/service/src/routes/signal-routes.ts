import type { z } from '@hono/zod-openapi';
import type { FrameSignal } from '@sema/qar';
import { FrameIn, FrameSignals, intervalMsOf, Signal } from '../api/signals.ts';
import type { Api, Context } from '../context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { frameColumns, frameModel } from '../markets/frame-question.ts';
import { ServiceError } from '../service-error.ts';
import { FrameDecisionTable } from '../storage/frame-decision-table.ts';

const tag = 'Signals';

export function signalRoutes(api: Api, context: Context): void {
  const decisions = new FrameDecisionTable(context.database);
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/signals',
    scope: 'signals',
    tag,
    summary: 'Decide on every row of a frame with a model that does not learn',
    body: FrameIn,
    answer: FrameSignals,
    repeatable: false,
    handle: async ({ body }) => {
      const { head, signals } = await decided(context, body, 'every row', decisions);
      const column = <Name extends keyof FrameSignal>(name: Name) =>
        signals.map((signal) => signal?.[name] ?? null);
      return {
        ...head,
        columns: {
          id: column('id'),
          action: column('action'),
          confidence: column('confidence'),
          regime: column('regime'),
          stake: column('stake'),
          denied: column('denied'),
          undecided: column('undecided'),
        },
      };
    },
  });
  addEndpoint(api, context, {
    method: 'post',
    path: '/v1/decide',
    scope: 'signals',
    tag,
    summary: 'Decide on the last row of a frame, as `/v1/signals` does',
    body: FrameIn,
    answer: Signal,
    repeatable: false,
    handle: async ({ body }) => {
      const { head, signals } = await decided(context, body, 'the last row', decisions);
      const signal = signals.at(-1);
      if (signal !== undefined) return { ...head, ...signal };
      const { windowCandles } = head;
      throw new ServiceError('BAD_CANDLES', `a decision needs ${String(windowCandles)} candles`);
    },
  });
}

async function decided(
  context: Context,
  { pair, interval, intervalMs, columns: lists, model: asked }: z.output<typeof FrameIn>,
  rows: 'every row' | 'the last row',
  decisions: FrameDecisionTable,
) {
  const spacing = intervalMs ?? (interval === undefined ? undefined : intervalMsOf(interval));
  if (spacing === undefined) {
    throw new ServiceError('BAD_REQUEST', 'give interval or intervalMs');
  }
  const columns = frameColumns(lists, context.limits.frameRows);
  const found = frameModel(context, { pair, intervalMs: spacing, model: asked });
  const { model, snapshot = null, market, bytes, configuration } = found;
  const last = columns.time.length - 1;
  const from = rows === 'every row' ? 0 : last;
  const signals = await context.compute.do({
    kind: 'frame',
    configuration,
    snapshot: bytes,
    columns,
    from,
  });
  // Who trades on a frame as it grows acts on its last row.
  const newest = signals.at(-1);
  if (market !== undefined && newest !== undefined) decisions.keep(market, newest);
  const { windowCandles } = configuration;
  return { head: { model, snapshot, windowCandles, lastTime: columns.time[last] }, signals };
}
