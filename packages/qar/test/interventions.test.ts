import { SigningKey } from '@sema/synthesis-crypto';
import { describe, expect, test } from 'vitest';
import { engineConfiguration, replayJournal, verifyJournal, whatIf } from '../src/index.ts';
import type { Intervention, Session } from '../src/index.ts';
import { countingClock } from './counting-clock.ts';
import { candleAt, MemoryStore } from './memory-store.ts';
import { openSession } from './open-session.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const configuration = engineConfiguration(
  { pair: 'A/B', intervalMs: DAY_MS, periodsPerYear: 365, path: 'twin' },
  { risk: { minimumConfidence: 0, minimumVotes: 1 } },
);
const candles = syntheticCandles(330, 5);
const HALT = { kind: 'halt', reason: 'news', who: 'ann' } as const;
const RESUME = { kind: 'resume', reason: 'over', who: 'ann' } as const;
const LOSS: Intervention = {
  kind: 'trade',
  id: 't1',
  closedAt: candles.time[300],
  return: -0.02,
  stopped: true,
  who: 'bot',
};

function feed(session: Session, from: number, to: number): string[] {
  const states: string[] = [];
  for (let i = from; i < to; i++) {
    const { step } = session.push(candleAt(candles, i), candles.time[i] + DAY_MS);
    if (step !== undefined) states.push(step.receipt.trading);
  }
  return states;
}

describe('an intervention', () => {
  test('acts on the decisions after it, and verification and replay take it in', () => {
    const store = new MemoryStore();
    using key = SigningKey.generate();
    using session = openSession(store, key, configuration);
    expect(feed(session, 0, 280).every((state) => state === 'ACTIVE')).toBe(true);
    expect(session.intervene(HALT, 1)).toMatchObject({ sequence: 25, at: 1, trading: 'HALTED' });
    expect(feed(session, 280, 290).every((state) => state === 'HALTED')).toBe(true);
    expect(session.intervene(RESUME, 2)).toMatchObject({ trading: 'ACTIVE' });
    session.intervene(LOSS, 3);
    expect(feed(session, 290, 300).every((state) => state === 'ACTIVE')).toBe(true);
    expect(session.risk.trades.at(-1)).toMatchObject({ return: -0.02, stopped: true });
    expect(verifyJournal(store.journal())).toMatchObject({ valid: true, receipts: 45 });
    const replay = replayJournal(store.journal(), candles, { clock: countingClock() });
    expect(replay).toMatchObject({ decisions: 45, differenceCount: 0 });
    const same = whatIf(store.journal(), candles, {
      clock: countingClock(),
      change: (recorded) => recorded,
      most: 10,
    });
    expect(same.different).toBe(0);
  });

  test('survives a restart at any place around a snapshot', () => {
    using key = SigningKey.generate();
    const straight = new MemoryStore();
    using whole = openSession(straight, key, configuration);
    feed(whole, 0, 280);
    whole.intervene(HALT, 1);
    whole.intervene(LOSS, 1);
    feed(whole, 280, 285);
    whole.intervene(RESUME, 2);
    feed(whole, 285, 300);
    for (const snapshotAt of ['before', 'between', 'after', 'never']) {
      const store = new MemoryStore();
      const first = openSession(store, key, configuration);
      feed(first, 0, 280);
      if (snapshotAt === 'before') first.checkpoint();
      first.intervene(HALT, 1);
      if (snapshotAt === 'between') first.checkpoint();
      first.intervene(LOSS, 1);
      if (snapshotAt === 'after') first.checkpoint();
      first[Symbol.dispose]();
      using second = openSession(store, key, configuration);
      expect(second.risk.trading).toBe('HALTED');
      expect(second.recovery.snapshot).toBe(snapshotAt === 'never' ? 'none' : 'used');
      feed(second, 280, 285);
      second.intervene(RESUME, 2);
      feed(second, 285, 300);
      expect(store.journal()).toEqual(straight.journal());
    }
  });

  test('in a changed journal is noticed', () => {
    const store = new MemoryStore();
    using key = SigningKey.generate();
    using session = openSession(store, key, configuration);
    feed(session, 0, 260);
    session.intervene(HALT, 1);
    feed(session, 260, 262);
    const lines = [...store.journal()];
    const halt = lines.findIndex((line) => line.includes('"news"'));
    const changed = lines.map((line) => line.replace('"news"', '"fun"'));
    expect(verifyJournal(changed)).toMatchObject({ valid: false, reason: 'CHAIN_BROKEN' });
    const without = lines.filter((_, index) => index !== halt);
    expect(verifyJournal(without)).toMatchObject({ valid: false, reason: 'CHAIN_BROKEN' });
  });

  test('that says nothing, or no sound return, is refused and changes nothing', () => {
    const store = new MemoryStore();
    using key = SigningKey.generate();
    using session = openSession(store, key, configuration);
    const code = 'BAD_INTERVENTION';
    for (const bad of [
      { ...HALT, reason: '' },
      { ...HALT, who: 'x'.repeat(1001) },
    ]) {
      expect(() => session.intervene(bad, 1)).toThrow(expect.objectContaining({ code }));
    }
    for (const value of [NaN, -Infinity, -1.5]) {
      const bad = { ...LOSS, return: value };
      expect(() => session.intervene(bad, 1)).toThrow(expect.objectContaining({ code }));
    }
    expect(store.journal()).toHaveLength(1);
    expect(session.risk.trading).toBe('ACTIVE');
  });
});
