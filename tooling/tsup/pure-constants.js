import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Marks what modules compute for their constants as free of side effects, which our manifests say of
 * whole modules. A build puts many modules into one file, and bundlers would else keep the constants
 * of all of them for whoever imports one function.
 *
 * @returns {NonNullable<import('tsup').Options['esbuildPlugins']>[number]}
 */
export function pureConstants() {
  return {
    name: 'sema-pure-constants',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
        contents: withPureConstants(readFileSync(path, 'utf8')),
        loader: 'ts',
      }));
    },
  };
}

/**
 * The same module, with the value of each constant, unless it is plainly one, computed by a function
 * that is marked as pure and called at once. No line moves.
 *
 * @param {string} code - TypeScript
 */
export function withPureConstants(code) {
  const source = ts.createSourceFile('module.ts', code, ts.ScriptTarget.Latest, true);
  const edits = source.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(editsOfConstant);
    }
    return ts.isClassDeclaration(statement) ? editsOfClass(statement) : [];
  });
  let result = code;
  for (const { start, end, text } of edits.reverse()) {
    result = result.slice(0, start) + text + result.slice(end);
  }
  return result;
}

/**
 * @typedef {{ start: number, end: number, text: string }} Edit
 * @param {ts.VariableDeclaration} declaration
 * @returns {Edit[]}
 */
function editsOfConstant({ name, initializer }) {
  if (initializer === undefined || (ts.isIdentifier(name) && isPlain(initializer))) return [];
  const end = initializer.getEnd();
  return ts.isIdentifier(name)
    ? [{ start: initializer.getStart(), end, text: pure(initializer.getText()) }]
    : [{ start: name.getStart(), end, text: parts(name, initializer) }];
}

/**
 * A class with a member whose name is computed, such as `[inspect.custom]`, becomes a constant; the
 * symbols that the language itself knows are known to bundlers too.
 *
 * @param {ts.ClassDeclaration} declaration
 * @returns {Edit[]}
 */
function editsOfClass(declaration) {
  const isComputed = declaration.members.some(
    ({ name }) =>
      name !== undefined &&
      ts.isComputedPropertyName(name) &&
      !name.expression.getText().startsWith('Symbol.'),
  );
  const keyword = declaration.getChildren().find(({ kind }) => kind === ts.SyntaxKind.ClassKeyword);
  if (!isComputed || keyword === undefined || declaration.name === undefined) return [];
  const [start, end] = [keyword.getStart(), declaration.getEnd()];
  const text = `const ${declaration.name.text} = ${pure(declaration.getText().slice(start - declaration.getStart()))};`;
  return [{ start, end, text }];
}

/** @param {string} value */
const pure = (value) => `/* @__PURE__ */ (() => (${value}))()`;

/**
 * `{ a, b: c } = value` as `a = value.a, c = value.b`, and `[d, e] = [1, 2]` as `d = 1, e = 2`:
 * taking a value apart counts as an effect.
 *
 * @param {ts.BindingPattern} pattern
 * @param {ts.Expression} value
 */
function parts(pattern, value) {
  return pattern.elements
    .map((element, index) => {
      const part = partOf(value, element, index);
      if (part === undefined || !ts.isBindingElement(element) || !ts.isIdentifier(element.name)) {
        throw new Error(`name the parts of this constant one by one: ${pattern.getText()}`);
      }
      return `${element.name.text} = ${pure(part)}`;
    })
    .join(', ');
}

/**
 * @param {ts.Expression} value
 * @param {ts.ArrayBindingElement} element
 * @param {number} index
 * @returns {string | undefined} nothing for a rest, a default, or parts of what only runs once
 */
function partOf(value, element, index) {
  if (!ts.isBindingElement(element) || element.dotDotDotToken || element.initializer) {
    return undefined;
  }
  if (ts.isArrayBindingPattern(element.parent)) {
    return ts.isArrayLiteralExpression(value) ? value.elements[index]?.getText() : undefined;
  }
  if (!ts.isIdentifier(value)) return undefined;
  return `${value.text}.${(element.propertyName ?? element.name).getText()}`;
}

/**
 * Whether every bundler sees that this has no effect.
 *
 * @param {ts.Expression} value
 * @returns {boolean}
 */
function isPlain(value) {
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.every(
      (property) =>
        ts.isShorthandPropertyAssignment(property) ||
        (ts.isPropertyAssignment(property) &&
          !ts.isComputedPropertyName(property.name) &&
          isPlain(property.initializer)),
    );
  }
  if (ts.isArrayLiteralExpression(value)) return value.elements.every(isPlain);
  if (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) return isPlain(value.expression);
  if (ts.isPrefixUnaryExpression(value)) return ts.isNumericLiteral(value.operand);
  return (
    ts.isLiteralExpression(value) ||
    ts.isIdentifier(value) ||
    ts.isArrowFunction(value) ||
    value.kind === ts.SyntaxKind.TrueKeyword ||
    value.kind === ts.SyntaxKind.FalseKeyword ||
    value.kind === ts.SyntaxKind.NullKeyword
  );
}
