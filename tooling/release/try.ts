import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser, runInBrowser } from './browser.ts';
import { script, table } from './command.ts';
import { fetchNode, nodeAt, type OtherNode } from './nodes.ts';
import { packAll, type Packed } from './pack.ts';
import { install, makeProject, runInNode, type Project } from './project.ts';
import { bundleSize, holds, statedSizes } from './sizes.ts';
import { checkTypes } from './type-check.ts';

// npm run packages:try: packs every package, installs each into an empty project elsewhere, and
// does there what its README promises. Needs the npm registry; Chromium for what claims browsers.

const OLDEST_NODE = 20;
const RUNS_IN = /^Runs in Node 20\.19 and later(, and in browsers)?\.$/m;

const findings: string[] = [];
const started = Date.now();

function say(words: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`${seconds.padStart(4)} s  ${words}`);
}

/** The oldest Node that is promised, and the newest there is. */
async function nodes(scratch: string): Promise<OtherNode[]> {
  const own = await nodeAt(process.execPath);
  const isOldest = own.version.startsWith(`v${OLDEST_NODE}.`);
  const oldest = isOldest
    ? own
    : await fetchNode(String(OLDEST_NODE), join(scratch, 'node-oldest'));
  const given = process.env['SEMA_NEWER_NODE'];
  const newest = given
    ? await nodeAt(given)
    : await fetchNode('latest', join(scratch, 'node-newest'));
  return [oldest, newest];
}

function claimsBrowsers({ name, readme }: Packed): boolean {
  const claim = RUNS_IN.exec(readme);
  if (claim === null) findings.push(`${name}: its README does not say where it runs`);
  return claim?.[1] !== undefined;
}

async function sizesOf({ packed, folder }: Project): Promise<string[][]> {
  const stated = statedSizes(packed.readme);
  if (stated.length === 0) findings.push(`${packed.name}: its README states no size`);
  const rows: string[][] = [];
  for (const size of stated) {
    const measured = await bundleSize(folder, size);
    if (!holds(size, measured)) {
      findings.push(`${packed.name}: ${size.statement} is ${measured.bytes} bytes, not as stated`);
    }
    const limit = String(size.limitBytes);
    rows.push([size.statement, limit, String(measured.bytes), String(measured.gzippedBytes)]);
  }
  return rows;
}

/** What goes wrong is kept for the end, so that one package does not hide another's. */
async function attempt<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    findings.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function tryAll(scratch: string): Promise<boolean> {
  const [versions, packed] = [await nodes(scratch), await packAll(join(scratch, 'tarballs'))];
  say(
    `packed ${packed.length} packages, for Node ${versions.map((node) => node.version).join(' and ')}`,
  );
  const browser = await launchBrowser();
  if (browser === undefined) say('SKIPPED: browsers, since there is no Chromium');
  const tarballs = new Map(packed.map(({ name, tarball }) => [name, tarball]));
  await install(join(scratch, 'types'), [`@types/node@${OLDEST_NODE}`]);
  const nodeTypes = join(scratch, 'types/node_modules/@types');
  const sizes: string[][] = [];
  for (const one of packed) {
    await attempt(one.name, async () => {
      const inBrowsers = claimsBrowsers(one);
      const folder = join(scratch, 'projects', one.name);
      const project = await makeProject(folder, one, tarballs);
      for (const file of ['LICENSE', 'README.md']) {
        if (existsSync(join(folder, 'node_modules', one.name, file))) continue;
        findings.push(`${one.name}: its tarball has no ${file}`);
      }
      const complaints = checkTypes(project, { nodeTypes, inBrowsers });
      findings.push(...complaints.map((words) => `${one.name}: ${words}`));
      const done: string[] = [];
      for (const node of versions) {
        done.push(`${await runInNode(project, node.path)} assertions in Node ${node.version}`);
      }
      if (inBrowsers && browser !== undefined) {
        const { assertions, examples, nodeOnly } = await runInBrowser(project, browser);
        const others = nodeOnly === 0 ? '' : ` (${nodeOnly} examples need Node)`;
        done.push(`${assertions} of ${examples} examples in Chromium${others}`);
      }
      sizes.push(...(await sizesOf(project)));
      say(`${one.name}: ${done.join(', ')}`);
    });
  }
  await browser?.close();
  console.log(`\n${table(['alone in a bundle', 'stated', 'bytes', 'gzipped'], sizes)}\n`);
  for (const finding of findings) console.log(`failed: ${finding}`);
  say(findings.length === 0 ? 'every package does what its README says' : 'failed');
  return findings.length === 0;
}

await script(async () => {
  // Outside the repository: nothing of ours may be found by looking upwards.
  const scratch = mkdtempSync(join(tmpdir(), 'sema-packages-'));
  try {
    return await tryAll(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
