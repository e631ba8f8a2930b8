import process from 'node:process';
import { setImmediate } from 'node:timers/promises';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Takes a short step that Ctrl-C must not cut in half. A signal that came meanwhile takes effect
 * right after it.
 */
export async function uninterrupted<Result>(step: () => Result): Promise<Result> {
  const received = new Set<NodeJS.Signals>();
  const note = (signal: NodeJS.Signals): void => void received.add(signal);
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    return step();
  } finally {
    // Signals are told once in every turn of the event loop; a second turn is sure to be a whole
    // one.
    await setImmediate();
    await setImmediate();
    for (const signal of SIGNALS) process.removeListener(signal, note);
    for (const signal of received) process.kill(process.pid, signal);
  }
}
