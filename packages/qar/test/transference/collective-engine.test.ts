import { QubitPool } from '@sema/resource-pool';
import { describe, expect, test } from 'vitest';
import { SigningKey } from '@sema/synthesis-crypto';
import { ACTIONS } from '../../src/actions.ts';
import type { ConfigurationOverrides, DecisionPath } from '../../src/configuration.ts';
import { engineConfiguration } from '../../src/configuration.ts';
import { Engine } from '../../src/engine.ts';
import { JournalWriter, LONGEST_LINE } from '../../src/journal.ts';
import type { DecisionReceipt, Verdict } from '../../src/receipt.ts';
import { replayJournal } from '../../src/replay.ts';
import { countingClock } from '../counting-clock.ts';
import { DAY_MS, syntheticCandles } from '../synthetic-candles.ts';

const candles = syntheticCandles(480, 5);
const FIRST = 255;
/** The least threshold that can be set flags whatever is above nothing. */
const FLAG_ALL = 0;

function configurationOf(path: DecisionPath, overrides: ConfigurationOverrides) {
  const required = { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path };
  const risk = { minimumConfidence: 0.4, shorting: true, entriesOnFallback: true };
  return engineConfiguration(required, { risk, ...overrides });
}

function decide(engine: Engine, from = FIRST, to = candles.length): DecisionReceipt[] {
  return Array.from({ length: to - from }, (_, k) => {
    const end = from + k;
    return engine.step(candles, end, { now: candles.time[end] + DAY_MS }).receipt;
  });
}

function receiptsOf(path: DecisionPath, overrides: ConfigurationOverrides): DecisionReceipt[] {
  using engine = new Engine(configurationOf(path, overrides), { clock: countingClock() });
  return decide(engine);
}

function verdicts(receipts: readonly DecisionReceipt[]): Verdict[] {
  return receipts.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
}

const plain = verdicts(receiptsOf('twin', {}));

describe('a collective in the engine', () => {
  test('is off unless asked for, and leaves no trace then', () => {
    expect(plain.length).toBeGreaterThan(200);
    for (const verdict of plain) {
      expect(verdict).not.toHaveProperty('collective');
      expect(verdict).not.toHaveProperty('emergence');
    }
  });

  test.each(['consensus', 'divergent', 'breakthrough'] as const)(
    '%s is one more filter on what would have been decided',
    (type) => {
      const joined = verdicts(receiptsOf('twin', { collective: type }));
      expect(joined).toHaveLength(plain.length);
      let spoke = 0;
      joined.forEach(({ preferences, collective }, k) => {
        expect(collective?.type).toBe(type);
        expect(collective?.alone).toEqual(plain[k].preferences);
        const up = collective?.opinions[type] ?? null;
        if (up === null) return expect(preferences).toEqual(plain[k].preferences);
        spoke++;
        // Odds of long over short are multiplied by those of the opinion.
        const odds = (p: readonly number[]) => p[ACTIONS.indexOf('long')] / p[0];
        const ratio = odds(preferences) / odds(plain[k].preferences);
        expect(Math.abs(ratio / (up / (1 - up)) - 1)).toBeLessThan(1e-9);
      });
      expect(spoke).toBeGreaterThan(type === 'breakthrough' ? 0 : 100);
    },
  );

  test('decides by its circuits what it decides by its twin, to 1e-10', () => {
    const byTwin = verdicts(receiptsOf('twin', { collective: 'divergent' }).slice(0, 60));
    using engine = new Engine(configurationOf('quantum', { collective: 'divergent' }), {
      clock: countingClock(),
    });
    const byCircuits = decide(engine, FIRST, FIRST + 60);
    expect(byCircuits.every(({ path }) => path === 'quantum')).toBe(true);
    verdicts(byCircuits).forEach(({ preferences }, k) => {
      preferences.forEach((preference, action) => {
        expect(Math.abs(preference - byTwin[k].preferences[action])).toBeLessThan(1e-10);
      });
    });
  });

  test('falls back to its twin with everything else', () => {
    using engine = new Engine(configurationOf('quantum', { collective: 'consensus' }), {
      clock: countingClock(),
      pool: new QubitPool(1),
    });
    const receipts = decide(engine, FIRST, FIRST + 60).filter(({ verdict }) => verdict !== null);
    expect(receipts.length).toBeGreaterThan(0);
    expect(receipts.every(({ path, fallback }) => path === 'twin' && fallback !== null)).toBe(true);
    expect(receipts.every(({ verdict }) => verdict?.collective !== undefined)).toBe(true);
  });
});

