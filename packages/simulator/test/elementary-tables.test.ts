import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { exact, Oracle } from './exact-decimal.ts';

const COMMAND =
  'pnpm exec vitest run --project unit packages/simulator/test/elementary-tables.test.ts --update';

// 2/π is wanted to 1200 bits, which is 362 digits.
const Long = Decimal.clone({ precision: 400 });
const LN2 = Oracle.ln(2);
const PI = Oracle.acos(-1);

/** The multiple of 2^exponent below `value`, which must fit a double. */
function floorTo(value: Decimal, exponent: number): number {
  const unit = Oracle.pow(2, exponent);
  return value.div(unit).floor().mul(unit).toNumber();
}

/**
 * A sum of doubles: all but the last are multiples of the given powers of two, the last is rounded.
 */
function split(value: Decimal, exponents: readonly number[]): number[] {
  let rest = value;
  const parts = exponents.map((exponent) => {
    const part = floorTo(rest, exponent);
    rest = rest.minus(exact(part));
    return part;
  });
  return [...parts, rest.toNumber()];
}

/** The nearest double and the nearest double to what it misses. */
function pair(value: Decimal): number[] {
  const high = value.toNumber();
  return [high, value.minus(exact(high)).toNumber()];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function exponentialRow(index: number): number[] {
  return pair(Oracle.pow(2, new Oracle(index).div(64)));
}

function logarithmRow(index: number): number[] {
  // Twelve fractional bits: a product with the upper 40 bits of a double is exact.
  const reciprocal = Math.round((4096 * 256) / index) / 4096;
  return [reciprocal, ...split(Oracle.ln(exact(reciprocal)).neg(), [-42])];
}

function arctangentRow(index: number): number[] {
  return pair(Oracle.atan(new Oracle(index).div(64)));
}

function table(name: string, comment: string, rows: readonly number[][]): string {
  const lines = rows.map((row) => `  ${row.join(', ')},`);
  return `/** ${comment} */\nexport const ${name} = Float64Array.of(\n${lines.join('\n')}\n);\n`;
}

function constant(name: string, parts: readonly number[]): string {
  const words = ['HIGH', 'MIDDLE', 'LOW', 'LAST'];
  const names = parts.length === 2 ? ['HIGH', 'LOW'] : words;
  return parts.map((part, index) => `export const ${name}_${names[index]} = ${part};\n`).join('');
}

function tables(): string {
  const bits = Long.div(2, Long.acos(-1)).mul(Long.pow(2, 1200)).floor().toHexadecimal();
  return [
    `// Made by \`${COMMAND}\`; that test also checks it.\n`,
    '// Constants are sums of doubles, largest first; a part on a grid is a multiple of it.\n',
    '/** ln 2; first part on the grid 2^-42. */',
    constant('LN2', split(LN2, [-42])),
    '/** (ln 2)/64; first part on the grid 2^-41. */',
    constant('LN2_OVER_64', split(LN2.div(64), [-41])),
    '/** 1/ln 2. */',
    constant('INVERSE_LN2', pair(Oracle.pow(LN2, -1))),
    '/** π. */',
    constant('PI', pair(PI)),
    '/** π/2; parts on the grids 2^-31, 2^-63, 2^-95. */',
    constant('HALF_PI', split(PI.div(2), [-31, -63, -95])),
    '/** floor(2/π · 2^1200). */',
    `export const TWO_OVER_PI_BITS = ${bits}n;\n`,
    table('EXP2_TABLE', 'Row j: 2^(j/64) as high and low part.', range(0, 63).map(exponentialRow)),
    table(
      'LOG_TABLE',
      'Row j − 181: a short reciprocal r near 256/j, then −ln r, its first part on the grid 2^-42.',
      range(181, 362).map(logarithmRow),
    ),
    table('ATAN_TABLE', 'Row j: atan(j/64) as high and low part.', range(0, 64).map(arctangentRow)),
  ].join('\n');
}

test('the generated tables are what decimal arithmetic gives', async () => {
  await expect(tables()).toMatchFileSnapshot('../src/elementary/tables.generated.ts');
});
