import type { Suite } from './harness.ts';
import { crypto } from './suites/crypto.ts';
import { engine } from './suites/engine.ts';

/** Every suite there is, in the order of `--list`. */
export const SUITES: readonly Suite[] = [engine, crypto];
