import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import {
  engineConfiguration,
  FrameDecider,
  replayJournal,
  snapshotConfiguration,
  verifyJournal,
  whatIf,
} from '../src/index.ts';
import type { Intervention, TradedDecision, Session } from '../src/index.ts';
import { BasalGanglia } from '../src/selection/basal-ganglia.ts';
import { evidenceOf } from '../src/selection/evidence.ts';
import { countingClock } from './counting-clock.ts';
import { candleAt, MemoryStore } from './memory-store.ts';
import { openSession } from './open-session.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const configuration = engineConfiguration(
  { pair: 'A/B', intervalMs: DAY_MS, periodsPerYear: 365, path: 'twin' },
  { positionCandles: 4, risk: { minimumConfidence: 0, minimumVotes: 1 } },
);
const candles = syntheticCandles(330, 5);
const DECISION: TradedDecision = { id: 'd1', side: 1, evidence: 1.5, regime: 'trending' };

function trade(id: string, earned: number, decision?: TradedDecision): Intervention {
  const closed = { id, closedAt: candles.time[300], return: earned, stopped: false, who: 'bot' };
  return { kind: 'trade', ...closed, ...(decision !== undefined && { decision }) };
}

/** Feeds candles [from, to), and gives the model that each decision was made by. */
function feed(session: Session, from: number, to: number): string[] {
  const models: string[] = [];
  for (let i = from; i < to; i++) {
    const { step } = session.push(candleAt(candles, i), candles.time[i] + DAY_MS);
    if (step !== undefined) models.push(step.receipt.model);
  }
  return models;
}

/** The model's hash in a session that was told of these trades after 300 candles. */
function modelAfter(told: readonly Intervention[]): string {
  const store = new MemoryStore();
  using key = SigningKey.generate();
  using session = openSession(store, key, configuration);
  feed(session, 0, 300);
  for (const one of told) session.intervene(one, 1);
  session.checkpoint();
  const snapshot = store.snapshot() ?? new Uint8Array();
  expect(snapshotConfiguration(snapshot)).toEqual(configuration);
  using decider = new FrameDecider(configuration, { clock: countingClock(), snapshot });
  return decider.model;
}

describe('a trade whose decision is known', () => {
  test('is in the model from then on, and one whose decision is not known is not', () => {
    const untold = modelAfter([]);
    expect(modelAfter([trade('t', 0.01)])).toBe(untold);
    const won = modelAfter([trade('t', 0.01, DECISION)]);
    const lost = modelAfter([trade('t', -0.01, DECISION)]);
    const other = modelAfter([trade('t', 0.01, { ...DECISION, evidence: 1.25 })]);
    expect(new Set([untold, won, lost, other]).size).toBe(4);
    // What is learned is whether it paid, by its decision: not what it was called or how much.
    expect(modelAfter([trade('u', 0.5, { ...DECISION, id: 'd2' })])).toBe(won);
  });

  test('is learned again by replay, what-if and a session that is opened anew', () => {
    using key = SigningKey.generate();
    const straight = new MemoryStore();
    using whole = openSession(straight, key, configuration);
    feed(whole, 0, 290);
    whole.intervene(trade('t1', -0.01, DECISION), 1);
    whole.intervene(trade('t2', 0.02, { ...DECISION, side: -1 }), 1);
    const models = feed(whole, 290, 310);
    const clock = countingClock();
    const lines = [...straight.journal()];
    expect(verifyJournal(lines)).toMatchObject({ valid: true });
    expect(replayJournal(lines, candles, { clock })).toMatchObject({ differenceCount: 0 });
    const options = { clock, most: 10, change: (recorded: typeof configuration) => recorded };
    expect(whatIf(lines, candles, options).different).toBe(0);
    const untold = lines.map((line) => line.replace(/,"decision":\{"id":"d1"[^}]*\}/, ''));
    expect(replayJournal(untold, candles, { clock }).differenceCount).toBeGreaterThan(0);
    for (const checkpointed of [false, true]) {
      const store = new MemoryStore();
      const first = openSession(store, key, configuration);
      feed(first, 0, 290);
      if (checkpointed) first.checkpoint();
      first.intervene(trade('t1', -0.01, DECISION), 1);
      first.intervene(trade('t2', 0.02, { ...DECISION, side: -1 }), 1);
      first[Symbol.dispose]();
      using second = openSession(store, key, configuration);
      expect(feed(second, 290, 310)).toEqual(models);
      expect([...store.journal()]).toEqual(lines);
    }
  });

  test.each([
    { ...DECISION, id: '' },
    { ...DECISION, side: 0 },
    { ...DECISION, evidence: NaN },
    { ...DECISION, evidence: 8 },
    { ...DECISION, regime: 'calm' },
  ])('is refused for a decision that is none, and changes nothing', (bad) => {
    const store = new MemoryStore();
    using key = SigningKey.generate();
    using session = openSession(store, key, configuration);
    // What comes from outside may be anything.
    expect(() => session.intervene(trade('t', 0.01, bad as TradedDecision), 1)).toThrow(
      expect.objectContaining({ code: 'BAD_INTERVENTION' }),
    );
    expect(store.journal()).toHaveLength(1);
    expect(session.risk.trades).toEqual([]);
  });
});

describe('positions that were really taken', () => {
  const options = { ...configuration, recordMemory: 100 };
  const preferences = Float64Array.of(0.1, 0.1, 0.8);
  const evidence = evidenceOf(0.8);

  function after(outcomes: readonly boolean[]) {
    const selection = new BasalGanglia(options);
    for (const profitable of outcomes) {
      selection.learnTaken({ side: 1, evidence, regime: 1, went: true, profitable });
    }
    return selection.foresee(preferences, 'trending');
  }

  test('give a confidence from the tenth on, that follows how often they paid', () => {
    const outcomes = (wins: number, count: number) =>
      Array.from({ length: count }, (_, index) => (index * wins) % count < wins);
    expect(after(outcomes(9, 9)).confidence).toBeUndefined();
    const [rarely, evenly, often] = [10, 20, 30].map(
      (wins) => after(outcomes(wins, 40)).confidence,
    );
    expect(rarely).toBeLessThan(0.4);
    expect(evenly).toBeCloseTo(0.5, 1);
    expect(often).toBeGreaterThan(0.6);
  });

  test('that were lost raise the bar for evidence of their regime', () => {
    const [won, lost] = [true, false].map((profitable) => after(Array(20).fill(profitable)));
    expect(lost.wrongShare).toBeGreaterThan(0.5);
    expect(lost.goLevel).toBeLessThan(won.goLevel ?? 0);
    expect(lost.go).toBe(false);
  });
});
