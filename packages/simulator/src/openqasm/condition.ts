import { OpenQasmError, type Place } from './refusal.ts';

/** Bits that must read so, all of them; no bits hold always. */
export type Cube = ReadonlyMap<number, 0 | 1>;

/** A condition on classical bits as a sum of cubes of which at most one holds; none is false. */
export type Condition = readonly Cube[];

const MAX_CUBES = 256;

/** The bits, the first the least significant, read `value`. */
export function reads(bits: readonly number[], value: number): Condition {
  const cube = new Map<number, 0 | 1>();
  let rest = value;
  for (const bit of bits) {
    cube.set(bit, rest % 2 === 1 ? 1 : 0);
    rest = Math.floor(rest / 2);
  }
  return rest === 0 ? [cube] : [];
}

export const ALWAYS: Condition = reads([], 0);
export const NEVER: Condition = reads([], 1);

/** Both hold. */
export function and(a: Condition, b: Condition, at: Place): Condition {
  const cubes: Cube[] = [];
  for (const x of a) {
    for (const y of b) {
      const both = merged(x, y);
      if (both !== undefined) cubes.push(both);
      if (cubes.length > MAX_CUBES) {
        throw new OpenQasmError('OPENQASM_LIMIT', at, {
          expected: `a condition of at most ${MAX_CUBES} cases`,
          found: 'more',
        });
      }
    }
  }
  return cubes;
}

function merged(x: Cube, y: Cube): Cube | undefined {
  for (const [bit, value] of y) {
    if ((x.get(bit) ?? value) !== value) return undefined;
  }
  return new Map([...x, ...y]);
}

/** It does not hold. */
export function not(condition: Condition, at: Place): Condition {
  return condition.reduce((all, cube) => and(all, complement(cube), at), ALWAYS);
}

/** The first bit differs, or it agrees and the second differs, and so on. */
function complement(cube: Cube): Condition {
  const cubes: Cube[] = [];
  const agreeing: [number, 0 | 1][] = [];
  for (const [bit, value] of cube) {
    cubes.push(new Map([...agreeing, [bit, value === 1 ? 0 : 1]]));
    agreeing.push([bit, value]);
  }
  return cubes;
}

/** At least one holds. */
export function or(a: Condition, b: Condition, at: Place): Condition {
  return [...a, ...and(b, not(a, at), at)];
}
