import { describe, expect, test } from 'vitest';
import { checkArithmetic } from './arithmetic.ts';
import { checkImports } from './imports.ts';
import { checkLayerTable, parseLayers } from './layers.ts';
import {
  checkAnatomy,
  checkComments,
  checkDefaultExports,
  checkErrors,
  checkIndex,
  checkLength,
  checkName,
  checkProse,
} from './layout.ts';
import { checkPurity } from './purity.ts';

const TABLE = `
Some words.

| package                 | may import  | Node modules  | arithmetic |
| ----------------------- | ----------- | ------------- | ---------- |
| \`gates\`                 | –           | –             | pinned     |
| \`ring\`                  | –           | \`node:zlib\` | –          |
| \`ring/memory\`           | gates       | –             | –          |
| \`engine\`                | gates, ring | –             | –          |

| package | of another table |
`;
const layers = parseLayers(TABLE);

function imports(path: string, text: string): string[] {
  return checkImports({ path, text }, layers);
}

function pure(text: string, mayDraw = false): string[] {
  return checkPurity({ path: 'packages/p/src/a.ts', text }, { mayDraw });
}

describe('the layer table', () => {
  test('is read row by row', () => {
    expect(layers).toEqual([
      { name: 'gates', imports: [], nodeModules: [], pinned: true },
      { name: 'ring', imports: [], nodeModules: ['node:zlib'], pinned: false },
      { name: 'ring/memory', imports: ['gates'], nodeModules: [], pinned: false },
      { name: 'engine', imports: ['gates', 'ring'], nodeModules: [], pinned: false },
    ]);
  });

  test.each([
    ['no table', 'words', 'no layer table'],
    ['a row that is too short', TABLE.replace('| pinned     |', '|'), 'arithmetic is'],
    ['an unknown arithmetic', TABLE.replace('pinned', 'fast'), "not 'fast'"],
  ])('%s throws', (_, markdown, message) => {
    expect(() => parseLayers(markdown)).toThrow(message);
  });

  test('covers exactly the packages there are', () => {
    const paths = new Set(['packages/ring/src/memory.ts']);
    const packages = ['gates', 'ring', 'engine'];
    expect(checkLayerTable(layers, packages, paths)).toEqual([]);
    expect(checkLayerTable(layers, [...packages, 'new'], paths)).toEqual([
      'the layer table does not name new',
    ]);
    expect(checkLayerTable(layers, ['gates', 'ring'], paths)).toEqual([
      'the layer table names engine, which is no package',
    ]);
    expect(checkLayerTable(layers, packages, new Set())).toEqual([
      'the layer table names ring/memory, but src/memory.ts does not exist',
    ]);
    expect(checkLayerTable([...layers].reverse(), packages, paths)).toHaveLength(3);
    expect(checkLayerTable([...layers, ...layers], packages, paths)).toHaveLength(4);
  });
});

