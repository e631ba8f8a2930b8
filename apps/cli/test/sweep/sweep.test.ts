import { setImmediate } from 'node:timers/promises';
import { PortError, type Ports } from '@sema/qar/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SweepTooLarge } from '../../src/sweep/coordinator.ts';
import { performWork } from '../../src/sweep/outcome.ts';
import { sweepTable } from '../../src/sweep/sweep-table.ts';
import {
  candlesName,
  encodeTask,
  outcomeName,
  submissionId,
  sweepQueue,
} from '../../src/sweep/sweep-task.ts';
import { runWorker, type SweepPorts } from '../../src/sweep/worker.ts';
import { candlesOf, outcomesOf, plan, PROGRAM, workerOptions, world } from './sweep-fixture.ts';

const candles = candlesOf();
const grid = plan();
const windows = plan({ windows: 1, candles: candlesOf(360) });
const [[firstTask, firstWork]] = grid.tasks;

function tableOf(outcomes: Awaited<ReturnType<typeof outcomesOf>>, of = grid) {
  return sweepTable({ plan: of, outcomes, candles, windowCandles: 256, periodsPerYear: 365 });
}

const reference = JSON.stringify(tableOf(await outcomesOf(grid, world())));

test('a grid has a row for each combination, the best first, as the engine finds them', async () => {
  const { rows, failed } = tableOf(await outcomesOf(grid, world()));
  expect(failed).toEqual([]);
  expect(rows.map(({ title }) => title).sort()).toEqual([
    'choiceSensitivity=2 risk.shorting=false',
    'choiceSensitivity=2 risk.shorting=true',
    'choiceSensitivity=3 risk.shorting=false',
    'choiceSensitivity=3 risk.shorting=true',
  ]);
  const sharpes = rows.map(({ sharpe }) => sharpe ?? -Infinity);
  expect(sharpes).toEqual([...sharpes].sort((left, right) => right - left));
  const direct = await performWork(firstWork, candles);
  const row = rows.find(({ title }) => title === grid.points[0].title);
  expect(row?.growth).toBe(direct.growth);
});

test.each([1, 3])('%i workers make the same table, to the last byte', async (workers) => {
  expect(JSON.stringify(tableOf(await outcomesOf(grid, world(), { workers })))).toBe(reference);
});

test('in a walk-forward evaluation the best before is judged by what followed', async () => {
  const outcomes = await outcomesOf(windows, world(), { workers: 2 });
  const table = tableOf(outcomes, windows);
  const [row] = table.windows;
  const sharpes = windows.points.map((_, point) => {
    const { moments } = outcomes.get(windows.taskOf[point][0])?.result ?? {};
    return moments?.sharpe ?? 0;
  });
  const best = sharpes.indexOf(Math.max(...sharpes));
  expect(row.chosen).toBe(windows.points[best].title);
  expect(windows.points[0].title).toBe('as configured');
  const [{ train, test: judged }] = windows.windows;
  const span = windows.tasks.get(windows.taskOf[0][0])?.span;
  const tested = outcomes.get(windows.taskOf[best][0])?.result?.tested;
  expect(tested).toHaveLength((judged?.to ?? 0) - (judged?.from ?? 0));
  // Two periods between, for a decision learns two late.
  expect(judged?.from).toBe(train.to + 2);
  expect(span).toMatchObject({ from: 0, train: train.to, test: judged?.from });
});

/** The same port, but that each call goes through `on`, which may make it. */
function through<Port extends object>(
  port: Port,
  on: (name: string, call: () => unknown, args: readonly unknown[]) => unknown,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        on(String(name), () => Reflect.apply(value, target, args) as unknown, args);
    },
  });
}

/** Ports of which nothing is heard any more from one call on, as of a process that was killed. */
function dyingAt(ports: Ports, last: number): { ports: SweepPorts; calls: () => number } {
  let calls = 0;
  const dying = <Port extends object>(port: Port): Port =>
    through(port, (name, call) => {
      calls += 1;
      if (calls > last) throw new PortError('CLOSED', 'the process is dead');
      return name === 'take' ? Promise.resolve(call()).then(taken) : call();
    });
  const taken = (task: unknown): unknown =>
    typeof task === 'object' && task !== null ? dying(task) : task;
  const { bus, queue, blobs } = ports;
  return {
    ports: { bus: dying(bus), queue: dying(queue), blobs: dying(blobs) },
    calls: () => calls,
  };
}

