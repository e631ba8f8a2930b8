import ts from 'typescript';

/** One file of the repository: its path from the root, with forward slashes, and its text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/**
 * A module specifier where it stands: `from '…'`, `import('…')`, `require('…')` or a type import.
 */
export interface ImportedModule {
  readonly specifier: string;
  readonly node: ts.Node;
}

const parsed = new WeakMap<TextFile, ts.SourceFile>();

export function parse(file: TextFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true);
  parsed.set(file, source);
  return source;
}

/** Every node below and including `root`, in source order. */
export function nodesOf(root: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return nodes;
}

/** `path:line message`, the one form of every finding. */
export function finding(source: ts.SourceFile, position: number, message: string): string {
  const line = source.getLineAndCharacterOfPosition(position).line + 1;
  return `${source.fileName}:${line} ${message}`;
}

export function findingAt(node: ts.Node, message: string): string {
  return finding(node.getSourceFile(), node.getStart(), message);
}

export function importedModules(source: ts.SourceFile): ImportedModule[] {
  const modules: ImportedModule[] = [];
  for (const node of nodesOf(source)) {
    const specifier = moduleSpecifier(node);
    if (specifier !== undefined) modules.push({ specifier, node });
  }
  return modules;
}

function moduleSpecifier(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literalText(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? literalText(node.argument.literal) : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isImport || isRequire ? literalText(node.arguments[0]) : undefined;
}

function literalText(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** The comments of a file, with the offset each starts at. */
export function commentsOf(source: ts.SourceFile): { text: string; start: number }[] {
  const ranges = new Map<number, ts.CommentRange>();
  const collect = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(source.text, node.pos) ?? []) {
      ranges.set(range.pos, range);
    }
    for (const range of ts.getTrailingCommentRanges(source.text, node.end) ?? []) {
      ranges.set(range.pos, range);
    }
    for (const child of node.getChildren(source)) collect(child);
  };
  collect(source);
  return [...ranges.values()].map(({ pos, end }) => ({
    text: source.text.slice(pos, end),
    start: pos,
  }));
}

/** The identifiers that are read as values and declared nowhere in the file: its globals. */
export function globalReferences(source: ts.SourceFile): ts.Identifier[] {
  const identifiers = nodesOf(source).filter(ts.isIdentifier);
  const scopesByName = new Map<string, Set<ts.Node>>();
  for (const identifier of identifiers) {
    const scope = scopeDeclaring(identifier);
    if (scope === undefined) continue;
    const scopes = scopesByName.get(identifier.text) ?? new Set();
    scopesByName.set(identifier.text, scopes.add(scope));
  }
  return identifiers.filter((identifier) => {
    if (!isValueReference(identifier)) return false;
    const scopes = scopesByName.get(identifier.text);
    for (let node: ts.Node = identifier; scopes !== undefined; node = node.parent) {
      if (scopes.has(node)) return false;
      if (ts.isSourceFile(node)) break;
    }
    return true;
  });
}

/** The scope that gains a value called `identifier` here; undefined when this is no declaration. */
function scopeDeclaring(identifier: ts.Identifier): ts.Node | undefined {
  const declaration = identifier.parent;
  if (!('name' in declaration) || declaration.name !== identifier) return undefined;
  if (
    ts.isVariableDeclaration(declaration) ||
    ts.isParameter(declaration) ||
    ts.isBindingElement(declaration) ||
    ts.isFunctionExpression(declaration) ||
    ts.isClassExpression(declaration) ||
    ts.isImportClause(declaration) ||
    ts.isImportSpecifier(declaration) ||
    ts.isNamespaceImport(declaration)
  ) {
    return enclosingScope(declaration);
  }
  if (ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration)) {
    return enclosingScope(declaration.parent);
  }
  return undefined;
}

function enclosingScope(start: ts.Node): ts.Node {
  let node = start;
  while (!(
    ts.isSourceFile(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node)
  )) {
    node = node.parent;
  }
  return node;
}

function isValueReference(identifier: ts.Identifier): boolean {
  const { parent } = identifier;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if ('name' in parent && parent.name === identifier) return false;
  if ('propertyName' in parent && parent.propertyName === identifier) return false;
  if ('label' in parent && parent.label === identifier) return false;
  return !ts.isPartOfTypeNode(identifier) && !ts.isTypePredicateNode(parent);
}
