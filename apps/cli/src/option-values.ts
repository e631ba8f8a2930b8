import { InvalidArgumentError } from 'commander';

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/;

/** A decimal number of at least zero, as `--fee-bps` takes. */
export function parseAmount(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be a number of at least 0.');
  return value;
}

/** A whole number of at least one, as `--monitor` takes. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  }
  return Number(text);
}

/** Milliseconds since the Unix epoch of an ISO 8601 day or UTC time. */
export function parseIsoDate(text: string): number {
  const time = ISO.test(text) ? Date.parse(text) : NaN;
  // Some engines roll the 31st of a shorter month over into the next.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw new InvalidArgumentError('It must be a date such as 2015-06-30 or 2015-06-30T14:00Z.');
  }
  return time;
}

/** A share such as 0.2, as `--hold-out` takes. */
export function parseShare(text: string): number {
  const value = /^0?\.\d{1,6}$|^0$/.test(text) ? Number(text) : NaN;
  if (!(value >= 0 && value <= 0.9)) {
    throw new InvalidArgumentError('It must be a share from 0 to 0.9.');
  }
  return value;
}
