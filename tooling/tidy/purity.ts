import ts from 'typescript';
import { findingAt, globalReferences, nodesOf, parse, type TextFile } from './syntax.ts';

const ENVIRONMENT = 'packages read nothing around them: take it as an argument';
const CLOCK = 'packages have no time of their own: take a Clock';
const CHANCE = 'packages have no chance of their own: take a RandomSource';
const OUTPUT = 'packages print nothing: return it or throw';
const WAITING = 'packages never wait: the caller does';
const NETWORK = 'packages open nothing: take the bytes as an argument';
const LOCALE = 'the answer depends on the locale of the machine';

const FORBIDDEN_GLOBALS = new Map([
  ['process', ENVIRONMENT],
  ['globalThis', ENVIRONMENT],
  ['global', ENVIRONMENT],
  ['window', ENVIRONMENT],
  ['self', ENVIRONMENT],
  ['navigator', ENVIRONMENT],
  ['require', ENVIRONMENT],
  ['performance', CLOCK],
  ['crypto', CHANCE],
  ['console', OUTPUT],
  ['setTimeout', WAITING],
  ['setInterval', WAITING],
  ['setImmediate', WAITING],
  ['queueMicrotask', WAITING],
  ['fetch', NETWORK],
  ['WebSocket', NETWORK],
  ['EventSource', NETWORK],
  ['XMLHttpRequest', NETWORK],
  ['Intl', LOCALE],
]);

const LOCALE_METHODS = /^(localeCompare|toLocale\w+)$/;

/** What node:crypto offers that draws from the machine's random generator. */
const RANDOM_EXPORTS = /^(random|generate|getRandomValues|webcrypto|subtle|default$)/;

/**
 * Whether a source file of a package computes from its arguments alone: no clock, chance,
 * environment, output, timer, network or locale, and no state that outlives a call.
 *
 * @param mayDraw - whether the package may draw secrets from the machine's random generator
 */
export function checkPurity(file: TextFile, { mayDraw }: { mayDraw: boolean }): string[] {
  const source = parse(file);
  const findings: string[] = [];
  for (const identifier of globalReferences(source)) {
    if (identifier.text === 'crypto' && mayDraw) continue;
    const reason = FORBIDDEN_GLOBALS.get(identifier.text) ?? reasonAgainst(identifier);
    if (reason !== undefined) findings.push(findingAt(identifier, `${identifier.text}: ${reason}`));
  }
  for (const node of nodesOf(source)) {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      findings.push(findingAt(node, `import.meta: ${ENVIRONMENT}`));
    }
    if (ts.isPropertyAccessExpression(node) && LOCALE_METHODS.test(node.name.text)) {
      findings.push(findingAt(node, `${node.name.text}: ${LOCALE}`));
    }
    if (!mayDraw && ts.isImportDeclaration(node)) findings.push(...randomImports(node));
  }
  return [...findings, ...moduleState(source)];
}

function reasonAgainst(identifier: ts.Identifier): string | undefined {
  const { parent, text } = identifier;
  const member =
    ts.isPropertyAccessExpression(parent) && parent.expression === identifier
      ? parent.name.text
      : undefined;
  if (text === 'Math') {
    if (member === undefined) return 'is used only as Math.name, so that this check can read it';
    return member === 'random' ? CHANCE : undefined;
  }
  if (text === 'Date') {
    const isFromArgument = ts.isNewExpression(parent) && parent.arguments?.length === 1;
    const isInstanceCheck =
      ts.isBinaryExpression(parent) &&
      parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
    return isFromArgument || isInstanceCheck || member === 'UTC' ? undefined : CLOCK;
  }
  return undefined;
}

function randomImports(node: ts.ImportDeclaration): string[] {
  const isCrypto =
    ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text === 'node:crypto';
  const clause = node.importClause;
  if (!isCrypto || clause === undefined) return [];
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || ts.isNamespaceImport(bindings)) {
    return [
      findingAt(node, 'node:crypto is imported name by name, so that this check can read it'),
    ];
  }
  return bindings.elements
    .map((element) => (element.propertyName ?? element.name).text)
    .filter((name) => RANDOM_EXPORTS.test(name))
    .map((name) => findingAt(node, `${name} of node:crypto: ${CHANCE}`));
}

/**
 * Variables of the module itself, and containers that start empty and so can only be filled later.
 */
function moduleState(source: ts.SourceFile): string[] {
  return source.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const { flags, declarations } = statement.declarationList;
    if ((flags & ts.NodeFlags.Const) === 0) {
      return [findingAt(statement, 'a module keeps no variable: state belongs to a value')];
    }
    return declarations
      .filter(({ initializer, type }) => {
        const isReadonly = type !== undefined && /^readonly/i.test(type.getText());
        return !isReadonly && initializer !== undefined && isEmptyContainer(initializer);
      })
      .map((declaration) => findingAt(declaration, 'a module keeps no container to fill later'));
  });
}

function isEmptyContainer(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  return (
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    /^(Weak)?(Map|Set)$/.test(node.expression.text) &&
    (node.arguments ?? []).length === 0
  );
}
