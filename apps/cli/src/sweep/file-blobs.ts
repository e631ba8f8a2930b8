import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pid } from 'node:process';
import { PortError, type BlobStore } from '@sema/qar/ports';
import { errorCode, notWritable } from '../cli-error.ts';

const NAME = /^[A-Za-z0-9_\-./:]{1,128}$/;
/** Letters that no name has, for what is not written to its end and for what no file may have. */
const UNFINISHED = '%part';
const COLON = '%3A';

/**
 * Blobs as files of a folder, so that what one process has kept the next one finds. A blob is there
 * whole or not at all.
 */
export class FileBlobs implements BlobStore {
  readonly #folder: string;
  #written = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {PortError} `BAD_NAME`; {CliError} `NOT_WRITABLE` */
  async put(name: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(name);
    const unfinished = `${path}.${String(pid)}-${String(this.#written++)}${UNFINISHED}`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(unfinished, bytes);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw notWritable(path, error);
    }
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const bytes = await unlessAbsent(readFile(this.#path(name)));
    return bytes && new Uint8Array(bytes);
  }

  async delete(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  async list(prefix: string): Promise<string[]> {
    // Folders are what stands between slashes; only the last of the prefix need be read.
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const within = folder === '' ? this.#folder : this.#path(folder.slice(0, -1));
    const entries = await unlessAbsent(readdir(within, { recursive: true, withFileTypes: true }));
    return (entries ?? [])
      .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
      .map((entry) => relative(this.#folder, join(entry.parentPath, entry.name)))
      .map((path) => path.split(sep).join('/').replaceAll(COLON, ':'))
      .filter((name) => name.startsWith(prefix))
      .sort();
  }

  #path(name: string): string {
    const steps = name.split('/');
    if (!NAME.test(name) || steps.some((step) => ['', '.', '..'].includes(step))) {
      throw new PortError('BAD_NAME', `${JSON.stringify(name.slice(0, 140))} names no file`);
    }
    return join(this.#folder, ...steps.map((step) => step.replaceAll(':', COLON)));
  }
}

async function unlessAbsent<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
