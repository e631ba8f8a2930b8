import { FrameDecider, snapshotConfiguration } from '@sema/qar';
import type { Candle } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { ModelList, SnapshotMade } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { FrameSignals, intervalMsOf, Signal } from '../src/api/signals.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import type { RunningService } from './running-service.ts';
import { runService } from './running-service.ts';

const PERMISSIVE = { risk: { minimumConfidence: 0.35, minimumVotes: 1, crisisVolatility: 1 } };

function columnsOf(candles: readonly Candle[]) {
  const column = (name: keyof Candle) => candles.map((candle) => candle[name]);
  return {
    time: column('time'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}

async function trained(running: RunningService) {
  await running.ask('POST', '/v1/markets', { ...MARKET, path: 'twin', settings: PERMISSIVE });
  const candles = recordedCandles(700);
  await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
  const made = await running.ask('POST', `/v1/markets/${MARKET.id}/snapshots`);
  return SnapshotMade.parse(await made.json());
}

async function signalsOf(running: RunningService, candles: readonly Candle[], model?: string) {
  const question = { pair: MARKET.pair, interval: '1m', columns: columnsOf(candles), model };
  const response = await running.ask('POST', '/v1/signals', question);
  expect(response.status).toBe(200);
  return FrameSignals.parse(await response.json());
}

describe('signals', () => {
  test('are one per row, the same in every prefix and for the last row', async () => {
    await using running = await runService();
    const { snapshot, model } = await trained(running);
    const frame = recordedCandles(300, 0, 99);
    const whole = await signalsOf(running, frame);
    expect(whole).toMatchObject({ model, snapshot: snapshot.id, windowCandles: 256 });
    expect(whole.lastTime).toBe(frame[299].time);
    for (const column of Object.values(whole.columns)) expect(column).toHaveLength(300);
    expect(whole.columns.id.slice(0, 255).every((id) => id === null)).toBe(true);
    expect(whole.columns.id.slice(255).every((id) => id !== null)).toBe(true);
    expect(whole.columns.confidence.some((confidence) => confidence !== null)).toBe(true);
    const part = await signalsOf(running, frame.slice(10, 280));
    expect(part.columns.id.slice(255)).toEqual(whole.columns.id.slice(265, 280));
    expect(part.columns.confidence.slice(255)).toEqual(whole.columns.confidence.slice(265, 280));
    const question = { pair: MARKET.pair, intervalMs: 60_000, columns: columnsOf(frame) };
    const last = Signal.parse(await (await running.ask('POST', '/v1/decide', question)).json());
    expect(last.id).toBe(whole.columns.id[299]);
    expect(last.action).toBe(whole.columns.action[299]);
  });

  test('by a named model do not change when the market learns on', async () => {
    await using running = await runService();
    const { model, snapshot } = await trained(running);
    const frame = recordedCandles(260, 0, 99);
    const before = await signalsOf(running, frame, model);
    const candles = recordedCandles(100, 700);
    await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles });
    const next = await running.ask('POST', `/v1/markets/${MARKET.id}/snapshots`);
    const newer = SnapshotMade.parse(await next.json());
    expect(newer.model).not.toBe(model);
    expect(await signalsOf(running, frame, model)).toEqual(before);
    expect((await signalsOf(running, frame, snapshot.id)).columns).toEqual(before.columns);
    const after = await signalsOf(running, frame);
    expect(after.model).toBe(newer.model);
    expect(after.columns.id).not.toEqual(before.columns.id);
    const models = ModelList.parse(await (await running.ask('GET', '/v1/models')).json());
    expect(models.latest).toBe(newer.model);
    expect(models.models.map(({ id }) => id)).toEqual([newer.model, model]);
  });

  test('are those of a decider over the snapshot as a file', async () => {
    await using running = await runService();
    const { snapshot } = await trained(running);
    const frame = recordedCandles(260, 0, 99);
    const { columns } = await signalsOf(running, frame, snapshot.id);
    const path = `/v1/markets/${MARKET.id}/snapshots/${snapshot.id}/bytes`;
    const response = await running.ask('GET', path);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.length).toBe(snapshot.bytes);
    const options = { clock: { nowNs: () => 0 }, snapshot: bytes };
    using decider = new FrameDecider(snapshotConfiguration(bytes), options);
    const lists = columnsOf(frame);
    const candles = {
      time: Float64Array.from(lists.time),
      open: Float64Array.from(lists.open),
      high: Float64Array.from(lists.high),
      low: Float64Array.from(lists.low),
      close: Float64Array.from(lists.close),
      volume: Float64Array.from(lists.volume),
      length: frame.length,
    };
    expect(decider.signal(candles, 259)?.id).toBe(columns.id[259]);
    expect(decider.signal(candles, 259)?.confidence).toBe(columns.confidence[259]);
    const missing = await running.ask('GET', path.replace(snapshot.id, '0'.repeat(16)));
    expect(Problem.parse(await missing.json()).code).toBe('SNAPSHOT_NOT_FOUND');
  });

  test('of a pair that nothing was learned about say nothing', async () => {
    await using running = await runService();
    const signals = await signalsOf(running, recordedCandles(260));
    expect(signals.snapshot).toBeNull();
    expect(new Set(signals.columns.action)).toEqual(new Set([null]));
    expect(signals.columns.undecided.slice(255)).toEqual(Array(5).fill('ALL_ABSTAINED'));
  });

  test('are refused for candles that are none, naming the row', async () => {
    await using running = await runService();
    const sound = columnsOf(recordedCandles(20));
    const faults = [
      { ...sound, close: sound.close.slice(1) },
      { ...sound, high: sound.high.with(7, 0.001) },
      { ...sound, volume: sound.volume.with(3, -1) },
      { ...sound, time: sound.time.with(5, sound.time[4]) },
      { ...sound, low: sound.low.with(2, 1e300) },
    ];
    for (const columns of faults) {
      const question = { pair: 'A/B', interval: '1m', columns };
      const refused = await running.ask('POST', '/v1/signals', question);
      expect(Problem.parse(await refused.json()).code).toBe('BAD_CANDLES');
    }
    const short = { pair: 'A/B', interval: '1m', columns: sound };
    const decide = await running.ask('POST', '/v1/decide', short);
    expect(Problem.parse(await decide.json()).code).toBe('BAD_CANDLES');
    const unknown = await running.ask('POST', '/v1/signals', { ...short, model: '0'.repeat(16) });
    expect(Problem.parse(await unknown.json()).code).toBe('MODEL_NOT_FOUND');
    const neither = await running.ask('POST', '/v1/signals', { pair: 'A/B', columns: sound });
    expect(Problem.parse(await neither.json()).code).toBe('BAD_REQUEST');
  });
});

test('an interval in words is so many milliseconds', () => {
  expect(['1s', '5m', '4h', '1d', '1w'].map(intervalMsOf)).toEqual([
    1000, 300_000, 14_400_000, 86_400_000, 604_800_000,
  ]);
});
