const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const MINUTE_MS = 60_000;

/** What a count since the Unix epoch counts. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** Each unit's range begins in March 1973 and ends, where the next begins, in the year 5138. */
const UNITS: readonly { readonly unit: TimeUnit; readonly from: number; readonly to: number }[] = [
  { unit: 's', from: 1e8, to: 1e11 },
  { unit: 'ms', from: 1e11, to: 1e14 },
  { unit: 'us', from: 1e14, to: 1e17 },
  { unit: 'ns', from: 1e17, to: 1e20 },
];

/**
 * A time as market files write it, as milliseconds since the Unix epoch.
 *
 * Either ISO 8601, `2021-12-31`, `2021-12-31T23:01Z`, `2021-12-31 23:01:00.000000`, where no zone
 * means UTC, or a whole count since the epoch, whose unit follows from its size (`timeUnitOf`).
 *
 * @returns undefined when the text is none of these, names a date that does not exist, or is not a
 *   whole number of milliseconds.
 */
export function parseTime(text: string): number | undefined {
  if (!/^\d{1,20}$/.test(text)) return isoTime(text);
  const count = BigInt(text);
  const unit = timeUnitOf(count);
  return unit && epochTime(count, unit);
}

/**
 * The unit of a count since the epoch, by its size: seconds from 10^8, milliseconds from 10^11,
 * microseconds from 10^14, nanoseconds from 10^17, up to 10^20. A smaller number could as well be
 * a compact date such as 20200103, and has none.
 */
export function timeUnitOf(count: number | bigint): TimeUnit | undefined {
  return UNITS.find(({ from, to }) => count >= from && count < to)?.unit;
}

/** Milliseconds since the epoch; undefined when they are not whole. */
export function epochTime(count: number | bigint, unit: TimeUnit): number | undefined {
  const milliseconds = typeof count === 'bigint' ? wholeMs(count, unit) : numberMs(count, unit);
  return milliseconds !== undefined && Number.isSafeInteger(milliseconds)
    ? milliseconds
    : undefined;
}

function wholeMs(count: bigint, unit: TimeUnit): number | undefined {
  if (unit === 's') return Number(count * 1000n);
  const perMs = unit === 'ms' ? 1n : unit === 'us' ? 1000n : 1_000_000n;
  return count % perMs === 0n ? Number(count / perMs) : undefined;
}

function numberMs(count: number, unit: TimeUnit): number | undefined {
  if (unit === 's') return count * 1000;
  const perMs = unit === 'ms' ? 1 : unit === 'us' ? 1000 : 1_000_000;
  return count % perMs === 0 ? count / perMs : undefined;
}

function isoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const digits = fraction.padEnd(3, '0');
  if (/[1-9]/.test(digits.slice(3))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (!isDate(midnight, Number(year), Number(month), Number(day))) return undefined;
  const offset = zoneOffset(zone);
  if (offset === undefined) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  return (
    midnight + minutes * MINUTE_MS + Number(second) * 1000 + Number(digits.slice(0, 3)) - offset
  );
}

/** Whether Date.UTC took the date as it is: it rolls 31 April over to 1 May and 99 to 1999. */
function isDate(midnight: number, year: number, month: number, day: number): boolean {
  const date = new Date(midnight);
  return (
    date.getUTCDate() === day && date.getUTCMonth() === month - 1 && date.getUTCFullYear() === year
  );
}

/** Milliseconds that a zone is ahead of UTC. */
function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  const size = (hours * 60 + minutes) * MINUTE_MS;
  return zone.startsWith('-') ? -size : size;
}
