import { SigningKey } from '@sema/synthesis-crypto';
import {
  bareProtection,
  faultlessProtection,
  FIVE_QUBIT_CODE,
  TRANSMON,
  TRAPPED_ION,
  unprotectedFidelity,
} from '@sema/timing-buffer/quantum-memory';
import type { BankOptions, CoherenceTimes } from '@sema/timing-buffer/quantum-memory';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import { Session } from '../src/session.ts';
import type { TickAnswer } from '../src/session.ts';
import { replayJournal } from '../src/replay.ts';
import { TickMemory } from '../src/tick-memory.ts';
import type { MemoryAnswer } from '../src/tick-memory.ts';
import { countingClock } from './counting-clock.ts';
import { candleAt, MemoryStore } from './memory-store.ts';
import { syntheticCandles } from './synthetic-candles.ts';

const SECOND_MS = 1000;
const COUNT = 296;
const walk = syntheticCandles(COUNT, 3);
const candles = { ...walk, time: walk.time.map((_, i) => i * SECOND_MS) };
const key = SigningKey.generate();
const configuration = engineConfiguration(
  { pair: 'TEST', intervalMs: SECOND_MS, periodsPerYear: 31_557_600, path: 'twin' },
  { risk: { minimumConfidence: 0.4, shorting: true } },
);

/** One bank by a five-qubit code that is checked each millisecond. */
function codedBank(times: CoherenceTimes, capacityQubits = 4): BankOptions {
  const protection = faultlessProtection(FIVE_QUBIT_CODE, times, 1e6);
  return { name: 'ms', longestNs: 60e9, capacityQubits, protection };
}

function open(store: MemoryStore, memory?: TickMemory): Session {
  return new Session(store, {
    configuration,
    clock: countingClock(),
    key,
    name: 'TEST',
    snapshotEvery: 64,
    clockToleranceMs: 0,
    now: ({ time }) => time + SECOND_MS,
    ...(memory !== undefined && { memory }),
  });
}

async function feed(session: Session): Promise<TickAnswer[]> {
  const answers: TickAnswer[] = [];
  for (let index = 0; index < COUNT; index++) {
    const candle = candleAt(candles, index);
    answers.push(await session.tick(candle, candle.time + SECOND_MS));
  }
  return answers;
}

function memories(answers: readonly TickAnswer[]): MemoryAnswer[] {
  return answers.flatMap(({ memory }) => memory ?? []);
}

const reference = new MemoryStore();
{
  using session = open(reference);
  for (let index = 0; index < COUNT; index++) {
    const candle = candleAt(candles, index);
    session.push(candle, candle.time + SECOND_MS);
  }
}

describe('a session with a memory', () => {
  test('says how well the state was kept over a tick, beside a bare qubit', async () => {
    const memory = new TickMemory({ banks: [codedBank(TRAPPED_ION)], unprotected: TRAPPED_ION });
    using session = open(new MemoryStore(), memory);
    const answers = memories(await feed(session));
    expect(answers[0]).toEqual({ status: 'empty' });
    expect(answers).toHaveLength(COUNT - 255);
    const protection = faultlessProtection(FIVE_QUBIT_CODE, TRAPPED_ION, 1e6);
    for (const answer of answers.slice(1)) {
      expect(answer).toMatchObject({
        status: 'retrieved',
        bank: 'ms',
        keptNs: 1e9,
        expectedFidelity: protection.fidelityAfter(1e9),
        unprotectedFidelity: unprotectedFidelity(TRAPPED_ION, 1e9),
      });
    }
    expect(protection.fidelityAfter(1e9)).toBeGreaterThan(unprotectedFidelity(TRAPPED_ION, 1e9));
    expect(memory.metrics.ms).toMatchObject({ heldQubits: 4, retrieved: COUNT - 256, evicted: 0 });
  });

  test('shows a decayed state, and how far its weights are from the exact ones', async () => {
    const banks = [{ ...codedBank(TRANSMON), protection: bareProtection(TRANSMON) }];
    using session = open(new MemoryStore(), new TickMemory({ banks, unprotected: TRANSMON }));
    const answers = memories(await feed(session)).slice(1);
    for (const answer of answers) {
      if (answer.status !== 'retrieved') throw new Error(answer.status);
      // All four qubits have relaxed to 0, where the amplitude of the first expert alone is left.
      expect(answer.fidelity).toBeLessThan(0.2);
      expect(answer.weightDistance).toBeGreaterThan(0.8);
      expect(answer.expectedFidelity).toBeCloseTo(0.5, 12);
    }
  });

  test('gives the same report again, since all that goes into it is in receipts', async () => {
    // Half of all states suffer an error, so that equal reports are no accident.
    const times = { t1Ns: 2e9, t2Ns: 2e9 };
    const banks = [{ ...codedBank(times), protection: bareProtection(times) }];
    const reports: MemoryAnswer[][] = [];
    for (let run = 0; run < 2; run++) {
      using session = open(new MemoryStore(), new TickMemory({ banks, unprotected: times }));
      reports.push(memories(await feed(session)));
    }
    expect(reports[0]).toEqual(reports[1]);
    const fidelities = new Set(reports[0].map((a) => (a.status === 'retrieved' ? a.fidelity : 0)));
    expect(fidelities.size).toBeGreaterThan(10);
  });
});

