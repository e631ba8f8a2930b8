/** One row of the layer table: what a package, or one entry point of it, may reach. */
export interface Layer {
  /** `simulator`, or `timing-buffer/quantum-memory` for the files of one entry point alone. */
  readonly name: string;
  readonly imports: readonly string[];
  readonly nodeModules: readonly string[];
  /** Only reproducible arithmetic: none of Math's functions that differ between engines. */
  readonly pinned: boolean;
}

const HEADER = /^\|\s*package\s*\|\s*may import\s*\|\s*Node modules\s*\|\s*arithmetic\s*\|$/;

/** Reads the layer table of ARCHITECTURE.md. Throws when it is absent or malformed. */
export function parseLayers(markdown: string): Layer[] {
  const lines = markdown.split('\n');
  const header = lines.findIndex((line) => HEADER.test(line));
  if (header === -1) throw new Error('no layer table: no line is its header row');
  const layers: Layer[] = [];
  for (const line of lines.slice(header + 2)) {
    if (!line.startsWith('|')) break;
    layers.push(parseRow(line));
  }
  return layers;
}

function parseRow(line: string): Layer {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('`', '').trim());
  const [name, imports, nodeModules, arithmetic] = cells;
  if (name === undefined || imports === undefined || nodeModules === undefined) {
    throw new Error(`the layer table has a short row: ${line}`);
  }
  if (arithmetic !== 'pinned' && arithmetic !== '–') {
    throw new Error(`arithmetic is 'pinned' or '–', not '${arithmetic ?? ''}': ${line}`);
  }
  return {
    name,
    imports: listOf(imports),
    nodeModules: listOf(nodeModules),
    pinned: arithmetic === 'pinned',
  };
}

function listOf(cell: string): string[] {
  return cell === '–' ? [] : cell.split(',').map((item) => item.trim());
}

/** Whether the table covers exactly the packages there are, each above all that import it. */
export function checkLayerTable(
  layers: readonly Layer[],
  packages: readonly string[],
  paths: ReadonlySet<string>,
): string[] {
  const findings: string[] = [];
  const above = new Set<string>();
  for (const { name, imports } of layers) {
    const [packageName = '', entry] = name.split('/');
    if (above.has(name)) findings.push(`the layer table names ${name} twice`);
    if (!packages.includes(packageName)) {
      findings.push(`the layer table names ${name}, which is no package`);
    } else if (entry !== undefined && !paths.has(`packages/${packageName}/src/${entry}.ts`)) {
      findings.push(`the layer table names ${name}, but src/${entry}.ts does not exist`);
    }
    for (const imported of imports) {
      if (!above.has(imported)) findings.push(`${name} imports ${imported}, no row above it`);
    }
    above.add(name);
  }
  const absent = packages.filter((name) => !above.has(name));
  return [...findings, ...absent.map((name) => `the layer table does not name ${name}`)];
}

/** The apps that `sema` starts: `sema serve` and `sema exchange`. */
const STARTED_BY_CLI = ['service', 'freqtrade'];

/**
 * The packages that some file of a workspace folder may import.
 *
 * @param folder - `packages/simulator` or `apps/cli`; an app may import every package,
 *   and `apps/cli` the apps that it starts
 */
export function importsOf(folder: string, layers: readonly Layer[]): string[] {
  const [group, name = ''] = folder.split('/');
  if (group === 'apps') {
    const apps = name === 'cli' ? STARTED_BY_CLI : [];
    return [...layers.map((layer) => layer.name), ...apps];
  }
  return layers
    .filter((layer) => layer.name === name || layer.name.startsWith(`${name}/`))
    .flatMap((layer) => layer.imports);
}
