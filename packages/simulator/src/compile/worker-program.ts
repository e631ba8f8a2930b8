/**
 * The control block that a team shares: 32-bit words, one task at a time.
 *
 * `ticket` holds the task's number in its upper 18 bits and the next run of tiles in its lower 14.
 * A thread takes runs by comparing and exchanging the whole, so that one which comes late, when the
 * next task has begun, takes nothing.
 */
export const CONTROL = {
  task: 0,
  ticket: 1,
  done: 2,
  stop: 3,
  plan: 4,
  codeAddress: 5,
  codeBytes: 6,
  pass: 7,
  runs: 8,
  parts: 9,
  real: 10,
  imaginary: 11,
  block: 12,
  work: 13,
  workBytes: 14,
  tilesPerRun: 15,
} as const;

export const CONTROL_BYTES = 128;
export const TILE_BITS = 14;
/** Looks at the task this often before sleeping: some ten microseconds. */
export const SPINS = 5000;

/**
 * The program of a worker, as text because that is what every kind of worker can begin from. It
 * defines serve(memory, control, thread): control is the byte address of the control block, thread
 * numbers the workers from 1. It ends when told to stop.
 */
export const WORKER_PROGRAM = `'use strict';
function serve(memory, control, thread) {
  const plans = new Map();
  const words = new Int32Array(memory.buffer, control, ${CONTROL_BYTES / 4});
  const load = (index) => Atomics.load(words, index);
  // The ticket changes before anything else of a new task does.
  const isCurrent = (ticket, task) =>
    ticket >>> ${TILE_BITS} === (task & ${(1 << (32 - TILE_BITS)) - 1});
  const instanceOf = (plan, task) => {
    const known = plans.get(plan);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(
      memory.buffer, load(${CONTROL.codeAddress}), load(${CONTROL.codeBytes})).slice();
    if (!isCurrent(load(${CONTROL.ticket}), task)) return undefined;
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { m: memory } });
    if (plans.size >= 32) plans.delete(plans.keys().next().value);
    plans.set(plan, instance);
    return instance;
  };
  const work = (task) => {
    const instance = instanceOf(load(${CONTROL.plan}), task);
    if (instance === undefined) return;
    const run = instance.exports['p' + load(${CONTROL.pass})];
    const runs = load(${CONTROL.runs});
    const each = load(${CONTROL.tilesPerRun});
    const parts = load(${CONTROL.parts});
    const rest = [load(${CONTROL.real}), load(${CONTROL.imaginary}), load(${CONTROL.block}),
      load(${CONTROL.work}) + thread * load(${CONTROL.workBytes})];
    for (;;) {
      const ticket = load(${CONTROL.ticket});
      const first = ticket & ${(1 << TILE_BITS) - 1};
      if (!isCurrent(ticket, task) || first >= runs) return;
      const end = first + Math.ceil((runs - first) / parts);
      const next = ticket + end - first;
      if (Atomics.compareExchange(words, ${CONTROL.ticket}, ticket, next) !== ticket) continue;
      run(first * each, end * each, ...rest);
      Atomics.add(words, ${CONTROL.done}, end - first);
      Atomics.notify(words, ${CONTROL.done});
    }
  };
  let seen = 0;
  for (;;) {
    let spins = 0;
    while (load(${CONTROL.task}) === seen) {
      if (++spins > ${SPINS}) Atomics.wait(words, ${CONTROL.task}, seen);
    }
    seen = load(${CONTROL.task});
    if (load(${CONTROL.stop}) !== 0) return;
    // What a late thread reads may be gone already; the others do its share.
    try { work(seen); } catch {}
  }
}
`;
