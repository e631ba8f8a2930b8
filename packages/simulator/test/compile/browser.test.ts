import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { expect, test } from 'vitest';
import { fingerprint } from './browser/fingerprint.ts';
import type { Found } from './browser/page.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);
const reason = CHROMIUM === undefined ? ' (SKIPPED: no Chromium)' : '';

test.skipIf(CHROMIUM === undefined)(
  `a page and its worker run circuits on two threads, with Node's bits${reason}`,
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sema-browser-'));
    const { server, found } = await serve(await bundle(folder));
    // The server was told to listen on a port, so its address has one.
    const { port } = server.address() as AddressInfo;
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}`];
    const browser = spawn(CHROMIUM ?? '', [...flags, `http://127.0.0.1:${port}/`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    browser.stdout.resume();
    try {
      const { page, worker, error } = await found;
      expect(error).toBeUndefined();
      const { hashes } = await fingerprint();
      for (const place of [page, worker]) {
        expect(place?.hashes).toEqual(hashes);
        // Rounding of some 60 gates.
        expect(place?.far[0]).toBeLessThan(1e-14);
        expect(place?.far[1]).toBeLessThan(1e-6);
        expect(place?.tilesOfOthers).toBeGreaterThan(0);
      }
      expect([page?.mayWait, worker?.mayWait]).toEqual([false, true]);
    } finally {
      // The last process to end closes the pipe that all inherited: none writes to the folder then.
      const gone = once(browser, 'close');
      browser.kill();
      await gone;
      server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);

/** The page's script, everything in it. */
async function bundle(folder: string): Promise<string> {
  const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
  await build({
    entry: { page: join(packageFolder, 'test/compile/browser/page.ts') },
    outDir: join(folder, 'script'),
    format: ['iife'],
    target: 'es2022',
    platform: 'browser',
    noExternal: [/.*/],
    config: false,
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@sema/source'];
      options.absWorkingDir = packageFolder;
    },
  });
  return readFileSync(join(folder, 'script/page.global.js'), 'utf8');
}

interface Posted {
  readonly page?: Found;
  readonly worker?: Found;
  readonly error?: string;
}

/** A server of the page with the headers that memory shared among threads needs. */
async function serve(script: string): Promise<{ server: Server; found: Promise<Posted> }> {
  const server = createServer();
  const found = new Promise<Posted>((resolve, reject) => {
    server.on('request', (request, response) => {
      const isScript = request.url === '/page.js';
      response.writeHead(200, {
        'content-type': isScript ? 'text/javascript' : 'text/html',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
      if (request.url !== '/found') return;
      // What page.ts posts.
      text(request).then((body) => {
        resolve(JSON.parse(body) as Posted);
      }, reject);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, found };
}
