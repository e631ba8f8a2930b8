/** What stands for a figure that there is none of. */
export const NONE = '–';

const MINUS = '\u2212';
const THIN_SPACE = '\u202f';

/** Thousands apart, with a given number of decimals and a real minus sign. */
export function decimal(value: number, decimals: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

export function count(value: number): string {
  return decimal(value, 0);
}

/** A price or an amount, with the decimals that its size is worth. */
export function money(value: number): string {
  const size = Math.abs(value);
  return decimal(value, size >= 1000 ? 2 : size >= 1 ? 4 : 6);
}

/** 0.0123 → `1.2 %`. */
export function percent(fraction: number, decimals = 1): string {
  return `${decimal(fraction * 100, decimals)}${THIN_SPACE}%`;
}

/** With a sign, for a change. */
export function change(fraction: number, decimals = 2): string {
  const text = percent(fraction, decimals);
  return fraction > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Of a duration, in the unit that suits it. */
export function duration(nanoseconds: number): string {
  const units = [
    ['ns', 1],
    ['µs', 1e3],
    ['ms', 1e6],
    ['s', 1e9],
  ] as const;
  const [unit, size] = units.findLast(([, least]) => nanoseconds >= least) ?? units[0];
  const value = nanoseconds / size;
  return `${decimal(value, value >= 100 || size === 1 ? 0 : 1)}${THIN_SPACE}${unit}`;
}

/** How long a candle lasts. */
export function interval(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const [unit, size] = units.find(([, least]) => milliseconds % least === 0) ?? ['ms', 1];
  return `${count(milliseconds / size)}${THIN_SPACE}${unit}`;
}

/** UTC, as every time here: `2024-03-01 12:00`. */
export function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ');
}

/** A time of a candle: the day alone where candles last a day or longer. */
export function candleTime(milliseconds: number, intervalMs: number): string {
  return intervalMs >= 86_400_000 ? moment(milliseconds).slice(0, 10) : moment(milliseconds);
}

/** The first digits of a hash, enough to tell two apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
