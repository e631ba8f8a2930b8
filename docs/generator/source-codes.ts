import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A code that a caller may switch on, and a message that comes with it. */
export interface ErrorCode {
  readonly code: string;
  /** The first message in the sources, `…` for its values; undefined where it is put together. */
  readonly message: string | undefined;
}

/** The codes of the type `typeName` in `file`, in their order, with messages from `sources`. */
export function errorCodes(file: string, typeName: string, sources: string): ErrorCode[] {
  const codes = unionMembers(parse(file), typeName);
  const messages = messagesBelow(sources, new Set(codes));
  return codes.map((code) => ({ code, message: messages.get(code) }));
}

/** The names and numbers of an object literal of numbers, such as exit codes. */
export function numbersOf(file: string, constant: string): Map<string, number> {
  const numbers = new Map<string, number>();
  visit(parse(file), (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== constant) return;
    visit(node, (inner) => {
      if (!ts.isPropertyAssignment(inner)) return;
      numbers.set(inner.name.getText(), Number(inner.initializer.getText()));
    });
  });
  return numbers;
}

/** The keys of an object literal of `[status, title]`, such as the problems of the service. */
export function problemsOf(file: string, constant: string): [code: string, ...cells: string[]][] {
  const problems: [string, ...string[]][] = [];
  visit(parse(file), (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== constant) return;
    visit(node, (inner) => {
      if (!ts.isPropertyAssignment(inner) || !ts.isArrayLiteralExpression(inner.initializer)) {
        return;
      }
      const cells = inner.initializer.elements.map((cell) => textOf(cell) ?? cell.getText());
      problems.push([inner.name.getText(), ...cells]);
    });
  });
  return problems;
}

/** Reasons that a type's comment lists as `- \`CODE\`: words.`. */
export function documentedReasons(file: string, typeName: string): [code: string, says: string][] {
  const reasons: [string, string][] = [];
  visit(parse(file), (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== typeName) return;
    const comment = node.getFullText().replace(/^\s*\* ?/gm, '');
    for (const [, code, says] of comment.matchAll(/^- `(\w+)`: (.*(?:\n {2}.*)*)$/gm)) {
      reasons.push([code, says.replace(/\s+/g, ' ')]);
    }
  });
  return reasons;
}

function parse(path: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => {
    visit(child, see);
  });
}

function unionMembers(source: ts.SourceFile, typeName: string): string[] {
  const members: string[] = [];
  visit(source, (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== typeName) return;
    visit(node.type, (inner) => {
      if (ts.isStringLiteral(inner)) members.push(inner.text);
    });
  });
  if (members.length === 0) throw new Error(`${source.fileName} has no codes of ${typeName}`);
  return members;
}

/** The first message that follows each code as the next argument of a call. */
function messagesBelow(folder: string, codes: ReadonlySet<string>): Map<string, string> {
  const messages = new Map<string, string>();
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  for (const name of files.filter((file) => file.endsWith('.ts')).sort()) {
    visit(parse(`${folder}/${name.replaceAll('\\', '/')}`), (node) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const given = node.arguments ?? [];
      given.forEach((argument, index) => {
        if (!ts.isStringLiteral(argument) || !codes.has(argument.text)) return;
        const message = index + 1 < given.length ? textOf(given[index + 1]) : undefined;
        if (message !== undefined && !messages.has(argument.text)) {
          messages.set(argument.text, message);
        }
      });
    });
  }
  return messages;
}

/** What a literal or template says, with `…` where it puts a value. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(({ literal }) => `…${literal.text}`);
  return `${node.head.text}${spans.join('')}`;
}