describe('a deadline', () => {
  test('covers the circuits of the collective too', () => {
    // The clock moves on by 1 µs a reading: the other circuits read it a dozen times, paging more,
    // as soon as enough experts vote for there to be any.
    const pathsWith = (collective: 'consensus' | 'off') => {
      const configuration = configurationOf('quantum', { collective, circuitDeadlineMs: 0.04 });
      using engine = new Engine(configuration, { clock: countingClock() });
      const decided = decide(engine, FIRST, FIRST + 40).filter(({ verdict }) => verdict !== null);
      expect(decided.length).toBeGreaterThan(0);
      return new Set(decided.map(({ path, fallback }) => `${path} ${String(fallback)}`));
    };
    expect(pathsWith('off')).toEqual(new Set(['quantum null']));
    expect(pathsWith('consensus')).toContain('twin DEADLINE');
  });
});

describe('emergence in the engine', () => {
  const receipts = receiptsOf('twin', { emergenceThreshold: FLAG_ALL });

  test('changes no preference, and what it measures is in the receipt', () => {
    verdicts(receipts).forEach(({ emergence, ...verdict }, k) => {
      expect(verdict).toEqual(plain[k]);
      if (emergence === undefined) return;
      const { integration, synchrony, complexity, flagged, multiplier, contrarian } = emergence;
      expect(emergence.emergence).toBe(integration * synchrony * complexity);
      expect(flagged).toBe(emergence.emergence > FLAG_ALL);
      expect(multiplier).toBe(1 - emergence.emergence / 2);
      expect(contrarian !== null).toBe(flagged && verdict.action !== 'flat');
    });
  });

  test('a contrarian look hears only those who expect the opposite', () => {
    const looks = verdicts(receipts).flatMap(({ emergence, action }) =>
      emergence === undefined || emergence.contrarian === null
        ? []
        : [{ action, ...emergence.contrarian }],
    );
    expect(looks.length).toBeGreaterThan(0);
    for (const { action, votes, weight, probabilityUp } of looks) {
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThanOrEqual(1 + 1e-12);
      expect(probabilityUp === null).toBe(votes === 0);
      if (probabilityUp !== null) expect(probabilityUp < 0.5).toBe(action === 'long');
    }
  });

  test('a contrarian look counts every seat that votes the other way', () => {
    let looked = 0;
    for (const { seats, verdict } of receipts) {
      const contrarian = verdict?.emergence?.contrarian ?? null;
      if (verdict === null || contrarian === null) continue;
      const side = verdict.action === 'long' ? 1 : -1;
      const against = seats.filter(
        (seat) => 'probabilityUp' in seat && side * (seat.probabilityUp - 0.5) < 0,
      );
      expect(contrarian.votes).toBe(against.length);
      looked++;
    }
    expect(looked).toBeGreaterThan(0);
  });

  test('shrinks entries, through the gate', () => {
    const orders = (list: readonly DecisionReceipt[]) =>
      list.map(({ outcome }) => (outcome.kind === 'order' ? Math.abs(outcome.targetUnits) : 0));
    const before = orders(receiptsOf('twin', {}));
    const after = orders(receipts);
    const smaller = before.filter((units, k) => after[k] > 0 && after[k] < units);
    expect(smaller.length).toBeGreaterThan(0);
  });
});

describe('with both on', () => {
  const overrides = { collective: 'consensus', emergenceThreshold: FLAG_ALL } as const;

  test.each(['quantum', 'twin'] as const)('a journal replays without difference: %s', (path) => {
    const configuration = configurationOf(path, overrides);
    using engine = new Engine(configuration, { clock: countingClock() });
    const key = SigningKey.generate();
    const journal: string[] = [];
    const writer = new JournalWriter(key, (line) => journal.push(line));
    writer.append({
      kind: 'header',
      format: 'sema-journal',
      version: 2,
      configuration,
      data: { name: 'test', hash: null, candles: null },
      publicKey: key.verifyingKey.toText(),
    });
    const until = path === 'quantum' ? FIRST + 60 : candles.length;
    for (const receipt of decide(engine, FIRST, until)) writer.append(receipt);
    expect(Math.max(...journal.map((line) => line.length))).toBeLessThan(LONGEST_LINE / 8);
    const { differenceCount } = replayJournal(journal, candles, { clock: countingClock() });
    expect(differenceCount).toBe(0);
  });

  test('an engine goes on from its snapshot bit for bit', () => {
    const configuration = configurationOf('twin', overrides);
    using engine = new Engine(configuration, { clock: countingClock() });
    decide(engine, FIRST, 400);
    const snapshot = engine.snapshot();
    using restored = Engine.restore(configuration, { clock: countingClock() }, snapshot);
    expect(decide(restored, 400)).toEqual(decide(engine, 400));
    expect(restored.snapshot()).toEqual(engine.snapshot());
  });

  test('a snapshot taken without the board state is refused', () => {
    using engine = new Engine(configurationOf('twin', {}), { clock: countingClock() });
    decide(engine, FIRST, 300);
    const asking = configurationOf('twin', overrides);
    expect(() =>
      Engine.restore(asking, { clock: countingClock() }, engine.snapshot()),
    ).toThrowError(expect.objectContaining({ code: 'BAD_SNAPSHOT' }));
  });
});
