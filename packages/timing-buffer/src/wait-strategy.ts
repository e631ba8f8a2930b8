/**
 * How one side of a shared ring waits for the other: called again and again until that has moved.
 *
 * @param round - counts the calls of one wait from 0.
 * @param sleep - blocks the thread until the other side moves, at the latest after `timeoutMs`. A
 *   browser's main thread may not block.
 */
export type WaitStrategy = (round: number, sleep: (timeoutMs: number) => void) => void;

/** Asks again at once: the fastest answer, for the price of a core. */
export const spinWait: WaitStrategy = () => undefined;

/** Asks again at once for `rounds` rounds, then lets others run between rounds. */
export function yieldWait(rounds: number): WaitStrategy {
  return (round, sleep) => {
    if (round >= rounds) sleep(0.05);
  };
}

/** Asks again at once for `rounds` rounds, then sleeps until it is woken. */
export function sleepWait(rounds: number): WaitStrategy {
  return (round, sleep) => {
    if (round >= rounds) sleep(Infinity);
  };
}

/** One side's sleep, on a word that the other side writes, with a flag that asks to be woken. */
export class Sleeper {
  /** What the word says while there is nothing to do. */
  expected = 0;
  /** A closure made once, because a spinning strategy is handed it millions of times a second. */
  readonly sleep: (timeoutMs: number) => void;

  constructor(control: Int32Array, word: number, asleep: number) {
    this.sleep = (timeoutMs) => {
      Atomics.store(control, asleep, 1);
      // Never missed: the other side writes the word first and looks at the flag second.
      Atomics.wait(control, word, this.expected, timeoutMs);
      Atomics.store(control, asleep, 0);
    };
  }
}

/** Wakes the other side if it sleeps on `word`. */
export function wake(control: Int32Array, word: number, asleep: number): void {
  if (Atomics.load(control, asleep) === 1) Atomics.notify(control, word, 1);
}