test('killed at any step and started again, a sweep ends with the same table', async () => {
  const short = plan({ axes: [{ path: 'choiceSensitivity', values: [2, 3] }] });
  const expected = JSON.stringify(tableOf(await outcomesOf(short, world()), short));
  const whole = dyingAt(world(), Infinity);
  await outcomesOf(short, whole.ports);
  expect(whole.calls()).toBeGreaterThan(15);
  for (let step = 0; step < whole.calls(); step++) {
    // What a dead worker had taken is handed out again at once.
    const ports = world({}, 1);
    const dying = dyingAt(ports, step);
    let ran = 0;
    const perform: typeof performWork = (...task) => {
      ran += 1;
      return performWork(...task);
    };
    await outcomesOf(short, dying.ports, { worker: { perform } }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'CLOSED' });
    });
    const kept = (await ports.blobs.list(`sweep/${short.id}/`)).length;
    ran = 0;
    const outcomes = await outcomesOf(short, ports, {
      worker: { perform },
      coordinator: { attempts: 100 },
    });
    expect(JSON.stringify(tableOf(outcomes, short))).toBe(expected);
    expect(ran).toBe(short.tasks.size - kept);
  }
});

test('a worker that is killed at any step is made up for by another', async () => {
  const short = plan({ axes: [{ path: 'choiceSensitivity', values: [2] }] });
  const expected = tableOf(await outcomesOf(short, world()), short);
  for (let step = 0; step < 10; step++) {
    const ports = world({}, 1);
    const dying = dyingAt(ports, step);
    const killed = runWorker({ ...workerOptions(dying.ports), extendMs: 60_000 });
    const alive = outcomesOf(short, ports, { coordinator: { attempts: 100 } });
    await expect(killed).rejects.toMatchObject({ code: 'CLOSED' });
    expect(tableOf(await alive, short)).toEqual(expected);
  }
});

test('a finished sweep runs nothing again', async () => {
  const ports = world();
  await outcomesOf(grid, ports);
  const perform = () => Promise.reject(new Error('it ran again'));
  const outcomes = await outcomesOf(grid, ports, { worker: { perform } });
  expect(JSON.stringify(tableOf(outcomes))).toBe(reference);
});

test('a task that is handed out again while its first worker still runs has one outcome', async () => {
  // A silence of a millisecond and a worker that does not hold on to what it took.
  const ports = world({}, 1);
  let running = 0;
  let most = 0;
  const perform: typeof performWork = async (...task) => {
    running += 1;
    most = Math.max(most, running);
    // Waits for company, as long as nobody had it.
    while (most < 2) await setImmediate();
    const result = await performWork(...task);
    running -= 1;
    return result;
  };
  const short = plan({ axes: [{ path: 'choiceSensitivity', values: [2] }] });
  const outcomes = await outcomesOf(short, ports, {
    workers: 2,
    worker: { perform, extendMs: 60_000 },
    coordinator: { attempts: 100 },
  });
  expect(most).toBe(2);
  const expected = tableOf(await outcomesOf(short, world()), short);
  expect(tableOf(outcomes, short)).toEqual(expected);
  expect(await ports.blobs.list(`sweep/${short.id}/`)).toHaveLength(1);
});

test('a task that is in the queue twice runs once', async () => {
  const ports = world();
  const task = { sweep: grid.id, id: firstTask, round: 0, attempts: 3, work: firstWork };
  const bytes = encodeTask(task);
  await ports.queue.submit(sweepQueue(PROGRAM), submissionId(task), bytes);
  await ports.queue.submit(sweepQueue(PROGRAM), 'another-id', bytes);
  let ran = 0;
  const perform: typeof performWork = (...work) => {
    ran += 1;
    return performWork(...work);
  };
  const outcomes = await outcomesOf(grid, ports, { worker: { perform } });
  expect(ran).toBe(grid.tasks.size);
  expect(JSON.stringify(tableOf(outcomes))).toBe(reference);
});

test('a task fails after so many tries, says why, and is tried again by the next run', async () => {
  const ports = world();
  let tries = 0;
  const perform: typeof performWork = (work, all) => {
    if (JSON.stringify(work) !== JSON.stringify(firstWork)) return performWork(work, all);
    tries += 1;
    return Promise.reject(new RangeError('a number is beside itself'));
  };
  const outcomes = await outcomesOf(grid, ports, { worker: { perform } });
  expect(tries).toBe(3);
  const { failed, rows } = tableOf(outcomes);
  expect(rows).toHaveLength(3);
  expect(failed).toMatchObject([
    { title: grid.points[0].title, code: 'FAILED', message: 'a number is beside itself' },
  ]);
  expect(JSON.stringify(tableOf(await outcomesOf(grid, ports)))).toBe(reference);
});