describe('imports', () => {
  test.each([
    ['packages/engine/src/a.ts', "import { ring } from '@sema/ring';"],
    ['packages/engine/src/a.ts', "import { exp } from '@sema/gates/elementary';"],
    ['packages/engine/src/a.ts', "import { ml } from 'ml-matrix';"],
    ['packages/engine/test/a.test.ts', "import { engine } from '@sema/engine';"],
    ['packages/engine/test/a.test.ts', "import { readFileSync } from 'node:fs';"],
    ['packages/engine/tsup.config.ts', "import { library } from '@sema/tooling/tsup';"],
    ['packages/ring/src/a.ts', "import { gzipSync } from 'node:zlib';"],
    ['packages/ring/src/memory.ts', "import { x } from '@sema/gates';"],
    ['packages/ring/src/memory/bank.ts', "import { x } from '@sema/gates';"],
    ['packages/ring/src/memory.ts', "import { bank } from './memory/bank.ts';"],
    ['packages/ring/test/a.test.ts', "import { memory } from '../src/memory.ts';"],
    ['packages/gates/src/kernels/wasm.ts', "import { kernels } from './reference.ts';"],
    ['packages/gates/src/a.ts', "// import '@sema/ring'\nconst text = `import '@sema/ring'`;"],
    ['apps/cli/src/main.ts', "import '@sema/engine'; import 'node:fs'; import 'commander';"],
  ])('%s may hold %s', (path, text) => {
    expect(imports(path, text)).toEqual([]);
  });

  test.each([
    ['a higher layer', 'packages/gates/src/a.ts', "import { a } from '@sema/ring';"],
    ['a type of one', 'packages/gates/src/a.ts', "import type { A } from '@sema/ring';"],
    ['one in a type', 'packages/gates/src/a.ts', "type A = import('@sema/ring').A;"],
    ['one re-exported', 'packages/gates/src/a.ts', "export { a } from '@sema/ring/a';"],
    ['one later', 'packages/gates/src/a.ts', "const a = await import('@sema/ring');"],
    ['one required', 'packages/gates/src/a.ts', "const a = require('@sema/ring');"],
    ['one from a test', 'packages/gates/test/a.test.ts', "import { a } from '@sema/ring';"],
    ['a file of another package', 'packages/engine/src/a.ts', "import '../../ring/src/a.ts';"],
    ['a file of another app', 'apps/cli/src/a.ts', "import '../../service/src/a.ts';"],
    ['an app', 'packages/engine/src/a.ts', "import '@sema/cli';"],
    ['an app from an app', 'apps/service/src/a.ts', "import '@sema/cli';"],
    ['the tooling', 'packages/engine/src/a.ts', "import '@sema/tooling/tsup';"],
    ['a Node module', 'packages/engine/src/a.ts', "import { readFileSync } from 'node:fs';"],
    ['one without its prefix', 'packages/ring/src/a.ts', "import 'zlib';"],
    ['the rights of an entry', 'packages/ring/src/ring.ts', "import '@sema/gates';"],
    ['an entry with rights', 'packages/ring/src/ring.ts', "import './memory.ts';"],
    ['from kernels, more', 'packages/gates/src/kernels/wasm.ts', "import '../state.ts';"],
    ['from kernels, a package', 'packages/engine/src/kernels/a.ts', "import '@sema/gates';"],
  ])('%s may not be imported', (_, path, text) => {
    expect(imports(path, `\n${text}`)).toEqual([
      expect.stringMatching(`^${path}:2 may not import `),
    ]);
  });
});

describe('purity', () => {
  test.each([
    'const at = Date.now();',
    'const at = new Date();',
    'const at = new Date;',
    'const at = Date();',
    'const local = new Date(2020, 1, 1);',
    'const { now } = Date;',
    'const at = performance.now();',
    'const chance = Math.random();',
    'const { random } = Math;',
    "const chance = Math['random']();",
    'crypto.getRandomValues(bytes);',
    "import { randomBytes } from 'node:crypto';",
    "import { randomUUID as id } from 'node:crypto';",
    "import * as nodeCrypto from 'node:crypto';",
    "import nodeCrypto from 'node:crypto';",
    'const home = process.env.HOME;',
    'const all = { process };',
    'globalThis.counter = 1;',
    'console.log(1);',
    'setTimeout(next, 10);',
    "const page = await fetch('http://localhost');",
    'const here = import.meta.url;',
    'names.sort((a, b) => a.localeCompare(b));',
    'const text = total.toLocaleString();',
    'new Intl.NumberFormat();',
    'let counter = 0;',
    'const cache = new Map<string, number>();',
    'const seen: string[] = [];',
    'function f() { const process = 1; } process.exit();',
  ])('%s is not pure', (text) => {
    expect(pure(`\n${text}`)).toEqual([expect.stringMatching(/^packages\/p\/src\/a\.ts:2 /)]);
  });

  test.each([
    '// Date.now(), Math.random() and process.env stay outside',
    "const advice = 'call performance.now() yourself';",
    'const at = new Date(openTimeMs);',
    'const at = Date.UTC(2020, 0, 1);',
    'const isDate = value instanceof Date;',
    'function f(performance: number) { return performance; }',
    'for (const process of processes) run(process);',
    'const { console } = options; console.log();',
    'const window = candles.slice(); f(window);',
    'interface Options { fetch: string; process?: Date }',
    'const options = { fetch: 1, process: 2 };',
    'this.window.process();',
    "import { process } from './process.ts'; process();",
    'const root = Math.sqrt(2);',
    'const NONE: readonly string[] = [];',
    'const ORDER = new Map([[1, 2]]);',
    "import { createHash } from 'node:crypto';",
    'function f() { let count = 0; const found = []; return count; }',
  ])('%s is pure', (text) => {
    expect(pure(text)).toEqual([]);
  });

  test('only a package that makes keys draws from the machine', () => {
    const text =
      "import { generateKeyPairSync } from 'node:crypto'; crypto.getRandomValues(bytes);";
    expect(pure(text)).toHaveLength(2);
    expect(pure(text, true)).toEqual([]);
  });
});

