import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import type { Project } from './project.ts';

const SHARED: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
};

/** The two ways in which projects find the types of what they import. */
const RESOLUTIONS = {
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
} satisfies Record<string, ts.CompilerOptions>;

const BROWSERS: ts.CompilerOptions = {
  types: [],
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
};

// Parsing the language's own declarations is most of the work.
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles the examples and an import of every entry point under both resolutions, with the
 * declarations of everything that was installed checked too: as a project for Node, whose types
 * stand elsewhere, and, on request, as one for browsers, which has none of them.
 *
 * @param nodeTypes - the `@types` folder with Node's types
 * @returns what the compiler complains of, a line each
 */
export function checkTypes(
  { folder, sources, packed }: Project,
  { nodeTypes, inBrowsers }: { nodeTypes: string; inBrowsers: boolean },
): string[] {
  const entries = join(folder, 'entries.ts');
  const imports = packed.entries.map((entry, i) => `export * as entry${i} from '${entry}';\n`);
  writeFileSync(entries, imports.join(''));
  const platforms: Record<string, ts.CompilerOptions> = {
    Node: { typeRoots: [nodeTypes], types: ['node'], lib: ['lib.es2023.d.ts'] },
  };
  if (inBrowsers) platforms['browsers'] = BROWSERS;
  return Object.entries(platforms).flatMap(([platform, own]) =>
    Object.entries(RESOLUTIONS).flatMap(([resolution, way]) => {
      const options = { ...SHARED, ...own, ...way };
      const program = ts.createProgram([entries, ...sources], options, hostIn(folder, options));
      return ts
        .getPreEmitDiagnostics(program)
        .map((diagnostic) => `${resolution}, ${platform}: ${described(diagnostic, folder)}`);
    }),
  );
}

function hostIn(folder: string, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const own = dirname(ts.getDefaultLibFilePath(options));
  return {
    ...host,
    getCurrentDirectory: () => folder,
    getSourceFile(path, ...rest) {
      if (!path.startsWith(own)) return host.getSourceFile(path, ...rest);
      if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, ...rest));
      return parsed.get(path);
    },
  };
}

function described({ file, start = 0, messageText }: ts.Diagnostic, folder: string): string {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (file === undefined) return text;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${relative(folder, file.fileName)}:${line + 1} ${text}`;
}
