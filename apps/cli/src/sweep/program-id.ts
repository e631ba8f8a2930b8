import { engineConfiguration, type Candles } from '@sema/qar';
import { mulberry32 } from '@sema/simulator';
import { monadHash } from '@sema/synthesis-crypto';
import { studyEngine } from '../evaluation/study.ts';
import { version } from '../version.ts';
import { encodeResult, performWork } from './outcome.ts';

const CANDLES = 600;
const DAY_MS = 86_400_000;
const SEED = 20_210_104;
const LETTERS = 16;

/**
 * Tells programs apart that would do a task differently: their version, and what their engine makes
 * of some candles. Takes about as long as 700 decisions in closed form.
 */
export async function programId(): Promise<string> {
  const candles = walk();
  const settings = { pair: 'walk', intervalMs: DAY_MS, periodsPerYear: 365, path: 'twin' } as const;
  const configuration = engineConfiguration(settings);
  const study = await studyEngine(candles, configuration, { breathe: () => Promise.resolve() });
  const periods = study.decisions - 2;
  const span = { from: 0, to: candles.length, train: periods, test: 0 };
  const work = { candles: '', span, judged: 'decisions', configuration } as const;
  const made = monadHash('sema/program/v1', {
    result: encodeResult(await performWork(work, candles)),
    equity: bytesOf(study.equity),
    preferences: bytesOf(study.preferences),
    directions: study.directions.map(bytesOf),
  });
  return `${version()}-${made.slice(0, LETTERS)}`;
}

/** A seeded random walk, in steps that every machine computes alike. */
function walk(): Candles {
  const random = mulberry32(SEED);
  const column = (): Float64Array => new Float64Array(CANDLES);
  const [time, open, high, low, close, volume] = Array.from({ length: 6 }, column);
  let price = 100;
  for (let i = 0; i < CANDLES; i++) {
    time[i] = i * DAY_MS;
    open[i] = price;
    price *= 1 + 0.04 * (random.next() - 0.49);
    close[i] = price;
    high[i] = Math.max(open[i], close[i]) * (1 + 0.01 * random.next());
    low[i] = Math.min(open[i], close[i]) * (1 - 0.01 * random.next());
    volume[i] = 1000 + 500 * random.next();
  }
  return { time, open, high, low, close, volume, length: CANDLES };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Int8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
