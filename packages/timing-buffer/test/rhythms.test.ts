import { expect, test } from 'vitest';
import { Orchestrator, RHYTHMS, RhythmSchedule, VirtualClock } from '../src/index.ts';
import type { Rhythm } from '../src/index.ts';

function schedule(startNs: number): {
  clock: VirtualClock;
  orchestrator: Orchestrator;
  rhythms: RhythmSchedule;
} {
  const clock = new VirtualClock();
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 10,
    batchNs: 0,
    lateNs: 1,
    onFailure: (error) => expect.fail(String(error)),
  });
  return { clock, orchestrator, rhythms: new RhythmSchedule(orchestrator, { startNs }) };
}

test('in 2 s every rhythm and layer beats as often as its period says', async () => {
  const { clock, orchestrator, rhythms } = schedule(0);
  const beats = new Map<Rhythm, number>();
  for (const rhythm of RHYTHMS) {
    const run = ({ beat }: { beat: number }): void => {
      expect(beat).toBe(beats.get(rhythm) ?? 0);
      beats.set(rhythm, beat + 1);
    };
    if (rhythm !== 'circuit') rhythms.subscribe(rhythm, 0, { priority: 0, run });
  }
  await orchestrator.run(clock, 2e9);
  expect(Object.fromEntries(beats)).toEqual({
    gamma: 80,
    beta: 40,
    theta: 12,
    delta: 4,
    market: 2000,
    pattern: 20,
    strategy: 2,
  });
});

test('the fastest layer beats every microsecond', async () => {
  const { clock, orchestrator, rhythms } = schedule(0);
  let last = -1;
  rhythms.subscribe('circuit', 0, { priority: 0, run: ({ beat }) => (last = beat) });
  await orchestrator.run(clock, 1_000_000);
  expect(last).toBe(999);
});

test('rhythms that beat together run by priority, from one origin whenever joined', async () => {
  const { clock, orchestrator, rhythms } = schedule(1_000);
  const seen: string[] = [];
  const note = (priority: number): { priority: number; run: (beat: Noted) => void } => ({
    priority,
    run: ({ rhythm, beat, intendedNs }) => seen.push(`${rhythm} ${beat} at ${intendedNs}`),
  });
  rhythms.subscribe('gamma', 30_000_000, note(1));
  rhythms.subscribe('beta', 1_001, note(0));
  await orchestrator.run(clock, 100_001_001);
  expect(seen).toEqual([
    'beta 1 at 50001000',
    'gamma 2 at 50001000',
    'gamma 3 at 75001000',
    'beta 2 at 100001000',
    'gamma 4 at 100001000',
  ]);
});

interface Noted {
  readonly rhythm: Rhythm;
  readonly beat: number;
  readonly intendedNs: number;
}

test('a subscription ends when it is cancelled, and none is made when the queue is full', () => {
  const { clock, orchestrator, rhythms } = schedule(0);
  let beats = 0;
  const subscriber = { priority: 0, run: () => void (beats += 1) };
  const ids = Array.from({ length: 11 }, () => rhythms.subscribe('gamma', 0, subscriber));
  expect(ids[10]).toBeUndefined();
  for (const id of ids.slice(0, 9)) orchestrator.cancel(id ?? NaN);
  clock.advance(25_000_000);
  orchestrator.runDue();
  expect(beats).toBe(1);
});
