import type { Candle } from '@sema/qar';
import { expect, test } from 'vitest';
import { SnapshotMade } from '../src/api/model.ts';
import { JournalVerification } from '../src/api/journal.ts';
import { OutcomesTaken } from '../src/api/risk.ts';
import { Signal } from '../src/api/signals.ts';
import { TwinPage } from '../src/api/twin.ts';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';
import type { RunningService } from './running-service.ts';

const SETTINGS = {
  selectionMode: 'aggressive',
  risk: { minimumConfidence: 0, minimumVotes: 1, crisisVolatility: 1 },
};
const FRAMES = recordedCandles(400, 0, 99);
const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

async function decided(running: RunningService, model: string, candles: readonly Candle[]) {
  const columns = Object.fromEntries(
    NAMES.map((name) => [name, candles.map((candle) => candle[name])]),
  );
  const question = { pair: MARKET.pair, interval: '1m', columns, model };
  return Signal.parse(await (await running.ask('POST', '/v1/decide', question)).json());
}

async function snapshot(running: RunningService): Promise<string> {
  const made = await running.ask('POST', `/v1/markets/${MARKET.id}/snapshots`);
  return SnapshotMade.parse(await made.json()).snapshot.id;
}

/** The first frame on whose last row the model asks for a position. */
async function entry(running: RunningService, model: string) {
  for (let rows = 256; rows <= FRAMES.length; rows++) {
    const frame = FRAMES.slice(0, rows);
    const signal = await decided(running, model, frame);
    if (signal.evidence !== null) return { frame, signal };
  }
  throw new Error('no frame asks for a position');
}

async function tell(running: RunningService, id: string, decisionId: string | null) {
  const closed = { openedAt: 1e12, closedAt: 1e12 + 1, openRate: 1, closeRate: 0.9, return: -0.1 };
  const outcome = { id, pair: MARKET.pair, decisionId, ...closed, exitReason: null };
  const answer = await running.ask('POST', '/v1/outcomes', outcome);
  return OutcomesTaken.parse(await answer.json()).outcomes[0].status;
}

test('the market whose model decided learns what became of the trade, once', async () => {
  using directory = temporaryDirectory();
  const options = { dataDirectory: directory.path };
  const first = await runService(options);
  const authorization = { authorization: `Bearer ${first.token}` };
  await first.ask('POST', '/v1/markets', { ...MARKET, path: 'twin', settings: SETTINGS });
  const path = `/v1/markets/${MARKET.id}`;
  await first.ask('POST', `${path}/candles`, { candles: recordedCandles(700) });
  const frozen = await snapshot(first);
  const { frame, signal } = await entry(first, frozen);
  const untold = await decided(first, await snapshot(first), frame);
  expect(untold.confidence).toBe(signal.confidence);

  expect(await tell(first, 'bot-1', signal.id)).toBe('taken');
  const taught = await snapshot(first);
  expect(await tell(first, 'bot-1', signal.id)).toBe('known');
  expect(await snapshot(first)).toBe(taught);
  const after = await decided(first, taught, frame);
  expect(after.confidence).toBeLessThan(signal.confidence ?? 0);
  // The model that was named is as it was.
  expect(await decided(first, frozen, frame)).toEqual(signal);
  // Counted, but of no decision that is known: nothing is learned.
  expect(await tell(first, 'bot-2', 'f'.repeat(64))).toBe('taken');
  expect(await tell(first, 'bot-3', null)).toBe('taken');
  const counted = await decided(first, await snapshot(first), frame);
  expect(counted.confidence).toBe(after.confidence);

  await first.ask('POST', `${path}/candles`, { candles: recordedCandles(5, 700) });
  const kept = await snapshot(first);
  await first[Symbol.asyncDispose]();
  await using second = await runService(options);
  const ask = (method: string, where: string, body?: unknown) =>
    second.ask(method, where, body, authorization);
  const again: RunningService = { ...second, ask };
  expect(await snapshot(again)).toBe(kept);
  expect(await tell(again, 'bot-1', signal.id)).toBe('known');
  expect(await snapshot(again)).toBe(kept);
  const verified = await ask('GET', `${path}/journal/verification`);
  expect(JournalVerification.parse(await verified.json())).toMatchObject({ valid: true });
  // The closed form learned it too, so it goes on deciding alike.
  const twin = await ask('GET', `${path}/twin?limit=5`);
  const { points } = TwinPage.parse(await twin.json());
  const decisions = await ask('GET', `${path}/decisions?order=latest&limit=5`);
  const { decisions: made } = (await decisions.json()) as {
    decisions: { body: { verdict: { preferences: number[] } | null; outcome: { kind: string } } }[];
  };
  expect(points.map(({ preferences, outcome }) => ({ preferences, outcome }))).toEqual(
    made.map(({ body: { verdict, outcome } }) => ({
      preferences: verdict?.preferences ?? null,
      outcome: outcome.kind,
    })),
  );
});
