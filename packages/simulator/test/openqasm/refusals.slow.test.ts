import { expect, test } from 'vitest';
import { OpenQasmError, readOpenQasm } from '@sema/simulator/openqasm';

/** Each gate calls the one before twice. */
function doubling(body: string): string {
  let text = `gate g0 a { ${body} }\n`;
  for (let k = 1; k < 60; k++) text += `gate g${k} a { g${k - 1} a; g${k - 1} a; }\n`;
  return `${text}qreg q[1]; g59 q[0];`;
}

/** Programs that a limit stops only after millions of steps. */
const HOSTILE: readonly (readonly [string, () => string, string])[] = [
  ['five million tokens', () => `${';;;;;;;;;;;;;;;;\n'.repeat(3e5)}`, 'tokens'],
  ['gates that double', () => doubling('h a;'), 'steps'],
  ['empty gates that double', () => doubling(''), 'steps'],
  ['loops in loops', () => loops(), 'steps'],
  ['a high power', () => 'OPENQASM 3.0; qubit q; pow(2000000) @ U(1,2,3) q;', 'operations'],
];

function loops(): string {
  return `OPENQASM 3.0; ${'for int i in [0:1000] { '.repeat(4)}${'}'.repeat(4)}`;
}

test.each(HOSTILE)('%s is refused by a stated limit', (_, program, limit) => {
  const text = program();
  const header = text.startsWith('OPENQASM') ? '' : 'OPENQASM 2.0; include "qelib1.inc";';
  const read = () => readOpenQasm(header + text);
  expect(read).toThrow(OpenQasmError);
  expect(read).toThrow(limit);
});
