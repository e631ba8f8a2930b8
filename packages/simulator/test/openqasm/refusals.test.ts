import { expect, test } from 'vitest';
import { SimulatorError } from '@sema/simulator';
import { OpenQasmError, readOpenQasm } from '@sema/simulator/openqasm';

const HEADER = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';

function refusal(text: string, include?: (file: string) => string | undefined): OpenQasmError {
  try {
    readOpenQasm(text, include === undefined ? { file: 'a.qasm' } : { file: 'a.qasm', include });
  } catch (error) {
    if (error instanceof OpenQasmError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text.slice(0, 100)}`);
}

test('a refusal names file, line, column, what was expected and what was found', () => {
  const error = refusal('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2]\ncx q[0],q[1];');
  expect(error).toBeInstanceOf(SimulatorError);
  expect(error).toMatchObject({
    code: 'OPENQASM_SYNTAX',
    file: 'a.qasm',
    line: 4,
    column: 1,
    expected: "';'",
    message: "a.qasm:4:1: expected ';', found 'cx'",
  });
});

/** Program after the header, line and column of the error counted from there, what it says. */
const WRONG: readonly (readonly [string, string, number, number, string])[] = [
  ['qreg q[2];\nfoo q[0];', 'MEANING', 2, 1, 'a gate defined before'],
  ['qreg q[2];\nx r[0];', 'MEANING', 2, 3, 'a register declared before'],
  ['qreg q[2];\nx q[2];', 'MEANING', 2, 3, "an index of 'q' below 2"],
  ['qreg q[2];\nqreg q[3];', 'MEANING', 2, 1, 'a new name'],
  ['qreg q[2];\ncx q[0],q[0];', 'MEANING', 2, 1, 'what a circuit can hold'],
  ['qreg q[2];\ncx q[0];', 'MEANING', 2, 1, '2 qubits of cx'],
  ['qreg q[2];\nrx q[0];', 'MEANING', 2, 1, '1 angles of rx'],
  ['qreg q[2];\nrx(1,2) q[0];', 'MEANING', 2, 1, '1 angles of rx'],
  ['qreg q[2];\nrx(1/0) q[0];', 'MEANING', 2, 5, 'a finite value'],
  ['qreg q[2];\nrx(sqrt(-1)) q[0];', 'MEANING', 2, 4, 'a finite value'],
  ['qreg q[2];\nrx(alpha) q[0];', 'MEANING', 2, 4, 'the name of a value'],
  ['qreg q[2];\nrx(sinh(1)) q[0];', 'MEANING', 2, 4, 'the name of a function'],
  ['qreg q[2]; qreg r[3];\ncx q,r;', 'MEANING', 2, 1, 'registers of one size'],
  ['qreg q[2]; creg c[3];\nmeasure q -> c;', 'MEANING', 2, 1, '2 bits to measure into'],
  ['qreg q[2];\nmeasure q[0] -> q[1];', 'MEANING', 2, 17, 'a register of bits'],
  ['qreg q[0];', 'MEANING', 1, 1, 'a register of at least one'],
  ['gate a b { a b; }', 'MEANING', 1, 12, 'a gate defined before'],
  ['gate f a { g a; }\ngate g a { f a; }', 'MEANING', 1, 12, 'a gate defined before'],
  ['gate f a { x b; }', 'MEANING', 1, 14, 'a qubit of the gate'],
  ['gate f a,b { cx a,a; }', 'MEANING', 1, 19, 'distinct qubits'],
  ['gate f a,a { }', 'MEANING', 1, 1, 'distinct names'],
  ['gate f a { rx(1) a,a; }', 'MEANING', 1, 20, 'distinct qubits'],
  ['gate f a { cx a; }', 'MEANING', 1, 12, '2 qubits of cx'],
  ['gate f a { x a[0]; }', 'MEANING', 1, 14, 'a qubit of the gate'],
  ['gate f a { rx(b) a; }', 'MEANING', 1, 15, 'the name of a value'],
  ['gate f(b) a { rx(2*sinh(b)) a; }', 'MEANING', 1, 20, 'the name of a function'],
  ['gate h a { }', 'MEANING', 1, 1, 'a new name'],
  ['include "other.inc";', 'MEANING', 1, 1, 'a file that can be included'],
  ['qreg q[2]; creg c[2];\nif(c==1) barrier q;', 'SYNTAX', 2, 10, "a gate, 'measure' or 'reset'"],
  ['qreg q[2]; creg c[2];\nif(c=1) x q;', 'SYNTAX', 2, 5, "'=='"],
  ['qreg q[2]; creg c[2];\nif(c==x) x q;', 'SYNTAX', 2, 7, 'an integer'],
  ['qreg q[2];\nrx(1+) q[0];', 'SYNTAX', 2, 6, 'an expression'],
  ['qreg q[2];\nx q[0', 'SYNTAX', 2, 6, "']'"],
  ['qreg q[-1];', 'SYNTAX', 1, 8, 'an integer'],
  ['qreg q;', 'SYNTAX', 1, 7, "'['"],
  ['qreg q[2]; x q[0]; ¢', 'SYNTAX', 1, 20, 'a token'],
  ['/* never closed', 'SYNTAX', 1, 1, "'*/' at the end of the comment"],
  ['qreg q[2];\nmeasure q[0];', 'SYNTAX', 2, 13, "'->'"],
  ['qreg 2q[2];', 'SYNTAX', 1, 6, 'a name'],
  ['h', 'SYNTAX', 1, 2, 'the name of a register'],
];

test.each(WRONG)('%j is refused', (program, code, line, column, expected) => {
  const error = refusal(`${HEADER}${program}`);
  expect(error.message).toContain(expected);
  expect(error).toMatchObject({ code: `OPENQASM_${code}`, line: line + 2, column, expected });
});

test('an error in an included file is placed there', () => {
  const error = refusal(`${HEADER}include "b.inc";`, () => '\n  gate f a { nothing a; }');
  expect(error).toMatchObject({ file: 'b.inc', line: 2, column: 14 });
});

test('other versions are refused', () => {
  expect(refusal('OPENQASM 4.0;').code).toBe('OPENQASM_UNSUPPORTED');
  expect(refusal('OPENQASM;').code).toBe('OPENQASM_SYNTAX');
});

test('version 3 is bounded too', () => {
  const q = 'OPENQASM 3.0; include "stdgates.inc"; qubit q; bit c;';
  expect(refusal(`${q} for int i in [0:1000000000] { }`).code).toBe('OPENQASM_LIMIT');
  expect(refusal(`${q} pow(1e300) @ x q;`).code).toBe('OPENQASM_LIMIT');
  expect(refusal(`${q} ctrl(1000000000) @ x q;`).code).toBe('OPENQASM_LIMIT');
  expect(refusal(`${q} ${'if (c) '.repeat(1e5)} x q;`).code).toBe('OPENQASM_LIMIT');
  expect(refusal(`${q} ${'{'.repeat(1e5)}`).code).toBe('OPENQASM_SYNTAX');
});

/** Short and long programs that would take time or memory without end. */
const HOSTILE: readonly (readonly [string, () => string, string])[] = [
  ['deep brackets', () => `qreg q[1]; rx(${'('.repeat(1e5)}1${')'.repeat(1e5)}) q[0];`, 'nesting'],
  ['deep signs', () => `qreg q[1]; rx(${'-'.repeat(1e5)}1) q[0];`, 'nesting'],
  ['deep powers', () => `qreg q[1]; rx(${'2^'.repeat(400)}1) q[0];`, 'nesting'],
  ['deep calls', () => `qreg q[1]; rx(${'sin('.repeat(1e5)}`, 'nesting'],
  ['a long sum', () => `qreg q[1]; rx(${'1+'.repeat(1e5)}1) q[0];`, 'operators'],
  ['a huge register', () => 'qreg q[1000000000];', 'qubits'],
  [
    'many registers',
    () => Array.from({ length: 1e4 }, (_, k) => `qreg q${k}[20];`).join(''),
    'qubits',
  ],
  ['a register beyond integers', () => 'qreg q[99999999999999999999];', '2^53'],
  ['a huge bit register', () => 'creg c[9007199254740991];', 'bits'],
  ['a line of 10 MB', () => ' '.repeat(1e7), 'characters in a line'],
  ['a comment of 10 MB', () => `//${'x'.repeat(1e7)}`, 'characters in a line'],
  ['a program of 20 MB', () => 'x\n'.repeat(1e7), 'characters'],
  ['a number beyond doubles', () => 'qreg q[1]; rx(1e999) q[0];', 'double'],
  ['a chain of definitions', () => chain(), 'inside one another'],
  [
    'a gate of many qubits',
    () => `gate g ${Array.from({ length: 1e5 }, (_, k) => `a${k}`).join()} { }`,
    'arguments',
  ],
];

function chain(): string {
  let text = 'gate g0 a { }\n';
  for (let k = 1; k < 10_000; k++) text += `gate g${k} a { g${k - 1} a; }\n`;
  return `${text}qreg q[1]; g9999 q[0];`;
}

test.each(HOSTILE)('%s is refused by a stated limit', (_, program, limit) => {
  const error = refusal(`${HEADER}${program()}`);
  expect(error.message.slice(0, 300)).toContain(limit);
  expect(error.code).toBe('OPENQASM_LIMIT');
  expect(error.message.length).toBeLessThan(300);
});

test('a file that includes itself is refused', () => {
  const text = 'include "self.inc";';
  expect(refusal(`${HEADER}${text}`, () => text)).toMatchObject({ code: 'OPENQASM_LIMIT' });
});

test('no prefix of a program and no damaged program escapes with another error', () => {
  const text = `${HEADER}qreg q[3]; creg c[2]; gate g(a,b) x,y { cu3(a,b,-a^2) x,y; barrier x; }
    g(pi/2, sin(0.3)) q[0],q[2]; if(c==2) measure q -> c; measure q[1] -> c[0]; reset q;`;
  const attempt = (program: string) => {
    try {
      readOpenQasm(program);
    } catch (error) {
      expect(error).toBeInstanceOf(OpenQasmError);
    }
  };
  for (let end = 0; end <= text.length; end++) {
    attempt(text.slice(0, end));
    attempt(text.slice(0, end) + text.slice(end + 1));
    attempt(`${text.slice(0, end)}(${text.slice(end)}`);
    attempt(`OPENQASM 3.0;${text.slice(13, end)}@[:{${text.slice(end)}`);
  }
});