describe('arithmetic', () => {
  test.each(['Math.exp(x)', 'Math.hypot(x, y)', 'x ** 2', 'x **= 2', 'Math.tanh'])(
    '%s differs between engines',
    (text) => {
      expect(checkArithmetic({ path: 'a.ts', text: `\n${text};` })).toEqual([
        expect.stringMatching(/^a\.ts:2 /),
      ]);
    },
  );

  test.each(['Math.sqrt(x)', 'Math.PI * x', 'exp(x)', '/** x ** 2, Math.exp */', "'Math.exp'"])(
    '%s is the same everywhere',
    (text) => {
      expect(checkArithmetic({ path: 'a.ts', text })).toEqual([]);
    },
  );
});

describe('layout', () => {
  test('a file of 400 lines of 100 columns is the longest', () => {
    const longest = `${'x'.repeat(100)}\n`.repeat(400);
    expect(checkLength({ path: 'a.ts', text: longest })).toEqual([]);
    expect(checkLength({ path: 'a.ts', text: `${longest}y\n` })).toEqual([
      'a.ts has 401 lines, over 400',
    ]);
    expect(checkLength({ path: 'a.ts', text: `y\n${'ψ'.repeat(101)}` })).toEqual([
      'a.ts:2 over 100 columns',
    ]);
  });

  test.each(['src/utils.ts', 'src/helpers/a.ts', 'test/common.test.ts', 'src/types.d.ts'])(
    '%s says nothing about what is inside',
    (path) => {
      expect(checkName({ path })).toHaveLength(1);
    },
  );

  test('a name that holds such a word is no such name', () => {
    expect(checkName({ path: 'src/order-types.ts' })).toEqual([]);
  });

  test.each([
    'export default 1;',
    'export default function f() {}',
    'export default class {}',
    'const a = 1; export { a as default };',
    "export { default } from './a.ts';",
  ])('%s is a default export', (text) => {
    expect(checkDefaultExports({ path: 'a.ts', text })).toHaveLength(1);
  });

  test.each(['export const a = 1;', "export { default as a } from './a.ts';", "'export default'"])(
    '%s is not',
    (text) => {
      expect(checkDefaultExports({ path: 'a.ts', text })).toEqual([]);
    },
  );

  test.each([
    "export * from './a.ts';",
    "export * as a from './a.ts';",
    'export const a = 1;',
    "import { a } from './a.ts';",
    'const a = 1; export { a };',
    "import './side-effect.ts';",
  ])('%s has no place in an index', (text) => {
    expect(checkIndex({ path: 'index.ts', text })).not.toEqual([]);
  });

  test('named re-exports have', () => {
    const text =
      "/** All. */\nexport { a, type B } from './a.ts';\nexport type { C } from './c.ts';";
    expect(checkIndex({ path: 'index.ts', text })).toEqual([]);
  });

  test.each(['TODO', 'FIXME'])('a comment with %s puts something off', (word) => {
    const findings = ['a.ts:2 a note of unfinished work: do it or leave it out'];
    expect(checkComments({ path: 'a.ts', text: `\n// ${word}: later` })).toEqual(findings);
    expect(checkComments({ path: 'a.ts', text: `f(\n/* ${word} */ 1);` })).toEqual(findings);
    expect(checkComments({ path: 'a.ts', text: `f('${word}', todo);` })).toEqual([]);
    expect(checkProse({ path: 'a.md', text: `One.\n${word}: two.` })).toHaveLength(1);
    expect(checkProse({ path: 'a.md', text: `One \`${word}\`.` })).toEqual([]);
  });

  test('an error class carries its name and its codes', () => {
    const text = `export class GateError extends Error {
      override readonly name = 'GateError';
      readonly code: GateErrorCode;
    }`;
    const findings = (changed: string): string[] => checkErrors({ path: 'a.ts', text: changed });
    expect(findings(text)).toEqual([]);
    expect(findings('')).toHaveLength(1);
    expect(findings(text + text)).toHaveLength(1);
    expect(findings(text.replace('extends Error', ''))).toHaveLength(1);
    expect(findings(text.replace("'GateError'", "'Error'"))).toHaveLength(1);
    expect(findings(text.replace('code: GateErrorCode', 'code: string'))).toHaveLength(1);
  });

  test('a package without README is not whole', () => {
    const files = ['README.md', 'src/index.ts', 'src/errors.ts', 'tsup.config.ts', 'turbo.json'];
    const paths = new Set(files.map((file) => `packages/a/${file}`));
    expect(checkAnatomy('packages/a', paths)).toEqual([]);
    paths.delete('packages/a/README.md');
    expect(checkAnatomy('packages/a', paths)).toEqual(['packages/a/README.md is missing']);
  });
});
