import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { expect, test } from 'vitest';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

/** What the page computes, and where it shows whether a browser gets it right. */
const PAGE_SCRIPT = `
import { Circuit, Compiler, run, StateVector } from '@sema/simulator';
const circuit = new Circuit(9);
for (let q = 0; q < 9; q++) circuit.ry(circuit.parameter('a'), q).rz(0.1 * q, q);
for (let q = 0; q < 8; q++) circuit.cx(q, q + 1).rzz(0.3, q, q + 1);
const compiler = new Compiler({ tileQubits: 7 });
const results = ['f64', 'f32'].map((precision) => {
  const program = compiler.compile(circuit, precision);
  const state = program.state();
  program.run(state, [0.7]);
  const expected = new StateVector(9);
  run(circuit, expected, { parameters: [0.7] });
  let far = 0;
  for (let i = 0; i < 512; i++) far = Math.max(far, Math.abs(state.real[i] - expected.real[i]));
  return precision + (far < (precision === 'f64' ? 1e-14 : 1e-6) ? ' agrees' : ' differs ' + far);
});
document.body.textContent = results.join(', ') + ', plans ' + compiler.cachedPlans;
`;

test.skipIf(CHROMIUM === undefined)(
  `compiled circuits run in a browser${CHROMIUM === undefined ? ' (SKIPPED: no Chromium)' : ''}`,
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sema-browser-'));
    try {
      const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
      const entry = join(packageFolder, 'test/compile', `page-${process.pid}.ts`);
      writeFileSync(entry, PAGE_SCRIPT);
      try {
        await build({
          entry: { page: entry },
          outDir: folder,
          format: ['iife'],
          platform: 'browser',
          noExternal: [/.*/],
          config: false,
          silent: true,
          esbuildOptions(options) {
            options.conditions = ['@sema/source'];
            options.absWorkingDir = packageFolder;
          },
        });
      } finally {
        rmSync(entry);
      }
      const script = readFileSync(join(folder, 'page.global.js'), 'utf8');
      const page = join(folder, 'page.html');
      writeFileSync(page, `<!doctype html><body><script>${script}</script></body>`);
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}`];
      const shown = execFileSync(CHROMIUM ?? '', [...flags, '--dump-dom', `file://${page}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 45_000,
      });
      expect(shown).toContain('f64 agrees, f32 agrees, plans 2</body>');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
