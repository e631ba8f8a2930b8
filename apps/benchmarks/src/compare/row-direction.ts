import type { Row } from '../harness.ts';

const LOWER = new Set(['ns', 'µs', 'ms', 's', 'bytes', 'kB', 'KiB', 'MiB']);
const HIGHER = new Set(['/s', '1/s', 'M/s', 'GB/s', 'candles/s']);

/** Which way a row gets worse; undefined for one that is neither held to a bound nor a speed. */
export function betterWay({ target, unit }: Row): 'lower' | 'higher' | undefined {
  if (target !== null) return 'atMost' in target ? 'lower' : 'higher';
  if (LOWER.has(unit)) return 'lower';
  return HIGHER.has(unit) ? 'higher' : undefined;
}

const OUTSIDE = new Set([
  'JSON',
  'msgpackr',
  'SHA-256 alone',
  'node:crypto, parsed key',
  'OpenSSL in C, the same work',
  'openssl speed',
  'Stim',
  'PyMatching',
  'postMessage',
  'setTimeout',
  'plain typed-array store',
  'TypedArray.set',
  'rescan',
]);
const NATIVE = /^(qulacs|lightning|aer|qsim)\b/;

/**
 * The peer of a row when it is none of ours, so that no change of ours moves it and a ratio to it
 * loses nothing but the machine's noise. The ratio to one of our own would hide what slows both.
 */
export function outsidePeer({ peer }: Row): string | undefined {
  if (peer === null) return undefined;
  // How many threads a native simulator kept busy stands after its name.
  return OUTSIDE.has(peer) ? peer : NATIVE.exec(peer)?.[0];
}
