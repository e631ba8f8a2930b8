import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './command.ts';
import { install } from './project.ts';

/** A Node of another version than the one that runs this. */
export interface OtherNode {
  readonly version: string;
  readonly path: string;
}

/**
 * A Node from the npm registry, where its binaries are packages of their own.
 *
 * @param version - such as `20` or `latest`
 * @param folder - where it is installed
 */
export async function fetchNode(version: string, folder: string): Promise<OtherNode> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  await install(folder, [`${name}@${version}`]);
  const path = ['bin/node', 'bin/node.exe']
    .map((file) => join(folder, 'node_modules', name, file))
    .find((file) => existsSync(file));
  if (path === undefined) throw new Error(`${name}@${version} has no Node in it`);
  return nodeAt(path);
}

export async function nodeAt(path: string): Promise<OtherNode> {
  return { path, version: (await output(path, ['--version'], { cwd: '.' })).trim() };
}
