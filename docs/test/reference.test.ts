import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIGURATION_RULES, DENIAL_REASONS } from '@sema/qar';
import { expect, test } from 'vitest';
import { referencePages } from '../generator/reference-pages.ts';
import { PAGES, ROOT } from './pages.ts';

const pages = await referencePages();

test.each([...pages])('%s says what the sources say', (path, text) => {
  const written = readFileSync(join(ROOT, path), 'utf8');
  expect(written, 'run pnpm --filter @sema/docs reference').toBe(text);
});

test('every route that the service has in its sources is there', () => {
  const http = pages.get('docs/reference/http.md');
  const routes = join(ROOT, 'apps/service/src/routes');
  const paths = readdirSync(routes)
    .map((name) => readFileSync(join(routes, name), 'utf8'))
    .flatMap((source) => [...source.matchAll(/path: '(.+)'/g)])
    .map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) expect(http).toContain(` ${path}\``);
});

test('every setting, every denial and every code of an error class is there', () => {
  const settings = pages.get('docs/reference/configuration.md');
  for (const path of Object.keys(CONFIGURATION_RULES)) expect(settings).toContain(`\`${path}\``);
  const denials = pages.get('docs/reference/denials.md');
  for (const reason of DENIAL_REASONS) expect(denials).toContain(`\`${reason}\``);
  const errors = pages.get('docs/reference/errors.md');
  for (const code of ['NOT_UNITARY', 'CHECKSUM_MISMATCH', 'BAD_JOURNAL', 'ARM_REFUSED']) {
    expect(errors).toContain(`\`${code}\``);
  }
});

test('the exit codes are those of the README of the command line', () => {
  const exits = pages.get('docs/reference/exit-codes.md') ?? '';
  const readme = PAGES.find(({ path }) => path === 'apps/cli/README.md')?.text ?? '';
  const rows = exits.split('\n').filter((line) => /^\| \d/.test(line));
  expect(rows.length).toBeGreaterThan(4);
  const squeezed = readme.replace(/ +/g, ' ');
  for (const row of rows) expect(squeezed).toContain(row.replace(/ +/g, ' '));
});
