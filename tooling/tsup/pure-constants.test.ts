import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { withPureConstants } from './pure-constants.js';

/** What a bundler keeps of a module of which nothing but `kept` is wanted. */
async function remainder(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `${code}\nexport const kept = 1;`, loader: 'ts' },
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    external: ['node:*'],
    target: 'es2022',
  });
  return outputFiles[0]?.text.trim() ?? '';
}

const NOTHING = /^(import\{inspect as \w\}from"node:util";)?var (\w)=1;export\{\2 as kept\};$/;

const COMPUTED = [
  'const table = Float64Array.of(1, 2, 3);',
  'const names = Object.freeze({ all: [...Object.keys(globalThis)] });',
  "const text = `${['a', 'b'].join()}`;",
  'const TYPE = { i32: 1, f64: 2 };\nconst { i32, f64: double } = TYPE;\nconst FOUR = [TYPE.i32];',
  'const [LOW, HIGH] = [Math.min(1, 2), Math.max(1, 2)];',
  'const doubled: readonly number[] = [1, 2].map((one) => 2 * one);',
  "import { inspect } from 'node:util';\nclass Secret {\n  [inspect.custom]() { return ''; }\n}",
];

test.each(COMPUTED)('a bundle keeps nothing of %s', async (code) => {
  expect(await remainder(code)).not.toMatch(NOTHING);
  expect(await remainder(withPureConstants(code))).toMatch(NOTHING);
});

test.each([
  'const one = 1;',
  'const f = (): void => undefined;',
  'export class A { static b(): void {} }',
])('%s stays as it is', (code) => {
  expect(withPureConstants(code)).toBe(code);
});

test('a marked module computes what it did, and no line of it moves', async () => {
  const code = [
    'const TYPE = { i32: 1, f64: 2 };',
    'const { i32, f64: double } = TYPE;',
    'const [low, high] = [Math.min(3, 4), i32];',
    'const key = Symbol();',
    'export class Named {',
    '  [key](): number { return double; }',
    '}',
    'export const sum = low + high + new Named()[key]();',
    'export const name = Named.name;',
  ].join('\n');
  const marked = withPureConstants(code);
  expect(marked.split('\n')).toHaveLength(code.split('\n').length);
  const { outputFiles } = await build({
    stdin: { contents: marked, loader: 'ts' },
    format: 'esm',
    write: false,
  });
  const url = `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`;
  expect(await import(url)).toMatchObject({ sum: 3 + 1 + 2, name: 'Named' });
});

test('a constant that is taken apart in another way is refused', () => {
  expect(() => withPureConstants('const { a, ...rest } = x;')).toThrow('one by one');
  expect(() => withPureConstants('const [a] = f();')).toThrow('one by one');
});
