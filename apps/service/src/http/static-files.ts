import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Context as HonoContext } from 'hono';
import { codeOf } from '../start-error.ts';

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  /** Whether the name has a hash of the contents in it, so that it never changes. */
  readonly fixed: boolean;
  readonly plain: Buffer;
  readonly gzip: Buffer | undefined;
  readonly brotli: Buffer | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSED = /^(text|application|image\/svg)/;
const SMALLEST_COMPRESSED = 512;
const HASHED_NAME = /[.-][\w-]{8,}\.\w+$/;
const MOST_FILES = 1000;

const ABSENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sema</title>
<h1>Sema is running</h1><p>The dashboard is not built here. The API is described at
<a href="/openapi.json">/openapi.json</a>.</p></html>
`;

/**
 * The files of a folder, read and compressed once, so that no request touches the disk and no path
 * leads out of it. A folder that does not exist is a page that says so.
 */
export class StaticFiles {
  readonly #files = new Map<string, StaticFile>();

  constructor(folder: string | undefined) {
    if (folder !== undefined) {
      for (const path of filesBelow(folder)) {
        const name = relative(folder, path).split(sep).join('/');
        this.#files.set(`/${name}`, staticFile(name, readFileSync(path)));
      }
    }
    if (!this.#files.has('/index.html')) {
      this.#files.set('/index.html', staticFile('index.html', Buffer.from(ABSENT)));
    }
  }

  /** The answer for a path, or `undefined` where there is no such file. */
  answer(c: HonoContext): Response | undefined {
    const path = c.req.path === '/' ? '/index.html' : c.req.path;
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    c.header('ETag', file.etag);
    c.header('Vary', 'Accept-Encoding');
    c.header('Cache-Control', file.fixed ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (c.req.header('if-none-match') === file.etag) return c.body(null, 304);
    const accepted = c.req.header('accept-encoding') ?? '';
    c.header('Content-Type', file.type);
    if (file.brotli !== undefined && /\bbr\b/.test(accepted)) {
      c.header('Content-Encoding', 'br');
      return c.body(new Uint8Array(file.brotli));
    }
    if (file.gzip !== undefined && /\bgzip\b/.test(accepted)) {
      c.header('Content-Encoding', 'gzip');
      return c.body(new Uint8Array(file.gzip));
    }
    return c.body(new Uint8Array(file.plain));
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .slice(0, MOST_FILES)
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function staticFile(name: string, plain: Buffer): StaticFile {
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  const compress = plain.length >= SMALLEST_COMPRESSED && COMPRESSED.test(type);
  return {
    type,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    fixed: HASHED_NAME.test(name),
    plain,
    gzip: compress ? gzipSync(plain) : undefined,
    brotli: compress ? brotliCompressSync(plain) : undefined,
  };
}
