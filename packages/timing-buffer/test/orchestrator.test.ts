import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Orchestrator, VirtualClock } from '../src/index.ts';
import type { Occasion, OrchestratorOptions } from '../src/index.ts';
import { expectCode } from './expect-code.ts';

function start(options: Partial<OrchestratorOptions> = {}): {
  clock: VirtualClock;
  orchestrator: Orchestrator;
  failures: unknown[];
} {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const orchestrator = new Orchestrator({
    clock,
    capacityEvents: 100,
    batchNs: 0,
    lateNs: 1,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { clock, orchestrator, failures };
}

const nothing = (): void => undefined;

describe('the order of events', () => {
  test('is by time, then priority, then id', async () => {
    const { clock, orchestrator } = start();
    const ran: string[] = [];
    const at = (timeNs: number, priority: number, name: string): void => {
      orchestrator.schedule({ timeNs, priority, run: () => void ran.push(name) });
    };
    at(20, 0, 'later');
    at(10, 5, 'unimportant');
    at(10, 1, 'first of two');
    at(10, 1, 'second of two');
    await orchestrator.run(clock);
    expect(ran).toEqual(['first of two', 'second of two', 'unimportant', 'later']);
  });

  test('is that of a sort, whatever is scheduled and cancelled', async () => {
    const request = fc.record({
      timeNs: fc.nat(20),
      priority: fc.integer({ min: -2, max: 2 }),
      cancelled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 60 }), async (requests) => {
        const { clock, orchestrator } = start();
        const ran: number[] = [];
        const ids = requests.map(({ timeNs, priority }) =>
          orchestrator.schedule({ timeNs, priority, run: ({ id }) => void ran.push(id) }),
        );
        requests.forEach(({ cancelled }, index) => {
          if (cancelled) expect(orchestrator.cancel(ids[index] ?? NaN)).toBe(true);
        });
        await orchestrator.run(clock);
        const expected = requests
          .map((event, id) => ({ ...event, id }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.timeNs - b.timeNs || a.priority - b.priority || a.id - b.id)
          .map(({ id }) => id);
        expect(ran).toEqual(expected);
        expect(orchestrator.metrics).toMatchObject({ waiting: 0, ran: expected.length });
      }),
    );
  });
});

describe('a bounded queue', () => {
  test('turns requests away and says so, until there is room', async () => {
    const { clock, orchestrator } = start({ capacityEvents: 2 });
    const event = { timeNs: 1, priority: 0, run: nothing };
    expect([1, 2, 3].map(() => orchestrator.schedule(event))).toEqual([0, 1, undefined]);
    expect(orchestrator.metrics).toMatchObject({ waiting: 2, refused: 1 });
    await orchestrator.run(clock);
    expect(orchestrator.schedule(event)).toBe(2);
  });

  test('keeps the place of a periodic event while it runs', async () => {
    const { clock, orchestrator } = start({ capacityEvents: 1 });
    const answers: unknown[] = [];
    orchestrator.every({
      timeNs: 0,
      periodNs: 10,
      priority: 0,
      run: () => answers.push(orchestrator.schedule({ timeNs: 5, priority: 0, run: nothing })),
    });
    await orchestrator.run(clock, 25);
    expect(answers).toEqual([undefined, undefined, undefined]);
  });
});

describe('cancelling', () => {
  test('works once, and not after the event', async () => {
    const { clock, orchestrator } = start();
    const id = orchestrator.schedule({ timeNs: 1, priority: 0, run: nothing }) ?? NaN;
    expect([orchestrator.cancel(id), orchestrator.cancel(id)]).toEqual([true, false]);
    const ran = orchestrator.schedule({ timeNs: 1, priority: 0, run: nothing }) ?? NaN;
    await orchestrator.run(clock);
    expect(orchestrator.cancel(ran)).toBe(false);
    expect(orchestrator.metrics).toMatchObject({ ran: 1, cancelled: 1 });
  });

  test('stops a periodic event, also from within', async () => {
    const { clock, orchestrator } = start();
    const times: number[] = [];
    orchestrator.every({
      timeNs: 5,
      periodNs: 10,
      priority: 0,
      run: ({ id, intendedNs }) => {
        times.push(intendedNs);
        if (times.length === 3) orchestrator.cancel(id);
      },
    });
    await orchestrator.run(clock);
    expect(times).toEqual([5, 15, 25]);
  });
});

describe('an event that fails', () => {
  test('is reported and stops nothing, periodic or not', async () => {
    const { clock, orchestrator, failures } = start();
    const bad = new Error('bad');
    const run = (): void => {
      throw bad;
    };
    let ran = 0;
    orchestrator.schedule({ timeNs: 1, priority: 0, run });
    orchestrator.every({ timeNs: 0, periodNs: 10, priority: 0, run });
    orchestrator.schedule({ timeNs: 20, priority: 1, run: () => (ran += 1) });
    await orchestrator.run(clock, 30);
    expect(failures).toEqual([bad, bad, bad, bad]);
    expect(ran).toBe(1);
    expect(orchestrator.metrics).toMatchObject({ ran: 5, failed: 4 });
  });

  test('stops nothing even when the report fails too', async () => {
    const fail = (): never => {
      throw new Error('no');
    };
    const { clock, orchestrator } = start({ onFailure: fail });
    orchestrator.schedule({ timeNs: 1, priority: 0, run: fail });
    orchestrator.schedule({ timeNs: 2, priority: 0, run: nothing });
    await orchestrator.run(clock);
    expect(orchestrator.metrics).toMatchObject({ ran: 2, failed: 2 });
  });
});

describe('lateness', () => {
  test('an event in the past runs at once and is counted', () => {
    const { clock, orchestrator } = start({ lateNs: 50 });
    clock.advance(1000);
    const seen: Occasion[] = [];
    orchestrator.schedule({
      timeNs: 960,
      priority: 0,
      run: (occasion) => void seen.push(occasion),
    });
    orchestrator.schedule({
      timeNs: 900,
      priority: 0,
      run: (occasion) => void seen.push(occasion),
    });
    expect(orchestrator.runDue()).toBe(2);
    expect(seen).toEqual([
      { id: 1, intendedNs: 900, startedNs: 1000, missed: 0 },
      { id: 0, intendedNs: 960, startedNs: 1000, missed: 0 },
    ]);
    expect(orchestrator.metrics.late).toBe(1);
    expect(orchestrator.lateness.maxNs).toBe(100);
  });

  test('a stall shows in full, and the schedule does not drift', async () => {
    const { clock, orchestrator } = start();
    const seen: Pick<Occasion, 'intendedNs' | 'startedNs' | 'missed'>[] = [];
    orchestrator.every({
      timeNs: 0,
      periodNs: 100,
      priority: 0,
      run: ({ intendedNs, startedNs, missed }) => {
        seen.push({ intendedNs, startedNs, missed });
        if (intendedNs === 100) clock.advance(350);
      },
    });
    await orchestrator.run(clock, 600);
    expect(seen).toEqual([
      { intendedNs: 0, startedNs: 0, missed: 0 },
      { intendedNs: 100, startedNs: 100, missed: 0 },
      // At 450, two beats have been passed over: 250 and 150 ns late. The third is 50 ns late.
      { intendedNs: 400, startedNs: 450, missed: 2 },
      { intendedNs: 500, startedNs: 500, missed: 0 },
    ]);
    expect(orchestrator.metrics).toMatchObject({ ran: 4, missed: 2, late: 3 });
    expect(orchestrator.lateness.count).toBe(6);
    expect(orchestrator.lateness.maxNs).toBe(250);
  });

  test('10⁶ beats with random stalls keep to their grid', async () => {
    const { clock, orchestrator } = start();
    let seed = 1;
    let offGrid = 0;
    orchestrator.every({
      timeNs: 7,
      periodNs: 1000,
      priority: 0,
      run: ({ intendedNs, startedNs }) => {
        if (intendedNs % 1000 !== 7 || startedNs - intendedNs >= 1000) offGrid += 1;
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        clock.advance(seed >>> 21);
      },
    });
    await orchestrator.run(clock, 1e9);
    expect(offGrid).toBe(0);
    const { ran, missed } = orchestrator.metrics;
    expect(ran + missed).toBe(1e6);
  });
});

test('events less than a batch apart run on one awakening', async () => {
  const { clock, orchestrator } = start({ batchNs: 1000 });
  const waits: number[] = [];
  const waiter = {
    wait: (untilNs: number): void => {
      waits.push(untilNs);
      clock.wait(untilNs);
    },
  };
  for (const timeNs of [5000, 5999, 6000, 6001]) {
    orchestrator.schedule({ timeNs, priority: 0, run: nothing });
  }
  await orchestrator.run(waiter);
  expect(waits).toEqual([5000, 6000]);
  expect(orchestrator.metrics.late).toBe(0);
});

test('an event that schedules itself at once cannot keep runDue from returning', () => {
  const { orchestrator } = start();
  const run = (): void => void orchestrator.schedule({ timeNs: 0, priority: 0, run });
  run();
  expect([orchestrator.runDue(), orchestrator.runDue()]).toEqual([1, 1]);
});

test('under a virtual clock two runs are the same, event by event', async () => {
  const trace = async (): Promise<string[]> => {
    const { clock, orchestrator } = start({ batchNs: 1000, capacityEvents: 40 });
    const lines: string[] = [];
    let seed = 42;
    const random = (bound: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % bound;
    };
    const run = ({ id, startedNs, missed }: Occasion): void => {
      lines.push(`${id} ${startedNs} ${missed}`);
      clock.advance(random(3000));
      const timeNs = startedNs + random(100_000);
      orchestrator.schedule({ timeNs, priority: random(3), run });
      if (random(4) === 0) orchestrator.cancel(random(200));
      if (random(9) === 0) throw new Error('now and then');
    };
    orchestrator.every({ timeNs: 0, periodNs: 25_000, priority: 0, run });
    await orchestrator.run(clock, 3_000_000);
    return [...lines, JSON.stringify(orchestrator.metrics)];
  };
  const first = await trace();
  expect(first.length).toBeGreaterThan(100);
  expect(await trace()).toEqual(first);
});

describe('what an orchestrator refuses', () => {
  test.each([NaN, -1, 0.5, Infinity, 2 ** 53])('an event at %d ns', (timeNs) => {
    const { orchestrator } = start();
    expectCode('TIMESTAMP_OUT_OF_RANGE', () =>
      orchestrator.schedule({ timeNs, priority: 0, run: nothing }),
    );
  });

  test.each([NaN, 0, -5, 0.5, Infinity])('a period of %d ns', (periodNs) => {
    const { orchestrator } = start();
    expectCode('DURATION_OUT_OF_RANGE', () =>
      orchestrator.every({ timeNs: 0, periodNs, priority: 0, run: nothing }),
    );
  });

  test('a priority that is no number, a capacity of nothing, a negative batch', () => {
    const { orchestrator } = start();
    expectCode('PRIORITY_OUT_OF_RANGE', () =>
      orchestrator.schedule({ timeNs: 0, priority: NaN, run: nothing }),
    );
    expectCode('CAPACITY_OUT_OF_RANGE', () => start({ capacityEvents: 0 }));
    expectCode('DURATION_OUT_OF_RANGE', () => start({ batchNs: -1 }));
    expectCode('DURATION_OUT_OF_RANGE', () => start({ lateNs: NaN }));
    expectCode('DURATION_OUT_OF_RANGE', () => new VirtualClock().advance(-1));
  });
});
