import ts from 'typescript';
import { findingAt, nodesOf, parse, type TextFile } from './syntax.ts';

/** What IEEE 754 or ECMAScript defines to the last bit, so that every engine agrees. */
const EXACT_MEMBERS = new Set([
  'E',
  'LN10',
  'LN2',
  'LOG10E',
  'LOG2E',
  'PI',
  'SQRT1_2',
  'SQRT2',
  'abs',
  'ceil',
  'clz32',
  'floor',
  'fround',
  'imul',
  'max',
  'min',
  'round',
  'sign',
  'sqrt',
  'trunc',
]);

const ADVICE = 'engines differ in its last bits: use @sema/simulator/elementary';

/** Whether a file keeps to arithmetic that gives the same bits on every machine. */
export function checkArithmetic(file: TextFile): string[] {
  return nodesOf(parse(file)).flatMap((node) => {
    if (
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'Math' &&
      !EXACT_MEMBERS.has(node.name.text)
    ) {
      return [findingAt(node, `Math.${node.name.text}: ${ADVICE}`)];
    }
    const isPower =
      node.kind === ts.SyntaxKind.AsteriskAsteriskToken ||
      node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
    return isPower ? [findingAt(node, `**: ${ADVICE}`)] : [];
  });
}