test('a task that kills whoever takes it is given up', async () => {
  const ports = world({}, 1);
  const short = plan({ axes: [{ path: 'choiceSensitivity', values: [2] }] });
  const [[id, work]] = short.tasks;
  const task = { sweep: short.id, id, round: 0, attempts: 2, work };
  await ports.queue.submit(sweepQueue(PROGRAM), submissionId(task), encodeTask(task));
  for (let death = 0; death < 2; death++) {
    const taken = await ports.queue.take(sweepQueue(PROGRAM), 60_000);
    expect(taken?.attempt).toBe(death + 1);
  }
  const outcomes = await outcomesOf(short, ports, { coordinator: { attempts: 2 } });
  expect(outcomes.get(id)?.failure).toMatchObject({ code: 'WORKER_LOST' });
});

test('what the queue has lost is asked for again', async () => {
  const ports = world();
  let lost = 0;
  const queue = through(ports.queue, (name, call) => {
    if (name !== 'submit' || lost === 2) return call();
    lost += 1;
    return Promise.resolve({ position: 1, duplicate: false });
  });
  const outcomes = await outcomesOf(grid, { ...ports, queue });
  expect(lost).toBe(2);
  expect(JSON.stringify(tableOf(outcomes))).toBe(reference);
});

test('announcements that are lost are made up for by looking', async () => {
  const ports = world();
  const bus = through(ports.bus, (name, call) =>
    name === 'publish' ? Promise.resolve({ position: 1, duplicate: false }) : call(),
  );
  const outcomes = await outcomesOf(grid, { ...ports, bus });
  expect(JSON.stringify(tableOf(outcomes))).toBe(reference);
});

test('a broker that is silent for a while is waited for', async () => {
  const ports = world();
  let silences = 0;
  let calls = 0;
  const faulty = <Port extends object>(port: Port): Port =>
    through(port, (name, call) => {
      calls += 1;
      const isSilent = calls % 7 === 3 && name !== 'follow';
      return isSilent ? Promise.reject(new PortError('UNAVAILABLE', 'no answer')) : call();
    });
  const { bus, queue, blobs } = ports;
  const onSilence = (): void => {
    silences += 1;
  };
  const outcomes = await outcomesOf(
    grid,
    { bus: faulty(bus), queue: faulty(queue), blobs: faulty(blobs) },
    { coordinator: { onSilence }, worker: { onSilence } },
  );
  expect(silences).toBeGreaterThan(3);
  expect(JSON.stringify(tableOf(outcomes))).toBe(reference);
});

test('damaged candles fail the tasks, and a damaged outcome is made anew', async () => {
  const ports = world();
  await ports.blobs.put(candlesName(grid.candles.hash), Buffer.from('no candles'));
  const { failed } = tableOf(await outcomesOf(grid, ports));
  expect(failed).toHaveLength(4);
  expect(failed[0].message).toMatch(/are not those of their name/);
  await ports.blobs.put(candlesName(grid.candles.hash), grid.candles.bytes);
  await ports.blobs.put(outcomeName({ sweep: grid.id, id: firstTask }), Buffer.of(1, 2, 3));
  expect(JSON.stringify(tableOf(await outcomesOf(grid, ports)))).toBe(reference);
});

test('bytes that are no task are put away, whatever they are', async () => {
  const ports = world();
  const stop = new AbortController();
  const good = encodeTask({
    sweep: grid.id,
    id: firstTask,
    round: 0,
    attempts: 3,
    work: firstWork,
  });
  const flipped = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }));
  const cases = fc.sample(fc.oneof(fc.uint8Array(), flipped), { numRuns: 100, seed: 7 });
  for (const [index, one] of cases.entries()) {
    const bytes =
      one instanceof Uint8Array ? one : good.map((b, i) => (i === one[0] ? b ^ one[1] : b));
    await ports.queue.submit(sweepQueue(PROGRAM), `bad-${String(index)}`, bytes);
  }
  const perform = () => Promise.reject(new Error('it was taken for a task'));
  const { signal } = stop;
  const working = runWorker({ ...workerOptions(ports), signal, perform });
  while ((await ports.queue.pending(sweepQueue(PROGRAM))) > 0) await setImmediate();
  stop.abort();
  await working;
  expect(await ports.blobs.list('sweep/')).toEqual([]);
});

test('a sweep of too many bytes ends by saying so', async () => {
  const coordinator = { maximumBytes: grid.candles.bytes.length + 600 };
  await expect(outcomesOf(grid, world(), { coordinator })).rejects.toThrow(SweepTooLarge);
});