describe('the decision is on the exact weights', () => {
  const hopeless = [{ ...codedBank(TRANSMON), protection: bareProtection(TRANSMON) }];
  const tooShort = [{ ...codedBank(TRANSMON), longestNs: 1e6 }];

  test.each([
    ['decayed', hopeless, 'retrieved'],
    ['refused', tooShort, 'lost'],
  ] as const)(
    'when the state is %s: the journal is that of no memory',
    async (_, banks, status) => {
      const store = new MemoryStore();
      using session = open(store, new TickMemory({ banks, unprotected: TRANSMON }));
      const answers = memories(await feed(session));
      expect(new Set(answers.slice(1).map((answer) => answer.status))).toEqual(new Set([status]));
      expect(store.journal()).toEqual(reference.journal());
      const replayed = replayJournal(store.journal(), candles, { clock: countingClock() });
      expect(replayed).toMatchObject({ decisions: COUNT - 255, differenceCount: 0 });
    },
  );

  test('when another session evicted the state: the answer says so', async () => {
    const memory = new TickMemory({ banks: [codedBank(TRAPPED_ION)], unprotected: TRAPPED_ION });
    const stores = [new MemoryStore(), new MemoryStore()];
    using first = open(stores[0], memory);
    using second = open(stores[1], memory);
    const answers: [TickAnswer[], TickAnswer[]] = [[], []];
    for (let index = 0; index < COUNT; index++) {
      const candle = candleAt(candles, index);
      answers[0].push(await first.tick(candle, candle.time + SECOND_MS));
      answers[1].push(await second.tick(candle, candle.time + SECOND_MS));
    }
    const evicted = { status: 'lost', code: 'STATE_EVICTED' };
    expect(
      new Set(
        memories(answers[0])
          .slice(1)
          .map((a) => JSON.stringify(a)),
      ),
    ).toEqual(new Set([JSON.stringify(evicted)]));
    expect(stores[0].journal()).toEqual(reference.journal());
    expect(stores[1].journal()).toEqual(reference.journal());
  });

  test('when ticks are not waited for: states are kept in the order of the candles', async () => {
    const options = { banks: [codedBank(TRAPPED_ION)], unprotected: TRAPPED_ION };
    using patient = open(new MemoryStore(), new TickMemory(options));
    using hasty = open(new MemoryStore(), new TickMemory(options));
    const expected = await feed(patient);
    const ticks = Array.from({ length: COUNT }, (_, index) => {
      const candle = candleAt(candles, index);
      return hasty.tick(candle, candle.time + SECOND_MS);
    });
    expect(memories(await Promise.all(ticks))).toEqual(memories(expected));
  });
});

test('a candle that is not decided on leaves the memory alone', async () => {
  const memory = new TickMemory({ banks: [codedBank(TRAPPED_ION)], unprotected: TRAPPED_ION });
  using session = open(new MemoryStore(), memory);
  await feed(session);
  const before = memory.metrics;
  const again = candleAt(candles, COUNT - 1);
  expect((await session.tick(again, again.time + SECOND_MS)).memory).toBeUndefined();
  expect(memory.metrics).toEqual(before);
});

test('a memory of impossible coherence times or banks is refused', () => {
  const bad = { t1Ns: 1, t2Ns: 3 };
  expect(() => new TickMemory({ banks: [codedBank(TRANSMON)], unprotected: bad })).toThrow(
    expect.objectContaining({ code: 'INVALID_COHERENCE_TIMES' }),
  );
  expect(() => new TickMemory({ banks: [], unprotected: TRANSMON })).toThrow(
    expect.objectContaining({ code: 'BANKS_OUT_OF_ORDER' }),
  );
});
