import { QubitPool } from '@sema/resource-pool';
import type { QubitLease, QubitRequest } from '@sema/resource-pool';
import { mulberry32 } from '@sema/simulator';
import { SigningKey } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { engineConfiguration } from '../../src/configuration.ts';
import { Engine } from '../../src/engine.ts';
import { JournalWriter } from '../../src/journal.ts';
import type { Candles } from '../../src/market-data/candles.ts';

const INTERVAL_MS = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const CANDLES = 340;

/** Signs this journal and nothing else: everybody may know it. RFC 8032, 7.1, first test. */
const PUBLISHED_KEY = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;

/**
 * Hourly candles as a file: a seeded walk whose swings grow and calm down. Plain arithmetic, so
 * that every machine makes the same text.
 */
export function goldenCandles(): string {
  const random = mulberry32(2024);
  const lines = ['time,open,high,low,close,volume'];
  let price = 100;
  for (let index = 0; index < CANDLES; index++) {
    const phase = Math.abs((index % 48) - 24) / 24;
    const scale = 0.003 + 0.03 * phase * phase;
    const drift = index % 30 < 15 ? 0.003 : -0.003;
    const open = price;
    const close = open * (1 + drift + scale * (random.next() + random.next() - 1));
    const high = Math.max(open, close) * (1 + 0.3 * scale * random.next());
    const low = Math.min(open, close) * (1 - 0.3 * scale * random.next());
    const volume = 1000 * (0.5 + random.next());
    lines.push([START + index * INTERVAL_MS, open, high, low, close, volume].join(','));
    price = close;
  }
  return `${lines.join('\n')}\n`;
}

/** Rules that a setting turns on are on, and tight enough to be met in a few dozen decisions. */
const CONFIGURATION = engineConfiguration(
  { pair: 'GOLDEN', intervalMs: INTERVAL_MS, periodsPerYear: 8766, path: 'quantum' },
  {
    circuitDeadlineMs: 5,
    selectionMode: 'aggressive',
    positionCandles: 1,
    emergenceThreshold: 0.05,
    collective: 'divergent',
    qubits: { entanglement: 'learned' },
    risk: {
      minimumConfidence: 0.2,
      minimumVotes: 1,
      shorting: true,
      crisisVolatility: 5,
      protections: { coolDownCandles: 1 },
    },
    execution: { fillShare: 0.05, orderLifeCandles: 2, stopLossFraction: 0.006 },
  },
);

/** Fails one request of thirty. */
class FailingPool extends QubitPool {
  readonly #random = mulberry32(7);

  override acquireNow(request: QubitRequest): QubitLease {
    if (this.#random.next() * 30 < 1) throw new RangeError('injected');
    return super.acquireNow(request);
  }
}

/** Moves on by a microsecond at each reading, and by the deadline at one of two hundred. */
function leapingClock(): Clock {
  const random = mulberry32(9);
  let now = 0;
  return { nowNs: () => (now += random.next() * 200 < 1 ? 10e6 : 1000) };
}

/**
 * The journal of those candles, the same lines on every machine: circuits, some of which throw and
 * some of which are late, fills, stops, denials and what is learned of it all.
 */
export function goldenJournal(candles: Candles, hash: string): string[] {
  const lines: string[] = [];
  using key = SigningKey.fromPem(PUBLISHED_KEY);
  using engine = new Engine(CONFIGURATION, { clock: leapingClock(), pool: new FailingPool(25) });
  const writer = new JournalWriter(key, (line) => lines.push(line));
  writer.append({
    kind: 'header',
    format: 'sema-journal',
    version: 2,
    configuration: CONFIGURATION,
    data: { name: 'candles.csv', hash, candles: candles.length },
    publicKey: key.verifyingKey.toText(),
  });
  for (let end = CONFIGURATION.windowCandles - 1; end < candles.length; end++) {
    const now = candles.time[end] + INTERVAL_MS;
    writer.append(engine.step(candles, end, { now }).receipt);
  }
  writer.append({ kind: 'seal', decisions: engine.sequence });
  return lines;
}
