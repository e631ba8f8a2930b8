import { CONFIGURATION_RULES } from '@sema/qar';
import type { RandomSource } from '@sema/simulator';
import { InvalidArgumentError } from 'commander';

/** One setting and the values to try. */
export interface Axis {
  readonly path: string;
  readonly values: readonly (number | string | boolean)[];
}

const MOST_VALUES = 1000;
const MOST_POINTS = 1_000_000;

/**
 * Reads `liquidity=0.5,1,2` or `risk.minimumConfidence=0.6:0.9:0.05`, which is from, to and step.
 *
 * @throws {InvalidArgumentError} of commander.
 */
export function parseAxis(text: string, before: readonly Axis[] = []): Axis[] {
  const [path = '', list = '', more] = text.split('=');
  if (!Object.hasOwn(CONFIGURATION_RULES, path) || list === '' || more !== undefined) {
    throw new InvalidArgumentError(
      'It must be such as liquidity=0.5,1,2 with a setting of sema config schema.',
    );
  }
  if (before.some((axis) => axis.path === path)) {
    throw new InvalidArgumentError(`${path} is there twice.`);
  }
  const values = list.includes(':') ? rangeOf(list) : list.split(',').map(valueOf);
  return [...before, { path, values }];
}

/** So many different points of the space, in an order that follows from the random source. */
export function drawPoints(
  axes: readonly Axis[],
  most: number,
  random: RandomSource,
): (readonly Axis['values'][number][])[] {
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > MOST_POINTS) {
    throw new InvalidArgumentError(`There are ${String(size)} combinations, over a million.`);
  }
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return Array.from(order.subarray(0, most), (index) => pointAt(axes, index));
}

/** `{ risk: { shorting: true } }` for the path `risk.shorting`. */
export function settingsAt(
  axes: readonly Axis[],
  point: readonly Axis['values'][number][],
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  axes.forEach(({ path }, axis) => {
    const names = path.split('.');
    let group: Record<string, unknown> = settings;
    for (const name of names.slice(0, -1)) {
      const inner: Record<string, unknown> = { ...(group[name] as object | undefined) };
      group[name] = inner;
      group = inner;
    }
    group[names.at(-1) ?? path] = point[axis];
  });
  return settings;
}

export function pointTitle(
  axes: readonly Axis[],
  point: readonly Axis['values'][number][],
): string {
  return axes.map(({ path }, axis) => `${path}=${String(point[axis])}`).join(' ');
}

export function pointAt(axes: readonly Axis[], index: number): Axis['values'][number][] {
  let rest = index;
  return axes.map(({ values }) => {
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return value;
  });
}

function rangeOf(text: string): number[] {
  const [from, to, step, more] = text.split(':').map(Number);
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (more !== undefined || !(step > 0) || !(count >= 1 && count <= MOST_VALUES)) {
    throw new InvalidArgumentError('A range must be from:to:step with at most 1000 values.');
  }
  // Rounded so that steps of 0.1 do not leave 0.30000000000000004.
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
}

function valueOf(text: string): number | string | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}
