import { expect, test } from 'vitest';
import { documents, filesOf, readmeAt, readmesOf } from './readmes.ts';
import { checkTypes } from './type-check.ts';

test('the examples and files of all READMEs and documents have no type errors', () => {
  const readmes = [
    readmeAt('README.md'),
    ...readmesOf('packages'),
    ...readmesOf('apps'),
    ...documents(),
    ...documents().map(filesOf),
  ];
  expect(checkTypes(readmes)).toEqual([]);
});

test('a type error in an example is found on its line', () => {
  const path = new URL('../../README.md.block-0.ts', import.meta.url).pathname;
  const code = 'const one: number = 1;\nconst two: string = one;';
  const readme = { file: 'README.md', examples: [{ path, code, line: 7 }] };
  expect(checkTypes([readme])).toEqual([
    "README.md:8 Type 'number' is not assignable to type 'string'.",
  ]);
});
