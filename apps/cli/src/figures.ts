/** How numbers are written for people, in the terminal and in the report alike. */

/** What stands where a figure does not exist, such as the Sharpe ratio of cash. */
export const NONE = '–';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function count(value: number): string {
  return WHOLE.format(value);
}

/** A fraction as percent: 0.0123 is `1.2%`. */
export function percent(fraction: number, digits = 1): string {
  return `${noNegativeZero((fraction * 100).toFixed(digits))}%`;
}

/** A return as percent with its sign: 0.0123 is `+1.23%`. */
export function change(fraction: number): string {
  const text = percent(fraction, 2);
  return text.startsWith('-') || Number.parseFloat(text) === 0 ? text : `+${text}`;
}

export function ratio(value: number | undefined): string {
  return value === undefined ? NONE : noNegativeZero(value.toFixed(2));
}

/** Nanoseconds as microseconds: 12345 is `12.3 µs`. */
export function microseconds(nanoseconds: number): string {
  const value = nanoseconds / 1000;
  return `${value < 100 ? value.toFixed(1) : count(value)} µs`;
}

/** Three significant digits, such as 3.55e-15. */
export function tiny(value: number): string {
  return value === 0 ? '0' : value.toExponential(2);
}

/**
 * The day of a time in milliseconds since the Unix epoch, with the hour unless it is midnight UTC.
 */
export function day(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : `${text.slice(0, 16)}Z`;
}

function noNegativeZero(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text;
}
