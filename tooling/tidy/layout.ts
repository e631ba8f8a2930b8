import { posix } from 'node:path';
import ts from 'typescript';
import { commentsOf, finding, findingAt, parse, type TextFile } from './syntax.ts';

const MAXIMUM_LINES = 400;
const MAXIMUM_COLUMNS = 100;

export function checkLength({ path, text }: TextFile): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const findings = lines.flatMap((line, index) =>
    // Columns are code points: a letter outside the basic plane is one column, not two.
    [...line].length > MAXIMUM_COLUMNS
      ? [`${path}:${index + 1} over ${MAXIMUM_COLUMNS} columns`]
      : [],
  );
  if (lines.length <= MAXIMUM_LINES) return findings;
  return [...findings, `${path} has ${lines.length} lines, over ${MAXIMUM_LINES}`];
}

const EMPTY_NAMES = /^(utils?|helpers?|common|types|misc|shared)$/;

/** Names that say nothing about what is inside. */
export function checkName({ path }: Pick<TextFile, 'path'>): string[] {
  return path
    .split('/')
    .filter((part) => EMPTY_NAMES.test(part.split('.')[0] ?? ''))
    .map((part) => `${path} is called '${part}': name it after what it exports`);
}

export function checkDefaultExports(file: TextFile): string[] {
  return parse(file).statements.flatMap((statement) => {
    const isDefault =
      (ts.isExportAssignment(statement) && statement.isExportEquals !== true) ||
      (ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) ||
      namedExports(statement).some((element) => element.name.text === 'default');
    return isDefault ? [findingAt(statement, 'a default export: name it')] : [];
  });
}

function namedExports(statement: ts.Statement): readonly ts.ExportSpecifier[] {
  if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
  return ts.isNamedExports(statement.exportClause) ? statement.exportClause.elements : [];
}

/**
 * An index is the list of what a package offers: `export { name } from './file.ts'` and no more.
 */
export function checkIndex(file: TextFile): string[] {
  return parse(file)
    .statements.filter(
      (statement) =>
        namedExports(statement).length === 0 ||
        !ts.isExportDeclaration(statement) ||
        statement.moduleSpecifier === undefined,
    )
    .map((statement) => findingAt(statement, 'an index holds named re-exports and nothing else'));
}

// Spelled in two halves so that this file passes its own check.
const UNFINISHED = new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|XX${'X'}|HA${'CK'})\\b`);

/** Comments that put something off. */
export function checkComments(file: TextFile): string[] {
  const source = parse(file);
  return commentsOf(source)
    .filter(({ text }) => UNFINISHED.test(text))
    .map(({ start }) => finding(source, start, 'a note of unfinished work: do it or leave it out'));
}

/** The same for a document, outside its `code`. */
export function checkProse({ path, text }: TextFile): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      UNFINISHED.test(line.replace(/`[^`]*`/g, ''))
        ? [`${path}:${index + 1} a note of unfinished work: do it or leave it out`]
        : [],
    );
}

/**
 * Whether `src/errors.ts` is one class `…Error` whose `name` is its own and whose `code` is typed.
 */
export function checkErrors(file: TextFile): string[] {
  const classes = parse(file).statements.filter(ts.isClassDeclaration);
  const [declaration, ...others] = classes;
  if (declaration?.name === undefined || others.length > 0) {
    return [`${file.path} declares ${classes.length} classes, not one error class`];
  }
  const className = declaration.name.text;
  const fields = new Map(
    declaration.members
      .filter(ts.isPropertyDeclaration)
      .map((field) => [field.name.getText(), field] as const),
  );
  const findings: string[] = [];
  if (declaration.heritageClauses?.[0]?.types[0]?.expression.getText() !== 'Error') {
    findings.push(findingAt(declaration, `${className} does not extend Error`));
  }
  if (fields.get('name')?.initializer?.getText() !== `'${className}'`) {
    findings.push(findingAt(declaration, `${className} does not carry its own name`));
  }
  if (fields.get('code')?.type?.getText() !== `${className}Code`) {
    findings.push(findingAt(declaration, `${className}.code is not a ${className}Code`));
  }
  return findings;
}

const REQUIRED_FILES = [
  'README.md',
  'src/index.ts',
  'src/errors.ts',
  'tsup.config.ts',
  'turbo.json',
];

/** The files that every package has. */
export function checkAnatomy(folder: string, paths: ReadonlySet<string>): string[] {
  return REQUIRED_FILES.map((name) => posix.join(folder, name))
    .filter((path) => !paths.has(path))
    .map((path) => `${path} is missing`);
}
