import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import type { Project } from './project.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

/** `undefined` where there is no Chromium. */
export async function launchBrowser(): Promise<Browser | undefined> {
  if (CHROMIUM === undefined) return undefined;
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** How many examples ran in a browser, and how many need Node. */
export interface BrowserRun {
  readonly assertions: number;
  readonly examples: number;
  readonly nodeOnly: number;
}

/**
 * Bundles each example and runs it in a page of its own. An example that imports what only Node has
 * is left out, but never the first: it is what the README claims to run.
 */
export async function runInBrowser(project: Project, browser: Browser): Promise<BrowserRun> {
  let [assertions, examples, nodeOnly] = [0, 0, 0];
  for (const [index, check] of project.checks.entries()) {
    const bundle = await bundleForPage(check);
    if (bundle.needsNode) {
      if (index === 0) throw new Error(`${project.packed.name}: its first example needs Node`);
      nodeOnly += 1;
      continue;
    }
    assertions += await runInPage(bundle.code, browser);
    examples += 1;
  }
  return { assertions, examples, nodeOnly };
}

async function bundleForPage(check: string): Promise<{ code: string; needsNode: boolean }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        await import(${JSON.stringify(check)});
        export { held } from './expect.js';`,
      resolveDir: new URL('.', `file://${check}`).pathname,
    },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'error',
    metafile: true,
    write: false,
  });
  const imports = Object.values(metafile.outputs).flatMap((file) => file.imports);
  // What is imported only while it runs may be missing: lru-cache asks for a module so.
  const needsNode = imports.some(
    ({ path, kind }) => path.startsWith('node:') && kind === 'import-statement',
  );
  return { code: outputFiles[0]?.text ?? '', needsNode };
}

async function runInPage(code: string, browser: Browser): Promise<number> {
  const page = await browser.newPage();
  try {
    // Memory is shared between threads only on pages that are isolated so.
    await page.route('http://localhost/**', (route) =>
      route.fulfill({
        headers: {
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
          'content-type': route.request().url().endsWith('.js') ? 'text/javascript' : 'text/html',
        },
        body: route.request().url().endsWith('.js') ? code : '<!doctype html>',
      }),
    );
    await page.goto('http://localhost/');
    // The path is one of the page, which the compiler does not know.
    return await page.evaluate(async (path) => {
      const { held } = (await import(path)) as { held: () => number };
      return held();
    }, '/example.js');
  } finally {
    await page.close();
  }
}
