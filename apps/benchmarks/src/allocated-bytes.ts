import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The collector, which Node hands out on request only. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  // What the name stands for in a context made after that flag is V8's to know.
  return runInNewContext('gc') as () => void;
}

/**
 * Bytes that a step allocates on the heap and in array buffers. Right as long as the step is too
 * short for a collection, whose effect would be counted against it.
 */
export function allocatedBytes(step: () => void): number {
  garbageCollector()();
  const before = inUse();
  step();
  return inUse() - before;
}

function inUse(): number {
  const { heapUsed, arrayBuffers } = memoryUsage();
  return heapUsed + arrayBuffers;
}
