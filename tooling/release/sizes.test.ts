import { expect, test } from 'vitest';
import { holds, statedSizes } from './sizes.ts';

test('the rows of a README that state a size are read', () => {
  const readme = [
    '| import                              | minified |',
    '| ----------------------------------- | -------- |',
    "| `import { a } from '@sema/x'`       | ≤ 0.8 kB |",
    "| `import { a, b } from '@sema/x/y'`  | ≤ 12 kB  |",
    "| `import * as x from '@sema/x'`      | ≤ 12 kB  |",
  ].join('\n');
  expect(statedSizes(readme)).toEqual([
    { statement: "import { a } from '@sema/x'", names: 'a', from: '@sema/x', limitBytes: 800 },
    {
      statement: "import { a, b } from '@sema/x/y'",
      names: 'a, b',
      from: '@sema/x/y',
      limitBytes: 12_000,
    },
  ]);
});

test.each([
  [1000, true],
  [800, true],
  [1001, false],
  [500, false],
])('of at most 1 kB, %d bytes are %s', (bytes, expected) => {
  const stated = { statement: '', names: '', from: '', limitBytes: 1000 };
  expect(holds(stated, { bytes, gzippedBytes: 0 })).toBe(expected);
});
