import { InvalidArgumentError } from 'commander';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of an interval as exchanges write it: 1s, 5m, 4h, 1d, 1w. */
export function parseInterval(text: string): number {
  const match = /^([1-9]\d{0,3})([smhdw])$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be such as 1s, 5m, 4h, 1d or 1w.');
  // The pattern allows these letters only.
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
