import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Readme } from './readmes.ts';

const configuration = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));

/** The type errors of all examples, as `file:line message`, under the rules of our own sources. */
export function checkTypes(readmes: readonly Readme[]): string[] {
  const options = readOptions();
  const examples = readmes.flatMap(({ file, examples: blocks }) =>
    blocks.map((block) => ({ file, ...block })),
  );
  const codeByPath = new Map(examples.map(({ path, code }) => [path, code]));
  const files = ts.createCompilerHost(options, true);
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (path) => codeByPath.has(path) || files.fileExists(path),
    readFile: (path) => codeByPath.get(path) ?? files.readFile(path),
    getSourceFile: (path, ...rest) => {
      const code = codeByPath.get(path);
      return code === undefined
        ? files.getSourceFile(path, ...rest)
        : ts.createSourceFile(path, code, rest[0], true);
    },
  };
  const program = ts.createProgram([...codeByPath.keys()], options, host);
  return examples.flatMap(({ file, path, line }) => {
    const source = program.getSourceFile(path);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map(({ start = 0, messageText }) => {
      const within = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${file}:${line + within} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(configuration, (path) => ts.sys.readFile(path)) as {
    config: object; // or nothing at all, which the next call refuses
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configuration));
  // An example may name a value only to show it.
  return { ...options, noUnusedLocals: false, moduleDetection: ts.ModuleDetectionKind.Force };
}
