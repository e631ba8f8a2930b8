import type { Suite } from './harness.ts';
import { engine } from './suites/engine.ts';

/** Every suite there is, in the order of `--list`. */
export const SUITES: readonly Suite[] = [engine];
