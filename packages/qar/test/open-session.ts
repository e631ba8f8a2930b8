import type { SigningKey } from '@sema/synthesis-crypto';
import { Session } from '../src/index.ts';
import type { EngineConfiguration } from '../src/index.ts';
import { countingClock } from './counting-clock.ts';
import type { MemoryStore } from './memory-store.ts';
import { DAY_MS } from './synthetic-candles.ts';

/** A session on daily candles, each decided on at its close, with snapshots only when asked. */
export function openSession(
  store: MemoryStore,
  key: SigningKey,
  configuration: EngineConfiguration,
): Session {
  return new Session(store, {
    configuration,
    clock: countingClock(),
    key,
    name: 'A/B',
    snapshotEvery: 1_000_000,
    clockToleranceMs: 0,
    now: ({ time }) => time + DAY_MS,
  });
}
